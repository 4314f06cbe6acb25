"""How a dialect of the field asks at the same door: its requests become questions of the exchange.

The tools of a field know nothing of purposes and legal bases. They may come in headers; where a
caller has one agreement about a dataset, with one purpose and one legal basis, that is what the
caller acts under, and no header is needed. Headers know no Vietnamese letters: those are written
with percent signs, as in addresses (N%C4%90-CP).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import unquote

from fastapi import Request, Response

from databases.errors import FieldProblem, RegisterError
from sharing_api import errors
from sharing_api.access_log.questions import Message
from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.values import EMERGENCY, Terms
from sharing_api.disclosure import forms, request
from sharing_api.disclosure.caller import CallerStation, HasRights
from sharing_api.disclosure.coalescing import Answerer
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols import answers, exchange

PURPOSE = "exchange-purpose"
LEGAL_BASIS = "exchange-legal-basis"
PROCEDURE = "exchange-procedure"
OFFICER = "exchange-officer"
CASE = "exchange-case"
SCHEME = ":scheme"  # no header; some dialects write addresses with it
_KEPT = (*exchange.KEPT, "host", SCHEME)
_USE = ("Exchange-Purpose", "Exchange-Legal-Basis")


class PurposeNotNamed(errors.Malformed):
    """The caller must say under which purpose and legal basis it asks."""

    code = "exchange.purpose_not_named"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request of a dialect whose caller is known.

    Args:
        headers: those that matter here, with lower-case names.
        body: empty for a GET.
        agreements: those of the caller's agency, in the order in which they are tried.
    """

    http: Request
    headers: dict[str, str]
    body: bytes
    caller: Caller
    agreements: tuple[Terms, ...]

    def granted_fields(self, dataset: str) -> tuple[str, ...]:
        """Name the fields of a dataset that the caller may see: a dialect asks for all of them.

        Where several agreements are about the dataset, those of the first: an answer is given under
        one agreement.
        """
        for terms in self.agreements:
            if dataset in terms.datasets:
                return tuple(sorted(terms.datasets[dataset].fields))
        return ()


Reader = Callable[[Incoming], Asked]


class Together(Protocol):
    """A request that is several questions, and one answer made of theirs."""

    def read(self, incoming: Incoming) -> Sequence[tuple[Asked, Form]]:
        """Make the questions, each with the form of its own answer."""

    def write(self, answered: Sequence[Inquiry]) -> tuple[str, bytes]:
        """Make one answer of those to all questions, in their order: content type and body."""


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the first station reads the clock, for all others


class DialectDoor:
    """Stations 1 and 2 for a dialect, then the corridor."""

    def __init__(self, callers: CallerStation, registry: HasRights, coalescer: Answerer) -> None:
        self._callers = callers
        self._registry = registry
        self._coalescer = coalescer

    async def ask(self, http: Request, form: Form, read: Reader) -> Response:
        """Answer a request that is one question.

        Args:
            form: how the answer and a refusal are written.
            read: makes the question out of the request; purpose, legal basis and officer may be
                left empty.
        """
        now = _now()
        try:
            inquiry = self._inquiry(await self._recognise(http, now), form, read, now)
        except RegisterError as error:
            return exchange.refuse(error, now, form)
        return exchange.respond(await self._coalescer.answer(inquiry))

    async def ask_together(self, http: Request, dossier: "Together") -> Response:
        """Answer a request that is several questions: all of them, or none.

        Each is a question of its own to the corridor: decided, logged and receipted by itself.
        """
        now = _now()
        form: Form = forms.JSON
        try:
            incoming = await self._recognise(http, now)
            inquiries = []
            for part, (asked, form) in enumerate(dossier.read(incoming)):
                inquiries.append(self._part(incoming, asked, form, now))
                inquiries[-1].message = _keep(incoming, part)
        except RegisterError as error:
            return exchange.refuse(error, now, form)
        answered = await asyncio.gather(*(self._coalescer.answer(one) for one in inquiries))
        for one in answered:
            if one.problem is not None:
                return exchange.respond(one)
        try:
            # To write it may mean to read the log: the loop goes on meanwhile.
            return exchange.release(*await answers.in_time(lambda: dossier.write(answered)))
        except TimeoutError:
            late = errors.RegisterUnavailable("The answer could not be written in time.")
            return exchange.refuse(late, now)
        except RegisterError as error:
            return exchange.refuse(error, now)

    @staticmethod
    def _part(incoming: Incoming, asked: Asked, form: Form, now: datetime) -> Inquiry:
        return request.make_inquiry(
            incoming.caller,
            asked,
            request=incoming.body,
            headers=incoming.headers,
            form=form,
            now=now,
        )

    async def _recognise(self, http: Request, now: datetime) -> Incoming:
        # The server gives the names in lower case.
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in http.scope["headers"]
        }
        caller = self._callers.recognise(headers.get("authorization", ""), int(now.timestamp()))
        agreements = self._registry.rights.agreements.get(caller.agency, ())
        return Incoming(http, headers, await exchange.read_body(http), caller, tuple(agreements))

    def _inquiry(self, incoming: Incoming, form: Form, read: Reader, now: datetime) -> Inquiry:
        scope = incoming.http.scope
        target = f"{scope['method']} {scope['path']}?".encode() + scope["query_string"] + b"\n"
        inquiry = request.make_inquiry(
            incoming.caller,
            self._complete(read(incoming), incoming),
            request=target + incoming.body,
            headers=incoming.headers,
            form=form,
            now=now,
        )
        inquiry.message = _keep(incoming)
        return inquiry

    def _complete(self, asked: Asked, incoming: Incoming) -> Asked:
        """Add under which purpose the caller asks: what it says, or what it alone may."""
        purpose, legal_basis, procedure, officer, case = (
            _read_header(incoming.headers, name)
            for name in (PURPOSE, LEGAL_BASIS, PROCEDURE, OFFICER, CASE)
        )
        if not (purpose and legal_basis):
            purpose, legal_basis = _only_use(incoming.agreements, asked, purpose, legal_basis)
        return replace(
            asked,
            purpose=purpose,
            legal_basis=legal_basis,
            procedure=procedure,
            officer=officer,
            case_reference=case,
        )


def _keep(incoming: Incoming, part: int = 0) -> Message:
    http = incoming.http
    headers = {**incoming.headers, SCHEME: str(http.scope["scheme"])}
    return exchange.keep(http, headers, incoming.body, _KEPT, part)


def _read_header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    if value:
        value = unquote(value)
        request.require_loggable(name, value)
    return value


def _only_use(
    agreements: Sequence[Terms], asked: Asked, purpose: str, legal_basis: str
) -> tuple[str, str]:
    """Find the one pair of purpose and legal basis that is meant.

    Raises:
        PurposeNotNamed: there are several.
    """
    uses = {
        (one, basis)
        for terms in agreements
        if asked.dataset in terms.datasets
        for one in terms.purposes - {EMERGENCY}
        for basis in terms.legal_bases
        if purpose in ("", one) and legal_basis in ("", basis)
    }
    if len(uses) > 1:
        problems = [
            FieldProblem(name, "required", "Name one that your agreement grants.")
            for name, given in zip(_USE, (purpose, legal_basis), strict=True)
            if not given
        ]
        raise PurposeNotNamed(
            "Your agreements know several purposes; send the headers.", fields=problems
        )
    return next(iter(uses)) if uses else (purpose, legal_basis)
