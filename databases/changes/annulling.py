"""Annulling a change that should never have been recorded."""

from collections.abc import Iterable

from sqlalchemy import MetaData, Table, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import errors
from databases.changes import ledger as ledgers
from databases.changes import versions
from databases.changes.ledger import Act, Ledger


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
    tables = versions.list_tables(metadata)
    change = ledgers.open_act(session, ledger, act, "change.annulled")
    ledgers.require_change(session, ledger, annulled)
    if any(_count_overtaken(session, table, annulled) for table in tables):
        raise ChangeNotAnnullable("Later acts were built on it; annul them first.")
    touched = sum(
        versions.end_where(session, table, table.c.from_change == annulled, change=change)
        for table in tables
    )
    try:
        with session.begin_nested():
            touched += sum(
                versions.renew(session, table, ended_by=annulled, change=change) for table in tables
            )
    except IntegrityError as error:
        message = "Later acts concern the same days; annul them first."
        raise ChangeNotAnnullable(message) from error
    if not touched:
        raise ChangeNotAnnullable("Nothing that it recorded stands.")
    return change


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


def _count_overtaken(session: Session, table: Table, annulled: int) -> int:
    """Count the versions that a change recorded and that later changes have ended."""
    overtaken = (
        select(func.count())
        .select_from(table)
        .where(table.c.from_change == annulled, table.c.to_change.is_not(None))
    )
    return session.execute(overtaken).scalar_one()
