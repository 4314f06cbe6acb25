"""The log as everybody may check it: keys, checkpoints, inclusion and consistency proofs."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from databases.journal import errors as journal_errors
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log import proofs
from sharing_api.access_log.witnesses import service
from sharing_api.keys import ExchangeKeys, to_jwk, write_periods
from sharing_api.protocols import answers, exchange, openapi
from sharing_api.settings import ExchangeSettings

_NOTE = "text/plain; charset=utf-8"
_MAX_SIZE = 2**53 - 1
AnswerId = Annotated[uuid.UUID, Path(description="id of its first entry, as in the receipt")]
EntryId = Annotated[uuid.UUID, Path(description="id of an entry, as in its receipt")]
Witnesses = Annotated[
    int, Query(ge=0, le=16, description="how many witnesses must have cosigned the checkpoint")
]
Size = Annotated[int, Query(ge=0, le=_MAX_SIZE, description="number of entries in the log")]


def published_keys(keys: ExchangeKeys, settings: ExchangeSettings) -> dict[str, Any]:
    """Give the public keys: a JWK set, and the log's verifier key (C2SP signed note)."""
    jwks = [
        {
            **key.as_dict(private=False),
            "kid": key.thumbprint(),
            "use": "sig",
            "key_ops": ["verify"],
            "x-purpose": purpose,
        }
        for purpose, key in (("receipt", to_jwk(keys.receipt)), ("token", keys.token))
    ]
    periods = keys.log_keys(settings.log_name)
    published: dict[str, Any] = {
        "keys": jwks,
        "log_keys": [one.verifier.key_string() for one in periods],
    }
    if len(periods) > 1:
        published["log_key_periods"] = write_periods(periods)
    return published


class LogEndpoints:
    """Answers about the log; they say nothing of any entry but its hash and its place."""

    def __init__(
        self, databases: Databases, keys: ExchangeKeys, settings: ExchangeSettings
    ) -> None:
        self._databases = databases
        self._keys = published_keys(keys, settings)

    async def get_keys(self) -> Response:
        """Public keys: JWK set, and the verifier key of the log (C2SP signed note)."""
        return answers.document(self._keys)

    async def get_checkpoint(self, witnesses: Witnesses = 0) -> Response:
        """The newest checkpoint as a signed note (C2SP tlog-checkpoint), with its cosignatures."""
        note = await self._read(lambda session: service.get_checkpoint(session, witnesses).note)
        return Response(note, 200, media_type=_NOTE)

    async def get_entry_proof(self, entry_id: EntryId, witnesses: Witnesses = 0) -> Response:
        """Inclusion proof of one entry under the newest checkpoint (RFC 9162 section 2.1.3)."""
        return await self._prove(
            lambda session: proofs.entry_document(session, entry_id, witnesses)
        )

    async def get_answer_proof(self, answer_id: AnswerId, witnesses: Witnesses = 0) -> Response:
        """Inclusion proofs of all entries of one answer, in order; a batch has one a subject."""
        return await self._prove(
            lambda session: proofs.answer_document(session, answer_id, witnesses)
        )

    async def take_cosignature(self, http: Request) -> Response:
        """A checkpoint with the line of a registered witness (C2SP tlog-cosignature)."""
        try:
            text = (await exchange.read_body(http)).decode()
        except UnicodeDecodeError as error:
            raise journal_errors.MalformedNote("A note is valid UTF-8.") from error

        def work() -> int:
            with self._databases.writing("exchange") as session:
                return service.take(session, text)

        try:
            size = await answers.in_time(work)
        except (SQLAlchemyError, TimeoutError) as error:
            raise errors.LogUnavailable("The cosignature cannot be kept now.") from error
        return answers.document({"tree_size": size})

    async def get_consistency(self, old: Size, new: Size) -> Response:
        """Proof that the later tree continues the earlier one (RFC 9162 section 2.1.4)."""
        return await self._prove(lambda session: proofs.consistency_document(session, old, new))

    async def _prove(self, read: Callable[[Session], dict[str, Any]]) -> Response:
        return answers.document(await self._read(read))

    async def _read(self, read: Callable[[Session], answers.Result]) -> answers.Result:
        def work() -> answers.Result:
            with self._databases.reading("exchange") as session:
                return read(session)

        try:
            return await answers.in_time(work)
        except (SQLAlchemyError, TimeoutError) as error:
            raise errors.LogUnavailable("The log cannot be read now.") from error


def router(endpoints: LogEndpoints) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/v1", tags=["evidence"])
    document = openapi.found({"type": "object"})
    note = openapi.found({"type": "string"}, "text/plain")
    problems = openapi.problems(404, 422, 503)
    for path, endpoint, summary, responses in (
        ("/keys", endpoints.get_keys, "Public keys of the exchange and its log", document),
        (
            "/log/checkpoint",
            endpoints.get_checkpoint,
            "The newest signed checkpoint",
            {**note, **problems},
        ),
        (
            "/log/entries/{entry_id}/proof",
            endpoints.get_entry_proof,
            "Proof that an entry stands in the log",
            {**document, **problems},
        ),
        (
            "/log/answers/{answer_id}/proof",
            endpoints.get_answer_proof,
            "Proof that every entry of an answer stands in the log",
            {**document, **problems},
        ),
        (
            "/log/consistency",
            endpoints.get_consistency,
            "Proof that the log only grew",
            {**document, **problems},
        ),
    ):
        api.add_api_route(path, endpoint, summary=summary, responses=responses, **openapi.OPEN)
    body = {"requestBody": {"required": True, "content": {_NOTE: {"schema": {"type": "string"}}}}}
    api.add_api_route(
        "/log/cosignatures",
        endpoints.take_cosignature,
        methods=["POST"],
        summary="Cosign a checkpoint as a registered witness; the signature is the credential",
        responses={**document, **openapi.problems(403, 404, 413, 422, 503)},
        **{**openapi.OPEN, "openapi_extra": {**openapi.OPEN["openapi_extra"], **body}},
    )
    return api
