"""How a dialect of the field asks at the same door: its requests become questions of the exchange.

The tools of a field know nothing of purposes and legal bases. They may come in headers; where a
caller has one agreement about a dataset, with one purpose and one legal basis, that is what the
caller acts under, and no header is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import Request, Response

from databases.errors import FieldProblem, RegisterError
from sharing_api import errors
from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.values import Terms
from sharing_api.disclosure import request
from sharing_api.disclosure.caller import CallerStation, HasRights
from sharing_api.disclosure.coalescing import Coalescer
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols import exchange

PURPOSE = "exchange-purpose"
LEGAL_BASIS = "exchange-legal-basis"
PROCEDURE = "exchange-procedure"
OFFICER = "exchange-officer"
CASE = "exchange-case"
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
    """

    http: Request
    headers: dict[str, str]
    body: bytes
    caller: Caller


Reader = Callable[[Incoming], Asked]


class DialectDoor:
    """Stations 1 and 2 for a dialect, then the corridor."""

    def __init__(self, callers: CallerStation, registry: HasRights, coalescer: Coalescer) -> None:
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
        now = datetime.now(UTC)  # noqa: TID251  the first station reads the clock, for all others
        try:
            inquiry = self._inquiry(await self._recognise(http, now), form, read, now)
        except RegisterError as error:
            return exchange.refuse(error, now, form)
        return exchange.respond(await self._coalescer.answer(inquiry))

    async def _recognise(self, http: Request, now: datetime) -> Incoming:
        headers = {name.lower(): value for name, value in http.headers.items()}
        caller = self._callers.recognise(headers.get("authorization", ""), int(now.timestamp()))
        return Incoming(http, headers, await exchange.read_body(http), caller)

    def _inquiry(self, incoming: Incoming, form: Form, read: Reader, now: datetime) -> Inquiry:
        http = incoming.http
        target = f"{http.method} {http.url.path}?{http.url.query}\n".encode()
        return request.make_inquiry(
            incoming.caller,
            self._complete(read(incoming), incoming),
            request=target + incoming.body,
            headers=incoming.headers,
            form=form,
            now=now,
        )

    def _complete(self, asked: Asked, incoming: Incoming) -> Asked:
        """Add under which purpose the caller asks: what it says, or what it alone may."""
        headers = incoming.headers
        purpose, legal_basis = headers.get(PURPOSE, ""), headers.get(LEGAL_BASIS, "")
        if not (purpose and legal_basis):
            agreements = self._registry.rights.agreements.get(incoming.caller.agency, ())
            purpose, legal_basis = _only_use(agreements, asked, purpose, legal_basis)
        return replace(
            asked,
            purpose=purpose,
            legal_basis=legal_basis,
            procedure=headers.get(PROCEDURE, ""),
            officer=headers.get(OFFICER, ""),
            case_reference=headers.get(CASE, ""),
        )


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
        for one in terms.purposes
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
