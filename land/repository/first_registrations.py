"""What first registrations are held against, read at once, and their rows, written at once."""

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import numpy as np
import shapely
from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import statements
from databases.changes import copying, versions
from land import errors, tables
from land.repository import geometry, rows, saving, use_lists
from land.rules.topology import batches
from land.rules.topology.measured import Measured
from land.rules.use_codes import UseList
from land.values import FirstRegistration

Days = Range[date]
Entry = tuple[FirstRegistration, Days]
_AT_ONCE = 1000
_Item = TypeVar("_Item")

# Tables whose names are given once, with the names that a registration brings.
_NAMED: tuple[tuple[Table, Callable[[FirstRegistration], Sequence[str]]], ...] = (
    (tables.parcel, lambda one: [one.parcel.parcel_id]),
    (tables.legal_space, lambda one: [space.legal_space_id for space in one.spaces]),
    (tables.land_right, lambda one: [right.right_id for right in one.rights]),
    (tables.source, lambda one: [paper.source_id for paper in one.sources]),
    (tables.certificate, lambda one: [paper.certificate_id for paper in one.certificates]),
)


@dataclass
class Known:
    """What the register has, and what was taken of the registrations before.

    Args:
        named: what was given of names and numbers.
        use_lists: by regime.
        shapes: of the registrations, then of the parcels around them; None where there is none.
        days: of each shape; none for a registration that is not taken.
        is_sound: registrations whose shape need not be looked at alone, nor its area doubted.
    """

    named: "Named"
    use_lists: Mapping[str, UseList]
    shapes: Sequence[Measured | None]
    days: dict[int, list[Days]]
    is_sound: Sequence[bool]
    _meeting: Mapping[int, Sequence[int]]

    def list_neighbours(self, place: int, valid: Days) -> list[Measured]:
        """List the parcels whose land a registration may take on any day of a period.

        Args:
            place: of the registration among those given.
        """
        return [
            shape
            for other in self._meeting.get(place, ())
            if any(valid.overlaps(days) for days in self.days[other])
            and (shape := self.shapes[other]) is not None
        ]

    def take(self, place: int, registration: FirstRegistration, valid: Days) -> None:
        """Remember a registration that is going to be recorded."""
        self.named.take(place, registration, valid)
        if place in self._meeting and registration.parcel.is_parcel:
            self.days[place].append(valid)


@dataclass
class Named:
    """Names and numbers that are given once; nearly all registrations bring only new ones.

    Args:
        names: by table, ever given.
        numbers: issue number of a certificate → days on which one bears it.
        doubtful: registrations that bring a name or number which is known or comes twice.
    """

    names: Mapping[Table, set[str]]
    numbers: Mapping[str, list[Days]]
    doubtful: Collection[int]

    def require_new(self, place: int, registration: FirstRegistration, valid: Days) -> None:
        """Refuse a name that was given before, or the number of another certificate.

        Raises:
            AlreadyRegistered: a name was given, even if the record was annulled.
            WrongCertificate: another certificate bears the number on some of the days.
        """
        if place not in self.doubtful:
            return
        for table, names_of in _NAMED:
            names = names_of(registration)
            if len(set(names)) < len(names) or not self.names[table].isdisjoint(names):
                raise saving.name_given(table)
        numbers = _numbers_of(registration)
        for number in numbers:
            is_held = any(valid.overlaps(held) for held in self.numbers.get(number, ()))
            if is_held or numbers.count(number) > 1:
                message = "Another certificate bears this number."
                raise errors.WrongCertificate.of_field(
                    "issue_number", "issue_number.given", message
                )

    def take(self, place: int, registration: FirstRegistration, valid: Days) -> None:
        """Remember what a registration brings; nobody else brings what is not doubtful."""
        if place not in self.doubtful:
            return
        for table, names_of in _NAMED:
            self.names[table].update(names_of(registration))
        for number in _numbers_of(registration):
            self.numbers[number].append(valid)


def read_known(session: Session, given: Sequence[FirstRegistration]) -> Known:
    """Read what registrations are held against."""
    uses = [use for one in given for use in one.parcel.uses]
    own = [rows.measured(one.parcel) for one in given]
    outlines = _read_outlines(own)
    around = list(list_around(session, shapely.bounds(outlines)))
    outlines = np.append(outlines, _read_outlines([written.parcel for written in around]))
    days: dict[int, list[Days]] = defaultdict(list)
    for place, written in enumerate(around, start=len(own)):
        days[place].append(written.valid)
    shapes = [*own, *(written.parcel for written in around)]
    batch = batches.look_at(shapes)
    accuracy_m = np.array([0.0 if one is None else one.accuracy_m for one in shapes])
    legal_m2 = [one.parcel.legal_area_m2 for one in given] + [Decimal(0)] * len(around)
    # Comparing shapes needs neither the interpreter nor the connection: a second core does it.
    with ThreadPoolExecutor(1, "topology") as beside:
        meeting = beside.submit(batches.list_meeting, batch, outlines, own=len(own))
        return Known(
            named=_read_named(session, given),
            use_lists=use_lists.get_lists(session, uses) if any(use.code for use in uses) else {},
            shapes=shapes,
            days=days,
            is_sound=batches.confirm_area(batch, accuracy_m, legal_m2).tolist(),
            _meeting=meeting.result(),
        )


def _read_named(session: Session, given: Sequence[FirstRegistration]) -> Named:
    """Read which names and numbers were given, and find who brings what is not new."""
    doubtful: set[int] = set()
    names = {}
    for table, names_of in _NAMED:
        brought = list(map(names_of, given))
        names[table] = list_given(session, table, set(itertools.chain.from_iterable(brought)))
        doubtful |= _list_doubtful(brought, names[table])
    brought = [_numbers_of(one) for one in given]
    numbers = _list_numbers(session, set(itertools.chain.from_iterable(brought)))
    return Named(names, numbers, doubtful | _list_doubtful(brought, numbers.keys()))


def _list_doubtful(brought: Sequence[Sequence[str]], held: Collection[str]) -> set[int]:
    counts = Counter(itertools.chain.from_iterable(brought))
    not_new = {name for name, times in counts.items() if times > 1}.union(held)
    if not not_new:
        return set()
    return {place for place, names in enumerate(brought) if not not_new.isdisjoint(names)}


def _read_outlines(shapes: Sequence[Measured | None]) -> Any:
    """Read the shapes in EPSG:4756; none for one that cannot be read, which is refused as such."""
    written = [None if shape is None else shape.shape.common_wkb for shape in shapes]
    return shapely.from_wkb(np.array(written, dtype=object), on_invalid="ignore")


def _numbers_of(registration: FirstRegistration) -> list[str]:
    numbers = (rows.certain_number(one) for one in registration.certificates)
    return [number for number in numbers if number is not None]


def list_given(session: Session, table: Table, names: Collection[str]) -> set[str]:
    """List those of some names that were ever given in a table, even if annulled since."""
    column = table.c[versions.key_of(table)[0]]
    if not names:
        return set()
    statement = select(column).where(statements.is_one_of(column, names))
    return set(session.execute(statement).scalars())


def _list_numbers(session: Session, numbers: set[str]) -> dict[str, list[Days]]:
    table = tables.certificate
    held: dict[str, list[Days]] = defaultdict(list)
    if numbers:
        statement = select(table.c.issue_number, table.c.valid).where(
            statements.is_one_of(table.c.issue_number, numbers), table.c.to_change.is_(None)
        )
        for number, valid in session.execute(statement):
            held[number].append(valid)
    return held


def list_around(session: Session, boxes: Any) -> Iterator[geometry.Written]:
    """List the parcels whose boxes meet one of some boxes; each once.

    Args:
        boxes: an array of west, south, east, north in EPSG:4756.
    """
    seen = set()
    for some in _slices(boxes[~np.isnan(boxes).any(axis=1)].tolist()):
        columns = list(zip(*some, strict=True))
        hull = (min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3]))
        if not geometry.is_held_within(session, hull):
            continue
        for key, written in geometry.list_around(session, some):
            if key not in seen:
                seen.add(key)
                yield written


def add_all(session: Session, entries: Sequence[Entry], *, change: int) -> None:
    """Add all records of registrations, a statement for each table."""

    def rows_of_all(rows_of: Callable[[FirstRegistration], Iterable[rows.Columns]]) -> Any:
        # Made while the server takes in those before them.
        return (
            {**row, "valid": _write_days(valid)}
            for registration, valid in entries
            for row in rows_of(registration)
        )

    copying.add_all(
        session, ((table, rows_of_all(rows_of)) for table, rows_of in _ROWS), change=change
    )


# Registrations of a load share few periods.
_write_days = functools.lru_cache(maxsize=65_536)(str)


def _use_rows(registration: FirstRegistration) -> Iterator[rows.Columns]:
    parcel = registration.parcel
    for line, use in enumerate(parcel.uses, start=1):
        yield rows.use_columns(parcel.parcel_id, line, use)


def _holder_rows(registration: FirstRegistration) -> Iterator[rows.Columns]:
    for right in registration.rights:
        for holder in right.holders:
            yield rows.holder_columns(right.right_id, holder)


def _certificate_rows(registration: FirstRegistration) -> Iterator[rows.Columns]:
    for certificate in registration.certificates:
        yield rows.certificate_columns(certificate, replaces=None)


def _certified_rows(registration: FirstRegistration) -> Iterator[rows.Columns]:
    for certificate in registration.certificates:
        for name in certificate.right_ids:
            yield rows.certified_columns(certificate, name)


_ROWS: tuple[tuple[Table, Callable[[FirstRegistration], Iterable[rows.Columns]]], ...] = (
    (tables.parcel, lambda one: [rows.parcel_columns(one.parcel)]),
    (tables.land_use, _use_rows),
    (tables.legal_space, lambda one: map(rows.columns_of, one.spaces)),
    (tables.land_right, lambda one: map(rows.right_columns, one.rights)),
    (tables.right_holder, _holder_rows),
    (tables.source, lambda one: map(rows.columns_of, one.sources)),
    (tables.certificate, _certificate_rows),
    (tables.certificate_right, _certified_rows),
)


def _slices(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
