"""Follows corrections to those who had been told what was wrong."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from databases.changes.versions import AsOf
from sharing_api.access_log import entries
from sharing_api.disclosure import catalogue, fetch, minimise
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.disclosure.inquiry import Event, FeedPage
from sharing_api.notices import repository as notices
from sharing_api.notices.values import Kind
from sharing_api.recalls import repository
from sharing_api.recalls.repository import Told
from sharing_api.worklists.sealing import Sealer

PAGE = 50
# All that a record may say is compared as of two states, day by day.
_State = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did.

    Args:
        corrections: records that were corrected.
        answers: earlier answers that were compared with them.
        notices: sent, or added to.
    """

    corrections: int = 0
    answers: int = 0
    notices: int = 0

    def plus(self, other: "Done") -> "Done":
        """Add what was done further."""
        return Done(
            self.corrections + other.corrections,
            self.answers + other.answers,
            self.notices + other.notices,
        )


class Recall:
    """Finds and notifies those who were told what was wrong.

    Args:
        corridor: that everything read of a register passes.
        errand: who works, and why.
        clock: gives the moment.
        page: records of a page of corrections.
    """

    def __init__(
        self, corridor: Corridor, errand: Errand, clock: Callable[[], datetime], page: int = PAGE
    ) -> None:
        self._databases = corridor.databases
        self._registry = corridor.registry
        self._desk = Desk(corridor, clock)
        self._key = corridor.subject_key
        self._sealer = Sealer(corridor.subject_key, "recalls")
        self._errand = errand
        self._clock = clock
        self._page = page

    def run(self) -> Done:
        """Follow the corrections of all datasets that the errand's agreements let it read.

        Each page of corrections is one transaction: a run that breaks off goes on behind it.

        Raises:
            Unauthenticated: the system is not registered, or suspended.
            AgreementRefuses: an agreement does not allow what it must.
            LogUnavailable: what was read could not be logged, and nobody was notified of it.
        """
        done = Done()
        for dataset, fields in self._list_granted():
            more = True
            while more:
                more, part = self._follow(dataset, fields)
                done = done.plus(part)
        return done

    def _list_granted(self) -> list[tuple[str, tuple[str, ...]]]:
        client = self._registry.rights.clients.get(self._errand.client)
        agency = str(client["agency_code"]) if client is not None else ""
        return [
            (name, tuple(sorted(granted.fields)))
            for terms in self._registry.rights.agreements.get(agency, ())
            if self._errand.purpose in terms.purposes
            for name, granted in terms.datasets.items()
            if "feed" in granted.operations
        ]

    def _follow(self, dataset: str, fields: tuple[str, ...]) -> tuple[bool, Done]:
        """Follow one page of corrections; tell whether there may be more."""
        with self._databases.writing("exchange") as session:
            change, sealed = repository.find_cursor(session, dataset)
        page = FeedPage(
            change, self._sealer.open(sealed), self._page, tuple(sorted(fetch.CORRECTING))
        )
        read = self._desk.read_changes(self._errand, dataset, fields, page)
        sent = [self._find_told(dataset, fields, event) for event in read.events]
        ends, key = read.feed_ends
        with self._databases.writing("exchange") as session:
            repository.wait_to_recall_alone(session)
            for event, told, _ in sent:
                self._notify(session, dataset, event, told)
            repository.save_cursor(session, dataset, ends, self._sealer.seal(key))
        done = Done(
            corrections=len(read.events),
            answers=sum(count for _, _, count in sent),
            notices=sum(len({one.agency for one, _ in told}) for _, told, _ in sent),
        )
        return (ends, key) != (page.after, page.after_key), done

    def _find_told(
        self, dataset: str, fields: tuple[str, ...], event: Event
    ) -> tuple[Event, list[tuple[Told, frozenset[str]]], int]:
        """Find the answers that told what was wrong, and which of their fields were."""
        register = dataset.partition("/")[0]
        key_field = catalogue.DATASETS[dataset].key
        bearers = {str(one[key_field]) for pair in event.states for one in pair if one}
        tags = [
            entries.subject_tag(self._key, register, one) for one in sorted({event.key, *bearers})
        ]
        with self._databases.reading("exchange") as session:
            candidates = repository.list_told(
                session,
                tags,
                dataset=dataset,
                before_change=event.change,
                fields=event.fields,
                without_client=self._errand.client,
            )
            contents = repository.list_contents(session, (one.agreement_hash for one in candidates))
        formats = {name: _formats(content, dataset) for name, content in contents.items()}
        states = _States(self._desk, self._errand, dataset, fields, event.key)
        found = []
        for one in candidates:
            wrong = self._wrong(one, event, states, formats.get(one.agreement_hash, {}))
            if wrong:
                found.append((one, wrong))
        return event, found, len(candidates)

    @staticmethod
    def _wrong(
        told: Told, event: Event, states: "_States", formats: Mapping[str, str]
    ) -> frozenset[str]:
        """Name the fields that an answer told, that the correction changed, and that differed.

        Compared as the recipient saw them: who was told the year alone was not told a wrong day.
        """
        wanted = {name: formats.get(name, "full") for name in told.fields & set(event.fields)}
        before, after, given = (
            minimise.cut(states.at(number, told.valid_on), wanted)
            for number in (event.change - 1, event.change, told.change)
        )
        return frozenset(
            name
            for name in wanted
            if before.get(name) != after.get(name) and given.get(name) != after.get(name)
        )

    def _notify(
        self,
        session: Any,
        dataset: str,
        event: Event,
        told: Iterable[tuple[Told, frozenset[str]]],
    ) -> None:
        by_agency: dict[str, list[tuple[Told, frozenset[str]]]] = {}
        for one, wrong in told:
            by_agency.setdefault(one.agency, []).append((one, wrong))
        tag = entries.subject_tag(self._key, dataset.partition("/")[0], event.key)
        for agency, some in by_agency.items():
            notices.send(
                session,
                kind=Kind.CORRECTION,
                recipient=agency,
                dataset=dataset,
                register_change=event.change,
                subject_tag=tag,
                fields=sorted({name for _, wrong in some for name in wrong}),
                entries=[one.entry_id for one, _ in some],
                at=self._clock(),
            )


class _States:
    """What a record said in earlier states, each read once."""

    def __init__(
        self, desk: Desk, errand: Errand, dataset: str, fields: tuple[str, ...], key: str
    ) -> None:
        self._desk = desk
        self._errand = errand
        self._dataset = dataset
        self._fields = fields
        self._key = key
        self._read: dict[_State, Mapping[str, Any]] = {}

    def at(self, change: int, on: date) -> Mapping[str, Any]:
        """Give what it said; nothing where there was no record."""
        if (change, on) not in self._read:
            found = self._desk.ask(
                self._errand, self._dataset, [self._key], self._fields, AsOf(on, change)
            )
            self._read[change, on] = found.get(self._key) or {}
        return self._read[change, on]


def _formats(content: bytes, dataset: str) -> Mapping[str, str]:
    """Give the formats in which an agreement showed the fields of a dataset."""
    terms = json.loads(content)["datasets"].get(dataset) or {}
    fields: Mapping[str, str] = terms.get("fields") or {}
    return fields
