"""What each address of the life of agreements does; who asks is known by its access token."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from databases import periods
from databases.errors import Invalid
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.agreements.documents import Vintages
from sharing_api.agreements.life import keeping, papers, service, waiting
from sharing_api.agreements.life.repository import agencies, versions
from sharing_api.agreements.life.values import Act, Actor, Deed, Grounds
from sharing_api.disclosure import drafts, request
from sharing_api.disclosure.caller import CallerStation
from sharing_api.protocols import answers, exchange
from sharing_api.protocols.agreements import documents
from sharing_api.simulation import service as simulation
from sharing_api.standards import validate

STANDARD = ("agreement_act", "1.0")
ACTS = (Act.PROPOSE, Act.ACCEPT, Act.REFUSE, Act.SUSPEND, Act.RESUME, Act.REVOKE)
_SIMULATED = timedelta(days=30)
_XML = ("application/xml", "text/xml")
Work = Callable[[Session, Actor, datetime], Response]


class InvalidAct(Invalid):
    """What is said with an act upon an agreement breaks the published rules."""

    code = "exchange.invalid_act"


class AgreementEndpoints:
    """Answers to the systems of agencies about their own agreements and keys."""

    def __init__(self, callers: CallerStation, databases: Databases, vintages: Vintages) -> None:
        self._callers = callers
        self._databases = databases
        self._vintages = vintages

    async def list_agreements(self, http: Request) -> Response:
        """List the agreements of the caller's agency, and of those that it may act for."""

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            parties = service.list_principals(session, actor.agency, now)
            found = versions.list_versions(session, parties=parties)
            today = periods.day_in_vietnam(now)
            return answers.document(
                {"agreements": [documents.write_version(one, today) for one in found]}
            )

        return await self._do(http, {}, work)

    async def list_waiting(self, http: Request) -> Response:
        """List the proposals that wait for an answer, with their last days."""

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            parties = service.list_principals(session, actor.agency, now)
            found = waiting.list_waiting(session, now, parties)
            written = documents.write_waiting(found, periods.day_in_vietnam(now))
            return answers.document({"proposals": written})

        return await self._do(http, {}, work)

    async def draft(self, http: Request) -> Response:
        """Enter a document in canonical form as a draft."""
        body = await exchange.read_body(http)

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            made = service.draft(session, body, actor, now, drafts.find_problems)
            return _whole(session, made, now, status=201)

        return await self._do(http, {}, work)

    async def simulate(self, http: Request) -> Response:
        """Say what a document would change, against the questions of the last 30 days."""
        body = await exchange.read_body(http)

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            found = simulation.simulate(
                session,
                body,
                agency=actor.agency,
                since=_SIMULATED,
                now=now,
                check=drafts.find_problems,
                vintages=self._vintages,
            )
            return answers.document(documents.write_simulation(found))

        return await self._do(http, {}, work)

    async def show(self, http: Request) -> Response:
        """Show a version: content, signatures, what became of it."""
        wanted = http.path_params["agreement_hash"]

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            version = service.get_for(session, wanted, actor, now)
            return _whole(session, version.agreement_hash, now)

        return await self._do(http, {}, work)

    async def show_document(self, http: Request) -> Response:
        """Give the document byte for byte, as it is hashed and signed."""
        wanted = http.path_params["agreement_hash"]

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            version = service.get_for(session, wanted, actor, now)
            document = versions.read_document(session, version.agreement_hash)
            return Response(document, 200, media_type="application/json")

        return await self._do(http, {}, work)

    async def show_paper(self, http: Request) -> Response:
        """Give the paper of the last step for document systems, as JSON or XML."""
        wanted = http.path_params["agreement_hash"]
        accepted = http.headers.get("accept", "")

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            version = service.get_for(session, wanted, actor, now)
            packet = papers.write_packet(service.make_case(session, version))
            if any(one in accepted for one in _XML):
                return Response(papers.write_xml(packet), 200, media_type=_XML[0])
            return answers.document(packet)

        return await self._do(http, {}, work)

    async def act(self, http: Request) -> Response:
        """Propose, accept, refuse, suspend, resume or revoke a version."""
        wanted, act = http.path_params["agreement_hash"], Act(http.path_params["act"])
        said = _read(await exchange.read_body(http))

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            grounds = Grounds(said.get("reason", ""), said.get("legal_basis", ""))
            deed = Deed(act, actor, wanted, now, said.get("signature", ""), grounds)
            version = service.perform(session, deed)
            return _whole(session, version.agreement_hash, now)

        return await self._do(http, said, work)

    async def list_keys(self, http: Request) -> Response:
        """List the caller's agency's own keys, ended ones too."""

        def work(session: Session, actor: Actor, _: datetime) -> Response:
            found = agencies.list_keys(session, actor.agency).values()
            return answers.document({"keys": [documents.write_key(one) for one in found]})

        return await self._do(http, {}, work)

    async def register_key(self, http: Request) -> Response:
        """Register a further key, signed by one that holds."""
        said = _read(await exchange.read_body(http))

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            jwk, signature = said.get("jwk", {}), said.get("signature", "")
            key = keeping.rotate_key(session, jwk, signature, actor, now)
            return _created(documents.write_key(key))

        return await self._do(http, said, work)

    async def end_key(self, http: Request) -> Response:
        """End a key; what it signed before stays signed."""
        wanted = http.path_params["key_id"]
        said = _read(await exchange.read_body(http))

        def work(session: Session, actor: Actor, now: datetime) -> Response:
            keeping.end_key(session, actor.agency, wanted, said.get("reason", ""), now)
            found = agencies.list_keys(session, actor.agency)
            return answers.document(documents.write_key(found[wanted]))

        return await self._do(http, said, work)

    async def _do(self, http: Request, said: Mapping[str, Any], work: Work) -> Response:
        """Recognise the caller, and do what it asks in one transaction."""
        now = datetime.now(UTC)  # noqa: TID251  the edge
        caller = self._callers.recognise(
            http.headers.get("authorization", ""), int(now.timestamp())
        )
        actor = Actor(caller.agency, caller.client, str(said.get("officer", "")))

        def in_transaction() -> Response:
            with self._databases.writing("exchange") as session:
                return work(session, actor, now)

        try:
            return await answers.in_time(in_transaction)
        except (SQLAlchemyError, TimeoutError) as error:
            raise errors.RegisterUnavailable("The exchange cannot do this now.") from error


def _read(body: bytes) -> Mapping[str, Any]:
    message = request.read_json(body or b"{}")
    try:
        problems = validate.find_problems(*STANDARD, message)
    except ValueError as error:  # deeper than the validator goes, or half of a surrogate pair
        raise errors.Malformed("The body is nested too deep or is not Unicode.") from error
    if problems:
        raise InvalidAct("What is said breaks the published rules.", fields=problems)
    return dict(message)


def _whole(session: Session, agreement_hash: str, now: datetime, status: int = 200) -> Response:
    version = service.get(session, agreement_hash)
    given = versions.list_signatures(session, [agreement_hash]).get(agreement_hash, ())
    steps = versions.list_steps(session, [agreement_hash])
    written = documents.write_whole(version, periods.day_in_vietnam(now), given, steps)
    return answers.document(written) if status == 200 else _created(written)


def _created(members: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(members), 201, media_type="application/json")
