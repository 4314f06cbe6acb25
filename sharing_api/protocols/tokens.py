"""The token endpoint: client credentials with private_key_jwt (RFC 6749 section 4.4, RFC 7523)."""

import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from databases.errors import RegisterError
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.agreements import credentials, repository
from sharing_api.disclosure.caller import HasRights
from sharing_api.keys import ExchangeKeys
from sharing_api.protocols import answers, openapi
from sharing_api.protocols.exchange import read_body
from sharing_api.settings import ExchangeSettings

PATH = "/v1/token"
_FORM = "application/x-www-form-urlencoded"


class TokenEndpoint:
    """Exchanges client assertions for access tokens; an assertion works once."""

    def __init__(
        self,
        settings: ExchangeSettings,
        keys: ExchangeKeys,
        registry: HasRights,
        databases: Databases,
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._registry = registry
        self._databases = databases

    async def issue(self, http: Request) -> Response:
        """Answer a token request; errors have the form of RFC 6749 section 5.2."""
        try:
            form = _read_form(http.headers.get("content-type", ""), await read_body(http))
            token = await answers.in_time(lambda: self._issue(form))
        except errors.Unauthenticated as error:
            return _problem(401, "invalid_client", error.message)
        except errors.Malformed as error:
            return _problem(400, error.code.rpartition(".")[2], error.message)
        except errors.TooLarge as error:
            return _problem(413, "invalid_request", error.message)
        except (RegisterError, SQLAlchemyError, TimeoutError):
            return _problem(503, "temporarily_unavailable", "Tokens cannot be issued now.")
        return _json(
            200,
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": self._settings.token_seconds,
            },
        )

    def _issue(self, form: dict[str, str]) -> str:
        if form.get("grant_type") != "client_credentials":
            raise UnsupportedGrant("The grant type must be client_credentials.")
        if form.get("client_assertion_type") != credentials.ASSERTION_TYPE:
            raise InvalidRequest(f"client_assertion_type must be {credentials.ASSERTION_TYPE}.")
        now = int(time.time())
        clients = self._registry.rights.clients
        issuer = self._settings.issuer
        assertion = credentials.read_assertion(
            form.get("client_assertion", ""), clients, frozenset({issuer, issuer + PATH}), now
        )
        if form.get("client_id", assertion.client_id) != assertion.client_id:
            raise errors.Unauthenticated("client_id and assertion name different clients.")
        with self._databases.writing("exchange") as session:
            moment = datetime.fromtimestamp(now, UTC)
            repository.forget_expired_assertions(session, now=moment)
            if not repository.use_assertion(
                session,
                client_id=assertion.client_id,
                assertion_id=assertion.assertion_id,
                expires_at=assertion.expires_at,
            ):
                raise errors.Unauthenticated("The assertion was used before (jti).")
        return credentials.issue_token(
            assertion,
            clients[assertion.client_id]["agency_code"],
            issuer=issuer,
            key=self._keys.token,
            now=now,
            seconds=self._settings.token_seconds,
        )


class InvalidRequest(errors.Malformed):
    """A token request without what it needs."""

    code = "exchange.invalid_request"


class UnsupportedGrant(errors.Malformed):
    """A grant type that is not offered."""

    code = "exchange.unsupported_grant_type"


def _read_form(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise InvalidRequest(f"Send the token request as {_FORM}.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (UnicodeDecodeError, ValueError) as error:
        raise InvalidRequest("The form cannot be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise InvalidRequest("A parameter stands twice in the form.")
    return form


def _problem(status: int, code: str, description: str) -> Response:
    return _json(status, {"error": code, "error_description": description})


def _json(status: int, members: dict[str, Any]) -> Response:
    return Response(
        orjson.dumps(members),
        status,
        {"Cache-Control": "no-store", "Pragma": "no-cache"},
        "application/json",
    )


def router(endpoint: TokenEndpoint) -> APIRouter:
    """Make the route."""
    api = APIRouter()

    async def issue(http: Request) -> Response:
        return await endpoint.issue(http)

    api.add_api_route(
        PATH,
        issue,
        methods=["POST"],
        summary="Get an access token with a signed client assertion",
        description="OAuth 2.0 client credentials, private_key_jwt. An assertion works once.",
        operation_id="issue_token",
        tags=["access"],
        response_model=None,
        responses={
            **openapi.found({"type": "object", "properties": _ANSWER}),
            **{status: {"description": text, **_FAILURE} for status, text in _FAILURES.items()},
        },
        openapi_extra={
            "security": [],
            "requestBody": {"required": True, "content": {_FORM: {"schema": _REQUEST}}},
        },
    )
    return api


_ANSWER = {"access_token": {"type": "string"}, "token_type": {"type": "string"}}
_FAILURE = {"content": {"application/json": {"schema": {"type": "object"}}}}
_FAILURES = {
    400: "the request lacks something",
    401: "the client is not recognised",
    413: "the request is too large",
    503: "tokens cannot be issued now",
}
_REQUEST = {
    "type": "object",
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_assertion_type": {"const": credentials.ASSERTION_TYPE},
        "client_assertion": {"type": "string", "maxLength": 8192},
        "client_id": {"type": "string", "maxLength": 200},
    },
    "required": ["grant_type", "client_assertion_type", "client_assertion"],
}
