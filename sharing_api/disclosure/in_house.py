"""Questions of the exchange's own work: whole registers page by page, and single records.

Work that compares registers is a caller like any: it has an agreement, a purpose and an officer,
and what it gets has passed all stations of the corridor. Only the form of the first two stations is
its own: nothing comes over HTTP, and the caller is a system whose key lies on this machine.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from databases.changes.versions import AsOf
from databases.datasets import Walk
from sharing_api import errors
from sharing_api.access_log.questions import Message
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import fetch, own_questions, request
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.inquiry import FeedPage, Inquiry

PAGE = 2_000
MOST_KEYS = 1_000


@dataclass(frozen=True)
class Errand:
    """Who asks, and why: what the agreement is asked and the log is told.

    Args:
        client: the system, as registered.
        case_reference: what the questions of one piece of work have in common.
    """

    client: str
    officer: str
    purpose: str
    legal_basis: str
    case_reference: str


@dataclass(frozen=True)
class Scope:
    """What is read as a whole.

    Args:
        dataset: `register/dataset`.
        joined_with: other registers that the records will be joined with.
        valid_on: day that the records hold on.
        as_of: change that they are read at; None: each page at the newest.
        since: state that is known already; None: all records are read.
        page: most records of a page.
    """

    dataset: str
    fields: tuple[str, ...]
    joined_with: tuple[str, ...]
    valid_on: date
    as_of: int | None = None
    since: AsOf | None = None
    page: int = PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records, logged before it is handed over.

    Args:
        change: state of the register that the page is of.
        records: key → field → value, as far as granted.
        gone: keys that a walk since a state met and that are no records any more.
        last: key that the next page starts behind; empty when this page was the last.
        provider: who gives the data, by the agreement.
    """

    change: int
    records: Mapping[str, Mapping[str, Any]]
    gone: tuple[str, ...]
    last: str
    provider: str


class Desk:
    """Asks questions for the exchange's own work.

    Args:
        corridor: that every question passes.
        clock: gives the moment of a question; work of a night has many.
    """

    def __init__(self, corridor: Corridor, clock: Callable[[], datetime]) -> None:
        self._corridor = corridor
        self._clock = clock

    def read_all(self, errand: Errand, scope: Scope, *, after: str = "") -> Iterator[Page]:
        """Read a whole dataset page by page; holds one page at a time.

        Args:
            after: key that the last page of an earlier walk ended with, to go on from there.

        Raises:
            Unauthenticated: the system is not registered, or suspended.
            AgreementRefuses: the agreement does not allow it.
            NotWalked: the dataset is not read as a whole.
            LogUnavailable: a page could not be logged, and was not handed over.
        """
        number = 0
        while number == 0 or after:
            number += 1
            page = self._page(errand, scope, after, number)
            yield page
            after = page.last

    def last_change(self, dataset: str) -> int:
        """Tell the number of the last change of a dataset's register, to know whether to walk.

        Raises:
            RegisterUnavailable: the register cannot be read now.
        """
        return fetch.last_change(self._corridor.databases, dataset.partition("/")[0])

    def read_changes(
        self, errand: Errand, dataset: str, fields: tuple[str, ...], page: FeedPage
    ) -> Inquiry:
        """Read one page of the changes of a dataset: one entry in the log for each record.

        Returns:
            the answered question: its events, and where its page ends.

        Raises:
            Unauthenticated: the system is not registered, or suspended.
            AgreementRefuses: the agreement does not allow it.
            LogUnavailable: what was read could not be logged, and was not handed over.
        """
        asked = request.Asked(
            dataset, "feed", fields, errand.purpose, errand.legal_basis, feed=page
        )
        inquiry = self._inquire(errand, asked, None)
        self._answer(inquiry)
        return inquiry

    def ask(
        self,
        errand: Errand,
        dataset: str,
        keys: Sequence[str],
        fields: tuple[str, ...],
        as_of: AsOf | None = None,
    ) -> dict[str, Mapping[str, Any]]:
        """Read records by key as a batch: one entry in the log for each key.

        Args:
            as_of: state that is read; None: the newest, today.

        Raises:
            Unauthenticated: the system is not registered, or suspended.
            AgreementRefuses: the agreement does not allow it.
            InvalidKey: a key does not have its legal form.
            LogUnavailable: what was read could not be logged, and was not handed over.
        """
        found: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(keys), MOST_KEYS):
            some = tuple(keys[start : start + MOST_KEYS])
            asked = request.Asked(
                dataset,
                "batch",
                fields,
                errand.purpose,
                errand.legal_basis,
                keys=some,
                valid_on=None if as_of is None else as_of.valid_on,
                as_of=None if as_of is None else as_of.change,
            )
            inquiry = self._inquire(errand, asked, None)
            self._answer(inquiry)
            found.update(inquiry.records)
        return found

    def _page(self, errand: Errand, scope: Scope, after: str, number: int) -> Page:
        asked = request.Asked(
            scope.dataset,
            "linkage",
            scope.fields,
            errand.purpose,
            errand.legal_basis,
            valid_on=scope.valid_on,
            as_of=scope.as_of,
        )
        wanted = Walk(after, scope.page, scope.since)
        inquiry = self._inquire(errand, asked, wanted)
        own_questions.turn_to_page(inquiry, wanted, scope.joined_with, number)
        self._answer(inquiry)
        walked = inquiry.walked
        return Page(
            change=inquiry.change,
            records=inquiry.records,
            gone=tuple(key for key in walked if key not in inquiry.records),
            last=walked[-1] if len(walked) == scope.page else "",
            provider=self._provider(inquiry),
        )

    def _inquire(self, errand: Errand, asked: request.Asked, page: Walk | None) -> Inquiry:
        asked = dataclasses.replace(
            asked, officer=errand.officer, case_reference=errand.case_reference
        )
        said = [dataclasses.asdict(asked), None if page is None else dataclasses.asdict(page)]
        body = orjson.dumps(said)
        inquiry = own_questions.inquire(self._recognise(errand.client), asked, body, self._clock())
        inquiry.message = Message(own_questions.METHOD, "", "", {}, body)
        return inquiry

    def _answer(self, inquiry: Inquiry) -> None:
        self._corridor.answer_all([inquiry])
        if inquiry.problem is not None:
            raise inquiry.problem

    def _recognise(self, client: str) -> Caller:
        """Give the system that asks; its rights end, like all, when it is suspended."""
        registered = self._corridor.registry.rights.clients.get(client)
        if registered is None:
            raise errors.Unauthenticated("No active system of that name is registered.")
        expires_at = int(self._clock().timestamp())
        return Caller(str(registered["agency_code"]), client, expires_at)

    def _provider(self, inquiry: Inquiry) -> str:
        agreed = self._corridor.registry.rights.agreements.get(inquiry.question.consumer, ())
        wanted = inquiry.granted.agreement_hash
        return next((one.provider for one in agreed if one.agreement_hash == wanted), "")
