"""Annulling a change that should never have been recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    MetaData,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import errors
from databases.changes import ledger as ledgers
from databases.changes import states, versions
from databases.changes.ledger import Act, Ledger

# Versioned tables of a register with the records in them that an act touched, in the order in
# which they are gone through.
Extent = Mapping[Table, ColumnElement[bool]]
# Acts that take back others bear this verb: what they record again is what stood before.
_ANNULLED: Final = "annulled"


class ChangeNotAnnullable(errors.Conflict):
    """The act cannot be annulled: nothing of it stands, or later acts were built on it."""

    code = "changes.change_not_annullable"


def annul_change(
    session: Session, ledger: Ledger, metadata: MetaData, *, act: Act, annulled: int
) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    The annulled change stays in the ledger and can be read as of its number.

    Args:
        session: of a writing transaction.
        ledger: of the register.
        metadata: of the register: its versioned tables are gone through.
        act: who annuls it, when, why.
        annulled: number of the change.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, or later acts were built on it.
    """
    change = ledgers.open_act(session, ledger, act, f"change.{_ANNULLED}")
    ledgers.require_change(session, ledger, annulled)
    everything = dict.fromkeys(versions.list_tables(metadata), true())
    revert(session, ledger, everything, annulled=annulled, change=change)
    return change


def revert(session: Session, ledger: Ledger, extent: Extent, *, annulled: int, change: int) -> None:
    """End what a former change recorded and record again what it ended, all of it.

    Raises:
        ChangeNotAnnullable: nothing of it stands, or later acts were built on it.
    """
    if any(_count_overtaken(session, ledger, *part, annulled) for part in extent.items()):
        raise ChangeNotAnnullable("Later acts were built on it; annul them first.")
    touched = _end_recorded(session, ledger, extent, annulled, change)
    try:
        with session.begin_nested():
            touched += sum(
                versions.renew(session, table, ended_by=annulled, change=change, condition=which)
                for table, which in extent.items()
            )
    except IntegrityError as error:
        message = "Later acts concern the same days; annul them first."
        raise ChangeNotAnnullable(message) from error
    if not touched:
        raise ChangeNotAnnullable("Nothing that it recorded stands.")


@dataclass(frozen=True, slots=True)
class Unrestored:
    """A version that could not be recorded again, because something else stands in its place."""

    table: Table
    row: Mapping[str, Any]


def revert_what_stands(
    session: Session, ledger: Ledger, extent: Extent, *, annulled: int, change: int
) -> list[Unrestored]:
    """End what still stands of a former change and record again what it ended, where that fits.

    Returns:
        the versions in whose place later acts have put something else.
    """
    _end_recorded(session, ledger, extent, annulled, change)
    unrestored = []
    for table, which in extent.items():
        statement = select(table).where(table.c.to_change == annulled, which)
        for row in [dict(found) for found in session.execute(statement).mappings()]:
            try:
                with session.begin_nested():
                    values = {**versions.record_of(row), "valid": row["valid"]}
                    versions.add(session, table, [values], change=change)
            except (IntegrityError, versions.OverlappingValidity):
                unrestored.append(Unrestored(table, row))
    return unrestored


def require_no_orphans(
    session: Session, named: Table, naming: Iterable[tuple[Table, str]], *, change: int
) -> None:
    """Refuse an annulment that takes a record away while others that name it stand.

    Args:
        session: of the transaction that annuls.
        named: table of the record; one column is its key.
        naming: tables with the column that names it.
        change: number of the annulling change.

    Raises:
        ChangeNotAnnullable: a record of `naming` would name nothing.
    """
    (key,) = versions.key_of(named)
    standing = named.alias("standing")
    is_gone = ~exists().where(standing.c[key] == named.c[key], standing.c.to_change.is_(None))
    gone = select(named.c[key]).where(named.c.to_change == change, is_gone)
    for table, column in naming:
        orphan = select(table.c.from_change).where(
            table.c.to_change.is_(None), table.c[column].in_(gone)
        )
        if session.execute(orphan.limit(1)).first() is not None:
            message = f"A {table.name} names what it recorded; annul that first."
            raise ChangeNotAnnullable(message)


def _end_recorded(
    session: Session, ledger: Ledger, extent: Extent, annulled: int, change: int
) -> int:
    """End the versions that a change recorded, or that came back when a later act was annulled."""
    return sum(
        versions.end_where(
            session,
            table,
            and_(
                which,
                or_(table.c.from_change == annulled, _came_back(session, ledger, table, annulled)),
            ),
            change=change,
        )
        for table, which in extent.items()
    )


def _count_overtaken(
    session: Session, ledger: Ledger, table: Table, which: ColumnElement[bool], annulled: int
) -> int:
    """Count the versions that a change recorded and that later changes have ended for good."""
    standing = table.alias("standing")
    overtaken = (
        select(func.count())
        .select_from(table)
        .where(
            which,
            table.c.from_change == annulled,
            table.c.to_change.is_not(None),
            ~exists().where(
                states.is_equal(table, standing),
                standing.c.to_change.is_(None),
                _by_annulling(session, ledger, standing, annulled),
            ),
        )
    )
    return session.execute(overtaken).scalar_one()


def _came_back(
    session: Session, ledger: Ledger, table: Table, annulled: int
) -> ColumnElement[bool]:
    recorded = table.alias("recorded")
    return and_(
        _by_annulling(session, ledger, table, annulled),
        exists().where(states.is_equal(table, recorded), recorded.c.from_change == annulled),
    )


def _by_annulling(
    session: Session, ledger: Ledger, table: FromClause, since: int
) -> ColumnElement[bool]:
    """Select the versions that were recorded again when some later act was annulled."""
    later = select(ledger.change.c.change_id).where(
        ledger.change.c.change_id > since, ledger.change.c.act.endswith(f".{_ANNULLED}")
    )
    return table.c.from_change.in_(session.scalars(later).all())
