"""Officers and whom they are tied to: numbers filed by agencies, kin asked through the corridor.

There is no register of officers: an agency may file the personal numbers of its own. They are kept
sealed; beside them stand the tags under which the access log would name the same persons.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from databases.errors import FieldProblem, RegisterError
from databases.identifiers import Pin
from databases.sessions import Databases
from sharing_api.access_log import entries
from sharing_api.auditing import errors
from sharing_api.auditing.repository import officers as repository
from sharing_api.auditing.repository.officers import Filed, Tie
from sharing_api.auditing.repository.windows import Window
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.worklists.sealing import Sealer

COLUMNS = ("agency_code", "officer", "pin")
KIN_HOLDS = timedelta(days=30)
_CITIZEN = "population/citizen"
_SELF = "self"
# Registers that name a person by the personal number: the same person has a tag in each.
_BY_PIN = ("population", "land", "finance")
_MOST_PROBLEMS = 20
_LONGEST = 100


class Officers:
    """Files officers and learns their kin.

    Args:
        databases: of the site.
        subject_key: of the tags of the access log; what is sealed follows from it.
        clock: gives the moment.
    """

    def __init__(
        self, databases: Databases, subject_key: bytes, clock: Callable[[], datetime]
    ) -> None:
        self._databases = databases
        self._key = subject_key
        self._sealer = Sealer(subject_key, "officers")
        self._clock = clock

    def file(self, lines: Iterable[str]) -> int:
        """File officers out of a CSV file with the columns agency_code, officer and pin.

        Returns:
            number of officers; those filed before have the new number from now on.

        Raises:
            OfficersUnreadable: a line is not fit; nothing of the file is filed.
        """
        with self._databases.writing("exchange") as session:
            read = list(_read(lines, repository.list_agencies(session)))
            filed = [Filed(agency, name, self._sealer.seal(pin)) for agency, name, pin in read]
            repository.file(session, filed, at=self._clock())
            names = [(one.agency_code, one.officer) for one in filed]
            ties = (
                Tie(tag, agency, name, _SELF)
                for agency, name, pin in read
                for tag in self._tags(pin)
            )
            if names:
                repository.replace_ties(session, names, ties)
        return len(read)

    def learn_kin(self, desk: Desk, errand: Errand, window: Window) -> int:
        """Ask the population register for the kin of officers who asked in a stretch.

        Of each officer once in thirty days; each leaves an entry in the access log.

        Returns:
            number of officers whose kin was asked.

        Raises:
            AgreementRefuses, LogUnavailable: it may not be asked, or not be logged.
        """
        now = self._clock()
        with self._databases.writing("exchange") as session:
            active = repository.list_active(session, window, before=now - KIN_HOLDS)
        if not active:
            return 0
        pins = {(one.agency_code, one.officer): self._sealer.open(one.sealed_pin) for one in active}
        asked = sorted(set(pins.values()))
        records = desk.ask(errand, _CITIZEN, asked, ("pin", "relations"))
        with self._databases.writing("exchange") as session:
            ties = [tie for who, pin in pins.items() for tie in self._ties(who, pin, records)]
            repository.replace_ties(session, list(pins), ties)
            repository.mark_read(session, list(pins), at=now)
        return len(active)

    def _ties(
        self, who: tuple[str, str], pin: str, records: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Tie]:
        record = records.get(pin) or {}
        own = {pin: _SELF, str(record.get("pin") or pin): _SELF}
        kin = {
            str(one["pin"]): str(one["role"])
            for one in record.get("relations") or ()
            if one.get("pin")
        }
        for number, relation in {**kin, **own}.items():
            for tag in self._tags(number):
                yield Tie(tag, *who, relation)

    def _tags(self, pin: str) -> list[bytes]:
        return [entries.subject_tag(self._key, register, pin) for register in _BY_PIN]


def _read(lines: Iterable[str], agencies: set[str]) -> Iterator[tuple[str, str, str]]:
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise errors.OfficersUnreadable.of_field(
            "line 1", "officers.columns", f"The columns are: {', '.join(COLUMNS)}."
        )
    problems: list[FieldProblem] = []
    seen: set[tuple[str, str]] = set()
    read = []
    for number, row in enumerate(reader, start=2):
        found = _problem(row, agencies, seen)
        if found is not None:
            problems.append(FieldProblem(f"line {number}", *found))
            continue
        seen.add((row["agency_code"], row["officer"]))
        read.append((row["agency_code"], row["officer"], Pin.parse(row["pin"]).number))
    if problems:
        raise errors.OfficersUnreadable(
            f"{len(problems)} lines are not fit; nothing was filed.",
            fields=problems[:_MOST_PROBLEMS],
        )
    yield from read


def _problem(
    row: Mapping[str | None, Any], agencies: set[str], seen: set[tuple[str, str]]
) -> tuple[str, str] | None:
    """Say what is wrong with a line: a rule and a sentence; never the number itself."""
    values: Sequence[Any] = [row.get(name) for name in COLUMNS]
    if None in row or any(not isinstance(one, str) for one in values):
        return "officers.columns", "The line does not have three columns."
    agency, officer, pin = values
    if agency not in agencies:
        return "officers.agency", "No agency of this code is registered."
    if not officer or len(officer) > _LONGEST or not officer.isprintable():
        return "officers.name", "An officer is named by 1 to 100 printable characters."
    if (agency, officer) in seen:
        return "officers.twice", "The officer stands twice in the file."
    try:
        Pin.parse(pin)
    except RegisterError as error:
        return "officers.pin", error.message
    return None
