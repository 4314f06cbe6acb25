"""Reads and writes the records of one enterprise for the service."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods, vietnamese
from databases.changes import versions
from databases.changes.versions import AsOf
from enterprise import errors, tables, values

_ALWAYS: Range[date] = Range(None, None, bounds="()")
# Every table of an enterprise with the columns that tell its entries apart.
ENTRY_KEYS: Mapping[str, tuple[str, ...]] = {
    "dependent_unit": ("unit_code",),
    "industry_line": ("vsic_version", "vsic_code"),
    "legal_representative": ("party_ref",),
    "ownership": ("party_ref",),
    "control": ("party_ref", "means"),
    "status_period": ("status_code",),
    "succession": ("successor_code",),
}
_SAME_NAME = tuple(
    field.name for field in fields(values.Details) if field.name in tables.enterprise.c
)


def _address_row(address: values.Address) -> dict[str, Any]:
    return {
        "address_as_written": address.as_written,
        "street": address.street,
        "commune_code": address.commune_code,
        "commune_version": address.commune_version,
        "province_code": address.province_code,
        "address_status": address.status,
        "address_candidates": [dict(c) for c in address.candidates] or None,
    }


def _address(row: Mapping[str, Any]) -> values.Address:
    return values.Address(
        as_written=row["address_as_written"],
        status=row["address_status"],
        street=row["street"],
        commune_code=row["commune_code"],
        commune_version=row["commune_version"],
        province_code=row["province_code"],
        candidates=tuple(row["address_candidates"] or ()),
    )


def details_row(details: values.Details) -> dict[str, Any]:
    """Make the columns of details; the name's comparison key is made here."""
    row = {name: getattr(details, name) for name in _SAME_NAME}
    return {
        **row,
        **_address_row(details.address),
        "legal_type": details.legal_type.value,
        "name_key": vietnamese.name_key(details.name_vi),
        "share_classes": [dict(c) for c in details.share_classes] or None,
        "tax_information": None
        if details.tax_information is None
        else dict(details.tax_information),
    }


def _details(row: Mapping[str, Any]) -> values.Details:
    read = {name: row[name] for name in _SAME_NAME}
    read["legal_type"] = values.LegalType(row["legal_type"])
    read["share_classes"] = tuple(row["share_classes"] or ())
    return values.Details(address=_address(row), **read)


def _party_row(party: values.Party, who: Any) -> dict[str, Any]:
    return {
        "party_ref": party.ref,
        "party_name": who.name,
        "birth_date": who.birth_date,
        "nationality_code": who.nationality_code,
        "contact_address": who.contact_address,
    }


def line_row(line: values.IndustryLine) -> dict[str, Any]:
    """Make the columns of a line of business."""
    return {
        name: getattr(line, name)
        for name in ("vsic_version", "vsic_code", "is_principal", "detail")
    }


def representative_row(who: values.Representative) -> dict[str, Any]:
    """Make the columns of a legal representative."""
    return {**_party_row(who.party, who), "sex": who.sex, "title": who.title}


def owner_row(owner: values.Owner) -> dict[str, Any]:
    """Make the columns of an owner."""
    names = ("capital_share", "voting_share", "contributed_amount", "asset_kind")
    return {
        **_party_row(owner.party, owner),
        **{name: getattr(owner, name) for name in names},
        "kind": owner.kind.value,
        "contribution_due_on": owner.contribution_due_on,
    }


def controller_row(controller: values.Controller) -> dict[str, Any]:
    """Make the columns of somebody who controls by other means."""
    return {**_party_row(controller.party, controller), "means": controller.means.value}


def unit_row(unit: values.DependentUnit) -> dict[str, Any]:
    """Make the columns of a dependent unit."""
    return {
        **_address_row(unit.address),
        "unit_code": unit.unit_code,
        "kind": unit.kind.value,
        "name_vi": unit.name_vi,
        "name_foreign": unit.name_foreign,
        "phone": unit.phone,
        "registered_on": unit.registered_on,
    }


def is_code_known(session: Session, enterprise_code: str) -> bool:
    """Tell whether the code was ever given, even if the registration was annulled."""
    column = tables.enterprise.c.enterprise_code
    statement = select(func.count()).select_from(
        select(column).where(column == enterprise_code).limit(1).subquery()
    )
    return bool(session.execute(statement).scalar_one())


def get_details(session: Session, enterprise_code: str, *, on: date) -> values.Details:
    """Read what is held of an enterprise on a day.

    Raises:
        EnterpriseNotFound: nothing is.
    """
    table = tables.enterprise
    statement = select(table).where(
        table.c.enterprise_code == enterprise_code, versions.is_as_of(table, AsOf(on))
    )
    row = session.execute(statement).mappings().one_or_none()
    if row is None:
        raise errors.EnterpriseNotFound("No enterprise of this code is registered on this day.")
    return _details(dict(row))


def list_status_facts(session: Session, enterprise_code: str, *, on: date) -> frozenset[int]:
    """List the status codes whose facts hold on a day."""
    table = tables.status_period
    statement = select(table.c.status_code).where(
        table.c.enterprise_code == enterprise_code, versions.is_as_of(table, AsOf(on))
    )
    return frozenset(session.execute(statement).scalars())


def add_enterprise(
    session: Session, enterprise_code: str, details: values.Details, *, change: int
) -> None:
    """Add an enterprise from the day of its registration on."""
    valid = periods.period(details.registered_on)
    row = {"enterprise_code": enterprise_code, **details_row(details), "valid": valid}
    versions.add(session, tables.enterprise, [row], change=change)


def amend_details(
    session: Session,
    enterprise_code: str,
    changed: Mapping[str, Any],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Set columns of an enterprise for the days of a period."""
    key = {"enterprise_code": enterprise_code}
    versions.amend(session, tables.enterprise, key, changed, valid=valid, change=change)


def add_entries(
    session: Session,
    table: Table,
    enterprise_code: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Add entries of an enterprise for the days of a period.

    Raises:
        OverlappingValidity: the register holds such an entry on some of these days.
    """
    prepared = [{"enterprise_code": enterprise_code, **row, "valid": valid} for row in rows]
    versions.add(session, table, prepared, change=change)


def replace_entries(
    session: Session,
    table: Table,
    enterprise_code: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    on: date,
    change: int,
) -> None:
    """Make the entries from a day on be those given; equal ones stay untouched."""
    names = ENTRY_KEYS[table.name]
    valid = periods.period(on)
    held = versions.list_current(session, table, {"enterprise_code": enterprise_code}, valid)
    wanted = {tuple(row[n] for n in names): row for row in rows}
    kept = set()
    for row in held:
        key = tuple(row[n] for n in names)
        new = wanted.get(key)
        if new is not None and all(row[name] == value for name, value in new.items()):
            kept.add(key)
            continue
        close_entry(session, table, enterprise_code, key, valid=valid, change=change)
    added = [row for key, row in wanted.items() if key not in kept]
    add_entries(session, table, enterprise_code, added, valid=valid, change=change)


def close_entry(
    session: Session,
    table: Table,
    enterprise_code: str,
    key: Sequence[Any],
    *,
    valid: Range[date],
    change: int,
) -> int:
    """End one entry on the days of a period; gives the number of versions that were ended."""
    names = ENTRY_KEYS[table.name]
    full_key = {"enterprise_code": enterprise_code, **dict(zip(names, key, strict=True))}
    return versions.close(session, table, full_key, valid=valid, change=change)


def annul_everything(session: Session, enterprise_code: str, *, change: int) -> int:
    """End all that is held of an enterprise, for all days; gives the number of ended versions."""
    key = {"enterprise_code": enterprise_code}
    ended = 0
    for name in ("enterprise", *ENTRY_KEYS):
        table = tables.metadata.tables[f"enterprise.{name}"]
        ended += versions.close(session, table, key, valid=_ALWAYS, change=change)
    return ended
