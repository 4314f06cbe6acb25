"""The schema, the ledger and the column groups that several tables share."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Text
from sqlalchemy.dialects.postgresql import JSONB

from databases import base
from databases.changes import ledger
from databases.code_lists import tables as code_list_tables

metadata = base.new_metadata("enterprise")
the_ledger = ledger.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)


def text_column(name: str, comment: str, **options: Any) -> Column[str]:
    """Define a column of text."""
    return Column(name, Text, comment=comment, **options)


def enterprise_code_column() -> Column[str]:
    """Define the column that names the enterprise in every table."""
    return text_column(
        "enterprise_code", "enterprise code, ten digits, also its tax code", nullable=False
    )


def address_columns(what: str) -> tuple[Any, ...]:
    """Define the columns of an address: as written, and as far as it was resolved."""
    return (
        text_column(
            "address_as_written", f"{what} as the file writes it, never altered", nullable=False
        ),
        text_column("street", f"{what}: what stands before the commune"),
        text_column("commune_code", f"{what}: commune, in the version beside it"),
        text_column(
            "commune_version",
            "version of the list of administrative units that commune and province codes are of",
        ),
        text_column("province_code", f"{what}: province, in commune_version"),
        text_column(
            "address_status",
            "exact, ambiguous (see candidates) or unresolved",
            nullable=False,
        ),
        Column(
            "address_candidates",
            JSONB(none_as_null=True),
            comment="for an ambiguous address: each possible unit with its evidence",
        ),
        CheckConstraint(
            "address_status IN ('exact', 'ambiguous', 'unresolved')", name="address_status"
        ),
        CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name="unit_has_version",
        ),
        CheckConstraint(
            "address_status <> 'exact' OR (commune_code IS NOT NULL AND province_code IS NOT NULL)",
            name="exact_has_commune",
        ),
    )


def party_columns(role: str) -> tuple[Any, ...]:
    """Define the columns that name a person or body and what the file says of it."""
    return (
        text_column(
            "party_ref",
            f"{role}: pin:…, document:CC:…, enterprise:…, organisation:CC:… or state:…",
            nullable=False,
        ),
        text_column("party_name", f"{role}: name as the file writes it", nullable=False),
        Column("birth_date", Date, comment=f"{role}: date of birth of an individual"),
        text_column("nationality_code", f"{role}: country, ISO 3166-1 alpha-2"),
        text_column("contact_address", f"{role}: contact address as written"),
    )


INDIVIDUAL = "party_ref ~ '^(pin:[0-9]{12}|document:[A-Z]{2}:[0-9A-Z]{3,30})$'"
PARTY = (
    "party_ref ~ '^(pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}[.0-9A-Z]*"
    "|(document|organisation):[A-Z]{2}:[0-9A-Z]{3,30})$'"
)
