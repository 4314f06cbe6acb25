"""The tables of the enterprise register."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    Numeric,
    SmallInteger,
)
from sqlalchemy.dialects.postgresql import JSONB

from databases import base
from databases.changes import ledger as ledger_module
from databases.changes import versions
from databases.code_lists import tables as code_list_tables
from enterprise import values

_text = base.text_column

metadata = base.new_metadata("enterprise")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)


def _enterprise_code() -> Column[str]:
    """Define the column that names the enterprise in every table."""
    return _text(
        "enterprise_code", "enterprise code, ten digits, also its tax code", nullable=False
    )


def _address(what: str) -> tuple[Any, ...]:
    """Define the columns of an address: as written, and as far as it was resolved."""
    return (
        _text("address_as_written", f"{what} as the file writes it, never altered", nullable=False),
        _text("street", f"{what}: what stands before the commune"),
        _text("commune_code", f"{what}: commune, in the version beside it"),
        _text(
            "commune_version",
            "version of the list of administrative units that commune and province codes are of",
        ),
        _text("province_code", f"{what}: province, in commune_version"),
        _text(
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


def _party(role: str) -> tuple[Any, ...]:
    """Define the columns that name a person or body and what the file says of it."""
    return (
        _text(
            "party_ref",
            f"{role}: pin:…, document:CC:…, enterprise:…, organisation:CC:… or state:…",
            nullable=False,
        ),
        _text("party_name", f"{role}: name as the file writes it", nullable=False),
        Column("birth_date", Date, comment=f"{role}: date of birth of an individual"),
        _text("nationality_code", f"{role}: country, ISO 3166-1 alpha-2"),
        _text("contact_address", f"{role}: contact address as written"),
    )


_INDIVIDUAL = "party_ref ~ '^(pin:[0-9]{12}|document:[A-Z]{2}:[0-9A-Z]{3,30})$'"
_PARTY = (
    "party_ref ~ '^(pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}[.0-9A-Z]*"
    "|(document|organisation):[A-Z]{2}:[0-9A-Z]{3,30})$'"
)

enterprise = versions.versioned_table(
    "enterprise",
    metadata,
    _enterprise_code(),
    _text("name_vi", "Vietnamese name as registered; names are not unique", nullable=False),
    _text("name_foreign", "name in a foreign language"),
    _text("name_short", "short name"),
    _text("name_key", "comparison key of name_vi, made by databases.vietnamese", nullable=False),
    _text("legal_type", "LLC1, LLC2, JSC, PART, PRIV, COOP, COOPU or HB", nullable=False),
    *_address("head office"),
    _text("phone", "telephone"),
    _text("email", "e-mail address"),
    _text("website", "website"),
    Column(
        "charter_capital_amount",
        Numeric(24, 2),
        comment="charter capital (investment capital of a private enterprise), in its currency",
    ),
    _text("charter_capital_currency", "currency of all amounts, ISO 4217", nullable=False),
    Column("state_share", Numeric, comment="part of charter capital held by the State, 0 to 1"),
    Column("foreign_share", Numeric, comment="part held by foreign investors, 0 to 1"),
    Column("share_par_value_amount", Numeric(24, 2), comment="par value of a share"),
    Column(
        "share_classes",
        JSONB(none_as_null=True),
        comment="classes of shares: list of class, number of shares",
    ),
    Column("employees", Integer, comment="expected number of employees"),
    _text("tax_office_code", "tax office in charge"),
    Column(
        "tax_information",
        JSONB(none_as_null=True),
        comment="chief accountant, fiscal year, start of accounting, VAT method, insurance payment",
    ),
    Column("registered_on", Date, nullable=False, comment="day of the first certificate"),
    Column(
        "registration_change_no",
        Integer,
        nullable=False,
        comment="number of the last change of the registration (0: first registration)",
    ),
    base.digits("enterprise_code", 10, name="code_shape"),
    base.one_of("legal_type", values.LegalType, name="legal_type"),
    CheckConstraint("charter_capital_amount >= 0", name="capital_not_negative"),
    CheckConstraint("state_share BETWEEN 0 AND 1", name="state_share"),
    CheckConstraint("foreign_share BETWEEN 0 AND 1", name="foreign_share"),
    key=("enterprise_code",),
    comment="an enterprise, cooperative or household business as registered",
)
versions.current_trigrams("ix_enterprise_name_key", enterprise.c.name_key)
versions.current_index("ix_enterprise_place", enterprise.c.province_code, enterprise.c.commune_code)

dependent_unit = versions.versioned_table(
    "dependent_unit",
    metadata,
    _enterprise_code(),
    _text(
        "unit_code",
        "NNNNNNNNNN-NNN of a branch or representative office, five digits of a location",
        nullable=False,
    ),
    _text("kind", "BRANCH, REP or LOC", nullable=False),
    _text("name_vi", "Vietnamese name as registered", nullable=False),
    _text("name_foreign", "name in a foreign language"),
    *_address("unit"),
    _text("phone", "telephone"),
    Column("registered_on", Date, nullable=False, comment="day of the first certificate"),
    base.one_of("kind", values.UnitKind, name="kind"),
    CheckConstraint(
        "CASE kind WHEN 'LOC' THEN unit_code ~ '^[0-9]{5}$'"
        " ELSE unit_code ~ ('^' || enterprise_code || '-[0-9]{3}$') END",
        name="unit_code_fits",
    ),
    key=("enterprise_code", "unit_code"),
    comment="a branch, representative office or business location of an enterprise",
)

industry_line = versions.versioned_table(
    "industry_line",
    metadata,
    _enterprise_code(),
    _text("vsic_version", "version of the industry classification", nullable=False),
    _text("vsic_code", "code in that version; never read it without the version", nullable=False),
    Column("is_principal", Boolean, nullable=False, comment="the principal line of business"),
    _text("detail", "free detail of the line"),
    key=("enterprise_code", "vsic_version", "vsic_code"),
    comment="a line of business of an enterprise",
)
# One principal line a day: the rule `one_principal` of the migration (assets/no_overlap_0001.sql).
versions.current_index(
    "ix_industry_line_code", industry_line.c.vsic_code, industry_line.c.vsic_version
)

legal_representative = versions.versioned_table(
    "legal_representative",
    metadata,
    _enterprise_code(),
    *_party("representative"),
    _text("sex", "sex as the file says: male, female or unknown"),
    _text("title", "title in the enterprise"),
    CheckConstraint(_INDIVIDUAL, name="party_ref"),
    key=("enterprise_code", "party_ref"),
    comment="an individual who represents an enterprise at law",
)
versions.current_index("ix_legal_representative_party", legal_representative.c.party_ref)

ownership = versions.versioned_table(
    "ownership",
    metadata,
    _enterprise_code(),
    *_party("owner"),
    _text("kind", "owner, member, partner or shareholder", nullable=False),
    Column("capital_share", Numeric, comment="part of charter capital, above 0, at most 1"),
    Column("voting_share", Numeric, comment="part of the votes; null: same as capital_share"),
    Column("contributed_amount", Numeric(24, 2), comment="contribution, in the capital's currency"),
    _text("asset_kind", "kind of assets contributed"),
    Column("contribution_due_on", Date, comment="last day to contribute"),
    CheckConstraint(_PARTY, name="party_ref"),
    base.one_of("kind", values.OwnershipKind, name="kind"),
    CheckConstraint("capital_share > 0 AND capital_share <= 1", name="capital_share"),
    CheckConstraint("voting_share BETWEEN 0 AND 1", name="voting_share"),
    key=("enterprise_code", "party_ref"),
    comment="what somebody holds of an enterprise's charter capital and votes",
)
versions.current_index("ix_ownership_party", ownership.c.party_ref)

control = versions.versioned_table(
    "control",
    metadata,
    _enterprise_code(),
    *_party("controller"),
    _text("means", "by what the individual controls the enterprise", nullable=False),
    CheckConstraint(_INDIVIDUAL, name="party_ref"),
    base.one_of("means", values.ControlMeans, name="means"),
    key=("enterprise_code", "party_ref", "means"),
    comment="control of an enterprise by other means than capital or votes",
)

status_period = versions.versioned_table(
    "status_period",
    metadata,
    _enterprise_code(),
    Column(
        "status_code",
        SmallInteger,
        nullable=False,
        comment="2 to 7 of Decree 168/2025 art. 35; 1 (operating) holds when no other does",
    ),
    _text("reason", "why, as the decision or notice says"),
    _text("decided_by", "agency or body that decided"),
    _text("decision_no", "number of the decision or notice"),
    Column("notified_on", Date, comment="day of the enterprise's notice, if it gave one"),
    CheckConstraint("status_code BETWEEN 2 AND 7", name="status_code"),
    key=("enterprise_code", "status_code"),
    comment="a fact that bears on the legal status; the status of a day follows by precedence",
)

succession = versions.versioned_table(
    "succession",
    metadata,
    _enterprise_code(),
    _text("successor_code", "enterprise that it passed into, wholly or partly", nullable=False),
    _text("kind", "merge, consolidate, split, separate or convert", nullable=False),
    base.digits("successor_code", 10, name="successor_code"),
    base.one_of("kind", values.SuccessionKind, name="kind"),
    key=("enterprise_code", "successor_code"),
    comment="an enterprise and its successor, from the day of the reorganisation on",
)
versions.current_index("ix_succession_successor", succession.c.successor_code)
