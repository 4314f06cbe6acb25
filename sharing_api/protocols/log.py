"""The log as everybody may check it: keys, checkpoints, inclusion and consistency proofs."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.exc import SQLAlchemyError

from databases.errors import RegisterError
from databases.journal import errors as journal_errors
from databases.journal import store
from databases.sessions import Databases
from sharing_api import errors, tables
from sharing_api.access_log import verification
from sharing_api.keys import ExchangeKeys, to_jwk
from sharing_api.protocols import openapi
from sharing_api.protocols.exchange import refuse
from sharing_api.settings import ExchangeSettings

_MAX_SIZE = 2**53 - 1
_OPEN: dict[str, Any] = {"openapi_extra": {"security": []}, "response_model": None}


def _document(members: dict[str, Any]) -> Response:
    return Response(orjson.dumps(members), 200, media_type="application/json")


def published_keys(keys: ExchangeKeys, settings: ExchangeSettings) -> dict[str, Any]:
    """Give the public keys: a JWK set, and the log's verifier key (C2SP signed note)."""
    jwks = []
    for use, key in (("receipt", to_jwk(keys.receipt)), ("token", keys.token)):
        jwk = dict(key.as_dict(private=False))
        jwks.append({**jwk, "kid": key.thumbprint(), "use": "sig", "key_ops": ["verify"]})
        jwks[-1]["x-purpose"] = use
    verifier = keys.log_signer(settings.log_name).verifier
    return {"keys": jwks, "log_keys": [verifier.key_string()]}


class LogEndpoints:
    """Answers about the log; they say nothing of any entry but its hash and its place."""

    def __init__(
        self, databases: Databases, keys: ExchangeKeys, settings: ExchangeSettings
    ) -> None:
        self._databases = databases
        self._keys = published_keys(keys, settings)

    def get_keys(self) -> Response:
        """Give the public keys of the exchange."""
        return _document(self._keys)

    def get_checkpoint(self) -> Response:
        """Give the newest signed checkpoint as a signed note."""
        with self._databases.reading("exchange") as session:
            checkpoint = store.find_latest_checkpoint(session, journal=tables.journal)
        if checkpoint is None:
            raise journal_errors.EntryNotInLog("The log has no checkpoint yet.")
        return Response(checkpoint.note, 200, media_type="text/plain; charset=utf-8")

    def get_entry_proof(self, entry_id: uuid.UUID) -> Response:
        """Prove that an entry stands under the newest checkpoint."""
        with self._databases.reading("exchange") as session:
            proof = store.get_entry_proof(session, journal=tables.journal, entry_id=entry_id)
        return _document(proof.document())

    def get_answer_proof(self, answer_id: uuid.UUID) -> Response:
        """Prove all entries of one answer, in order; a batch has one for each subject."""
        with self._databases.reading("exchange") as session:
            return _document(verification.answer_document(session, answer_id))

    def get_consistency(self, old: int, new: int) -> Response:
        """Prove that the log of a later checkpoint continues that of an earlier one."""
        with self._databases.reading("exchange") as session:
            return _document(verification.consistency_document(session, old, new))


def guarded(answer: Any) -> Response:
    """Turn refusals and an unreachable database into problem documents."""
    now = datetime.now(UTC)  # noqa: TID251  the edge: a reference for the caller
    try:
        response: Response = answer()
    except RegisterError as error:
        return refuse(error, now)
    except SQLAlchemyError:
        return refuse(errors.LogUnavailable("The log cannot be read now."), now)
    return response


EntryId = Annotated[uuid.UUID, Path(description="id of an entry, as in its receipt")]
Size = Annotated[int, Query(ge=0, le=_MAX_SIZE, description="number of leaves")]


def router(endpoints: LogEndpoints) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/v1", tags=["evidence"])
    problems: openapi.Responses = {status: openapi.problem(status) for status in (404, 422, 503)}
    found: openapi.Responses = {
        200: {"content": {"application/json": {"schema": {"type": "object"}}}}
    }

    @api.get("/keys", summary="Public keys of the exchange and its log", responses=found, **_OPEN)
    def get_keys() -> Response:
        """Public keys: JWK set, and the verifier key of the log (C2SP signed note)."""
        return endpoints.get_keys()

    @api.get(
        "/log/checkpoint",
        summary="The newest signed checkpoint",
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems},
        **_OPEN,
    )
    def get_checkpoint() -> Response:
        """The newest checkpoint as a signed note (C2SP tlog-checkpoint)."""
        return guarded(endpoints.get_checkpoint)

    @api.get(
        "/log/entries/{entry_id}/proof",
        summary="Proof that an entry stands in the log",
        responses={**found, **problems},
        **_OPEN,
    )
    def get_entry_proof(entry_id: EntryId) -> Response:
        """Inclusion proof of one entry under the newest checkpoint (RFC 9162 section 2.1.3)."""
        return guarded(lambda: endpoints.get_entry_proof(entry_id))

    @api.get(
        "/log/answers/{answer_id}/proof",
        summary="Proof that every entry of an answer stands in the log",
        responses={**found, **problems},
        **_OPEN,
    )
    def get_answer_proof(answer_id: EntryId) -> Response:
        """Inclusion proofs of all entries of one answer, in order; a batch has one a subject."""
        return guarded(lambda: endpoints.get_answer_proof(answer_id))

    @api.get(
        "/log/consistency",
        summary="Proof that the log only grew",
        responses={**found, **problems},
        **_OPEN,
    )
    def get_consistency(old: Size, new: Size) -> Response:
        """Proof that the later tree continues the earlier one (RFC 9162 section 2.1.4)."""
        return guarded(lambda: endpoints.get_consistency(old, new))

    return api
