"""Walks through a register: lists the keys of a dataset in pages, all of them or what changed.

A page starts behind the key that the page before ended with, so that a walk can be taken up again
after any page and no page costs more than another. What a record is made of is told as parts: rows
of versioned tables with the key of the record that they belong to.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy import union as union_of
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from databases.changes import versions
from databases.changes.versions import AsOf
from databases.datasets import Changed, Walk, WalkFunction

_LONG_AGO = date(1900, 1, 1)
_FEW = 5_000  # versions that are read at once


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a table that a record is made of.

    Args:
        table: a versioned table, or an alias of one: its versions tell what changed.
        key: of the record that a row belongs to, in the form that pages are ordered by.
        joined: the table with those that lead to the key; None: the table has it.
        condition: which rows count; None: all.
    """

    table: FromClause
    key: ColumnElement[str]
    joined: FromClause | None = None
    condition: ColumnElement[bool] | None = None


def _as_is(key: str) -> str:
    return key


def make_walk(
    listed: Sequence[Part],
    followed: Sequence[Part] = (),
    *,
    ordered: Callable[[str], str] = _as_is,
    published: Callable[[str], str] = _as_is,
) -> WalkFunction:
    """Make the `walk` of a dataset.

    Args:
        listed: parts whose rows held on the day are the records.
        followed: further parts of the records: when these change, the record does.
        ordered: gives the form that pages are ordered by to a key.
        published: gives back the key.
    """
    return Walker(tuple(listed), tuple(followed), ordered, published)


@dataclass(frozen=True, eq=False)
class Walker:
    """The `walk` of a dataset; `make_walk` says what its parts are."""

    listed: Sequence[Part]
    followed: Sequence[Part]
    ordered: Callable[[str], str]
    published: Callable[[str], str]

    def __call__(self, session: Session, as_of: AsOf, page: Walk, /) -> Sequence[str]:
        """List the keys of one page."""
        after = self._from(page.after)
        if page.since is None:
            wanted = [(part, versions.is_known(part.table, as_of.change)) for part in self.listed]
            wanted = [
                (part, and_(known, versions.is_valid_on(part.table, as_of.valid_on)))
                for part, known in wanted
            ]
        else:
            parts = (*self.listed, *self.followed)
            wanted = [(part, _is_changed(part.table, page.since, as_of)) for part in parts]
        pages = [_first_keys(part, which, after, page.limit) for part, which in wanted]
        keys = union_of(*(select(one.subquery()) for one in pages)).subquery()
        statement = select(keys.c.key).order_by(keys.c.key).limit(page.limit)
        return [self.published(key) for key in session.scalars(statement)]

    def list_changed(
        self, session: Session, changes: Sequence[int], after: tuple[int, str], limit: int, /
    ) -> Sequence[Changed]:
        """List records that some changes may have touched, in order of change and key.

        Reads the versions that the changes recorded or ended; of a change that is a load of a
        register no more of them than the page needs.
        """
        numbers = list(changes)
        begun = after[0], self._from(after[1])
        if self._are_few(session, numbers):
            return self._list_touched(session, numbers, begun, limit)
        found: list[Changed] = []
        for number in numbers:
            behind = begun[1] if number == begun[0] else ""
            pages = [
                _first_keys(part, which == number, behind, limit - len(found))
                for part, which in self._places()
            ]
            keys = union_of(*(select(one.subquery()) for one in pages)).subquery()
            first = select(keys.c.key).order_by(keys.c.key).limit(limit - len(found))
            some = list(session.scalars(first))
            found += self._list_touched(session, [number], (number, behind), len(some), some)
            if len(found) == limit:
                break
        return found

    def _places(self) -> list[tuple[Part, ColumnElement[int]]]:
        """List where changes stand in the versions of the parts."""
        return [
            (part, number)
            for part in (*self.listed, *self.followed)
            for number in (part.table.c.from_change, part.table.c.to_change)
        ]

    def _are_few(self, session: Session, numbers: list[int]) -> bool:
        """Tell whether changes touched few enough versions to read them all; counts no more."""
        counted = union_all(
            *(
                select(
                    select(number.label("change")).where(number.in_(numbers)).limit(_FEW).subquery()
                )
                for _, number in self._places()
            )
        ).subquery()
        return (session.scalar(select(func.count()).select_from(counted)) or 0) < _FEW

    def _list_touched(
        self,
        session: Session,
        numbers: list[int],
        after: tuple[int, str],
        limit: int,
        keys: list[str] | None = None,
    ) -> list[Changed]:
        """List records of changes behind one of them.

        Args:
            keys: of the records that are wanted, as pages are ordered; None: all.
        """
        if not numbers or keys == []:
            return []
        touched = union_all(
            *(one for place in self._places() for one in _touched(*place, numbers, keys))
        ).subquery()
        place = tuple_(touched.c.change, touched.c.key)
        days = func.array_agg(touched.c.day.distinct(), type_=ARRAY(Date)).label("days")
        statement = (
            select(touched.c.change, touched.c.key, days)
            .where(place > tuple_(literal(after[0], BigInteger), literal(after[1], Text)))
            .group_by(touched.c.change, touched.c.key)
            .order_by(touched.c.change, touched.c.key)
            .limit(limit)
        )
        return [
            Changed(row.change, self.published(row.key), tuple(sorted(row.days)))
            for row in session.execute(statement)
        ]

    def _from(self, key: str) -> str:
        return self.ordered(key) if key else ""


def _touched(
    part: Part, number: ColumnElement[int], changes: list[int], keys: list[str] | None
) -> Iterator[Select[int, str, date]]:
    """Select records whose versions changes recorded or ended, and the days that bound them."""
    valid = part.table.c.valid
    # Of a version without a first day the days before its last are all alike: any will do.
    first = func.coalesce(func.lower(valid, type_=Date), literal(_LONG_AGO, Date))
    last = func.upper(valid, type_=Date)
    for day, is_bound in ((first, true()), (last, last.is_not(None))):
        key = cast(part.key, Text).label("key")
        statement = select(number.label("change"), key, day.label("day"))
        statement = statement.where(number.in_(changes), part.key.is_not(None), is_bound)
        if keys is not None:
            statement = statement.where(part.key.in_(keys))
        if part.joined is not None:
            statement = statement.select_from(part.joined)
        yield statement if part.condition is None else statement.where(part.condition)


def _first_keys(part: Part, which: ColumnElement[bool], after: str, limit: int) -> Select[str]:
    key = cast(part.key, Text).label("key") if part.joined is not None else part.key.label("key")
    statement = select(key).where(which, part.key > after)
    if part.joined is not None:
        statement = statement.select_from(part.joined)
    if part.condition is not None:
        statement = statement.where(part.condition)
    return statement.distinct().order_by(key).limit(limit)


def _is_changed(table: FromClause, since: AsOf, until: AsOf) -> ColumnElement[bool]:
    """Select versions that came or ended after a state, or whose days began or ended since.

    Versions of later changes than the state that is read are selected too: their records are read
    once more than needed, which does no harm.
    """
    change = since.change or 0
    starts = func.lower(table.c.valid, type_=Date)
    ends = func.upper(table.c.valid, type_=Date)
    first, last = sorted((since.valid_on, until.valid_on))
    passed = [and_(bound > first, bound <= last) for bound in (starts, ends)]
    return or_(table.c.from_change > change, table.c.to_change > change, *passed)
