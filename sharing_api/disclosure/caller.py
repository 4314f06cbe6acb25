"""Station 1: who asks. Access tokens are read once and remembered until they expire."""

from typing import Protocol

from joserfc.jwk import OKPKey

from sharing_api import errors
from sharing_api.agreements import credentials
from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.registry import Rights

_REMEMBERED = 10_000


class HasRights(Protocol):
    """Gives the rights that hold now."""

    @property
    def rights(self) -> Rights:
        """The rights that hold now."""


class CallerStation:
    """Recognises callers by their access token; a suspended client is refused at once."""

    def __init__(self, registry: HasRights, *, issuer: str, key: OKPKey) -> None:
        self._registry = registry
        self._issuer = issuer
        self._key = key
        self._known: dict[str, Caller] = {}

    def recognise(self, authorization: str, now: int) -> Caller:
        """Give the caller that an Authorization header shows.

        Raises:
            Unauthenticated: no token, a foreign or expired one, or a client no longer active.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise errors.Unauthenticated("Send an access token: Authorization: Bearer …")
        caller = self._known.get(token)
        if caller is None:
            caller = credentials.read_token(token, issuer=self._issuer, key=self._key, now=now)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[token] = caller
        if caller.expires_at <= now:
            self._known.pop(token, None)
            raise errors.Unauthenticated("The access token has expired; get a new one.")
        row = self._registry.rights.clients.get(caller.client)
        if row is None or row["agency_code"] != caller.agency:
            raise errors.Unauthenticated("The client is not active any more.")
        return caller
