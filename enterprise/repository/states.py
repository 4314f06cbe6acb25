"""Reads what the rules need to know; current knowledge, inside the writing transaction."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from databases.changes.versions import AsOf
from enterprise import errors, tables, values
from enterprise.repository import rows


def is_code_known(session: Session, enterprise_code: str) -> bool:
    """Tell whether the code was ever given, even if the registration was annulled."""
    column = tables.enterprise.c.enterprise_code
    found = select(column).where(column == enterprise_code).limit(1)
    return session.execute(found).first() is not None


def get_details(session: Session, enterprise_code: str, *, on: date) -> values.Details:
    """Read what is held of an enterprise on a day.

    Raises:
        EnterpriseNotFound: nothing is.
    """
    row = versions.find_on(session, tables.enterprise, {"enterprise_code": enterprise_code}, on)
    if row is None:
        raise errors.EnterpriseNotFound("No enterprise of this code is registered on this day.")
    return rows.details_of(row)


def list_status_facts(session: Session, enterprise_code: str, *, on: date) -> frozenset[int]:
    """List the status codes whose facts hold on a day."""
    table = tables.status_period
    statement = select(table.c.status_code).where(
        table.c.enterprise_code == enterprise_code, versions.is_as_of(table, AsOf(on))
    )
    return frozenset(session.execute(statement).scalars())


def has_units(session: Session, enterprise_code: str, *, on: date) -> bool:
    """Tell whether an enterprise has a dependent unit on a day or later."""
    key = {"enterprise_code": enterprise_code}
    return bool(versions.list_current(session, tables.dependent_unit, key, periods.period(on)))
