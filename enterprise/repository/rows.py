"""Turns values into rows of the tables and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from databases import vietnamese
from enterprise import tables, values

Columns = dict[str, Any]
_SAME_NAME = tuple(
    field.name for field in fields(values.Details) if field.name in tables.enterprise.c
)


def _address_columns(address: values.Address) -> Columns:
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


def details_columns(details: values.Details) -> Columns:
    """Make the columns of details; the name's comparison key is made here."""
    row = {name: getattr(details, name) for name in _SAME_NAME}
    return {
        **row,
        **_address_columns(details.address),
        "legal_type": details.legal_type.value,
        "name_key": vietnamese.name_key(details.name_vi),
        "share_classes": [dict(c) for c in details.share_classes] or None,
        "tax_information": None
        if details.tax_information is None
        else dict(details.tax_information),
    }


def details_of(row: Mapping[str, Any]) -> values.Details:
    """Read the details of a row."""
    read = {name: row[name] for name in _SAME_NAME}
    read["legal_type"] = values.LegalType(row["legal_type"])
    read["share_classes"] = tuple(row["share_classes"] or ())
    return values.Details(address=_address(row), **read)


def _party_columns(party: values.Party, who: Any) -> Columns:
    return {
        "party_ref": party.ref,
        "party_name": who.name,
        "birth_date": who.birth_date,
        "nationality_code": who.nationality_code,
        "contact_address": who.contact_address,
    }


def line_columns(line: values.IndustryLine) -> Columns:
    """Make the columns of a line of business."""
    return {
        name: getattr(line, name)
        for name in ("vsic_version", "vsic_code", "is_principal", "detail")
    }


def representative_columns(who: values.Representative) -> Columns:
    """Make the columns of a legal representative."""
    return {**_party_columns(who.party, who), "sex": who.sex, "title": who.title}


def owner_columns(owner: values.Owner) -> Columns:
    """Make the columns of an owner."""
    names = ("capital_share", "voting_share", "contributed_amount", "asset_kind")
    return {
        **_party_columns(owner.party, owner),
        **{name: getattr(owner, name) for name in names},
        "kind": owner.kind.value,
        "contribution_due_on": owner.contribution_due_on,
    }


def controller_columns(controller: values.Controller) -> Columns:
    """Make the columns of somebody who controls by other means."""
    return {**_party_columns(controller.party, controller), "means": controller.means.value}


def unit_columns(unit: values.DependentUnit) -> Columns:
    """Make the columns of a dependent unit."""
    return {
        **_address_columns(unit.address),
        "unit_code": unit.unit_code,
        "kind": unit.kind.value,
        "name_vi": unit.name_vi,
        "name_foreign": unit.name_foreign,
        "phone": unit.phone,
        "registered_on": unit.registered_on,
    }
