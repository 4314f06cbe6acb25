"""Reads what the rules need to know; current knowledge, inside the writing transaction."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from databases import statements
from databases.changes import versions
from databases.changes.versions import AsOf
from land import errors, tables, values
from land.repository import rows
from land.rules import disposals


def is_name_known(session: Session, table: Table, name: str) -> bool:
    """Tell whether a name was ever given in a table, even if the record was annulled."""
    column = table.c[versions.key_of(table)[0]]
    return session.execute(select(column).where(column == name).limit(1)).first() is not None


def list_rows(
    session: Session, table: Table, column: str, names: Collection[str], *, on: date
) -> list[dict[str, Any]]:
    """List the rows of a day whose column holds one of some names, in the order of their keys."""
    statement = (
        select(table)
        .where(statements.is_one_of(table.c[column], names), versions.is_as_of(table, AsOf(on)))
        .order_by(*(table.c[name] for name in versions.key_of(table)))
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def get_parcel(session: Session, parcel_id: str, *, on: date) -> values.Parcel:
    """Read what is held of a parcel on a day.

    Raises:
        ParcelNotFound: nothing is.
    """
    row = versions.find_on(session, tables.parcel, {"parcel_id": parcel_id}, on)
    if row is None:
        raise errors.ParcelNotFound("No parcel of this name is registered on this day.")
    found = list_rows(session, tables.land_use, "parcel_id", [parcel_id], on=on)
    return rows.parcel_of(row, [rows.use_of(use) for use in found])


def find_parcels(
    session: Session, parcel_ids: Collection[str], *, on: date
) -> dict[str, values.Parcel]:
    """Read what is held of those parcels of some names that stand on a day, by name."""
    uses: dict[str, list[values.LandUse]] = {name: [] for name in parcel_ids}
    for use in list_rows(session, tables.land_use, "parcel_id", parcel_ids, on=on):
        uses[use["parcel_id"]].append(rows.use_of(use))
    return {
        row["parcel_id"]: rows.parcel_of(row, uses[row["parcel_id"]])
        for row in list_rows(session, tables.parcel, "parcel_id", parcel_ids, on=on)
    }


def find_end(session: Session, parcel_id: str) -> date | None:
    """Give the first day on which a parcel no longer stands; None while none is recorded."""
    versions_held = versions.list_current(session, tables.parcel, {"parcel_id": parcel_id})
    end: date | None = versions_held[-1]["valid"].upper
    return end


def list_rights(
    session: Session, column: str, names: Collection[str], *, on: date
) -> tuple[values.Right, ...]:
    """List the rights of a day with their holders.

    Args:
        column: of `land_right`: parcel_id, right_id or derived_from.
        names: values of it.
    """
    found = list_rows(session, tables.land_right, column, names, on=on)
    ids = [row["right_id"] for row in found]
    holders: dict[str, list[values.Holder]] = {right_id: [] for right_id in ids}
    for row in list_rows(session, tables.right_holder, "right_id", ids, on=on):
        holders[row["right_id"]].append(rows.holder_of(row))
    return tuple(rows.right_of(row, holders[row["right_id"]]) for row in found)


def get_right(session: Session, right_id: str, *, on: date) -> values.Right:
    """Read a right with its holders on a day.

    Raises:
        RightNotFound: there is none.
    """
    found = list_rights(session, "right_id", [right_id], on=on)
    if not found:
        raise errors.RightNotFound("No right of this name is registered on this day.")
    return found[0]


def list_mortgages(
    session: Session, right_ids: Collection[str], *, on: date
) -> tuple[values.Mortgage, ...]:
    """List the mortgages that stand on rights on a day."""
    found = list_rows(session, tables.mortgage, "right_id", right_ids, on=on)
    return tuple(rows.mortgage_of(row) for row in found)


def list_restriction_kinds(
    session: Session, parcel_ids: Collection[str], *, on: date
) -> frozenset[values.RestrictionKind]:
    """List the kinds of restrictions in force on parcels on a day."""
    found = list_rows(session, tables.restriction, "parcel_id", parcel_ids, on=on)
    return frozenset(values.RestrictionKind(row["kind"]) for row in found)


def list_certificate_ids(
    session: Session, right_ids: Collection[str], *, on: date
) -> tuple[str, ...]:
    """List the certificates in force that name at least one of some rights on a day."""
    certified = list_rows(session, tables.certificate_right, "right_id", right_ids, on=on)
    ids = {row["certificate_id"] for row in certified}
    in_force = values.CertificateStatus.IN_FORCE.value
    return tuple(
        row["certificate_id"]
        for row in list_rows(session, tables.certificate, "certificate_id", ids, on=on)
        if row["status"] == in_force
    )


def get_standing(session: Session, right_id: str, *, on: date) -> disposals.Standing:
    """Read all that decides whether a right may be disposed of on a day.

    Raises:
        RightNotFound: there is none.
    """
    right = get_right(session, right_id, on=on)
    return disposals.Standing(
        right=right,
        restrictions=list_restriction_kinds(session, [right.parcel_id], on=on),
        mortgages=list_mortgages(session, [right_id], on=on),
        is_certified=bool(list_certificate_ids(session, [right_id], on=on)),
    )


def has_later_version(
    session: Session, table: Table, column: str, names: Sequence[str], *, on: date
) -> bool:
    """Tell whether something is held of records that starts after a day."""
    later = select(table.c[column]).where(
        table.c[column].in_(names),
        table.c.to_change.is_(None),
        func.lower(table.c.valid) > on,
    )
    return session.execute(later.limit(1)).first() is not None
