"""Enterprises, their dependent units and their lines of business."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
)
from sqlalchemy.dialects.postgresql import JSONB

from databases.changes import versions
from enterprise.tables import structure

_text = structure.text_column

enterprise = versions.versioned_table(
    "enterprise",
    structure.metadata,
    structure.enterprise_code_column(),
    _text("name_vi", "Vietnamese name as registered; names are not unique", nullable=False),
    _text("name_foreign", "name in a foreign language"),
    _text("name_short", "short name"),
    _text("name_key", "comparison key of name_vi, made by databases.vietnamese", nullable=False),
    _text("legal_type", "LLC1, LLC2, JSC, PART, PRIV, COOP, COOPU or HB", nullable=False),
    *structure.address_columns("head office"),
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
    CheckConstraint("enterprise_code ~ '^[0-9]{10}$'", name="code_shape"),
    CheckConstraint(
        "legal_type IN ('LLC1', 'LLC2', 'JSC', 'PART', 'PRIV', 'COOP', 'COOPU', 'HB')",
        name="legal_type",
    ),
    CheckConstraint("charter_capital_amount >= 0", name="capital_not_negative"),
    CheckConstraint("state_share BETWEEN 0 AND 1", name="state_share"),
    CheckConstraint("foreign_share BETWEEN 0 AND 1", name="foreign_share"),
    key=("enterprise_code",),
    comment="an enterprise, cooperative or household business as registered",
)
Index(
    "ix_enterprise_name_key",
    enterprise.c.name_key,
    postgresql_using="gin",
    postgresql_ops={"name_key": "gin_trgm_ops"},
    postgresql_where=enterprise.c.to_change.is_(None),
)
Index(
    "ix_enterprise_place",
    enterprise.c.province_code,
    enterprise.c.commune_code,
    postgresql_where=enterprise.c.to_change.is_(None),
)

dependent_unit = versions.versioned_table(
    "dependent_unit",
    structure.metadata,
    structure.enterprise_code_column(),
    _text(
        "unit_code",
        "NNNNNNNNNN-NNN of a branch or representative office, five digits of a location",
        nullable=False,
    ),
    _text("kind", "BRANCH, REP or LOC", nullable=False),
    _text("name_vi", "Vietnamese name as registered", nullable=False),
    _text("name_foreign", "name in a foreign language"),
    *structure.address_columns("unit"),
    _text("phone", "telephone"),
    Column("registered_on", Date, nullable=False, comment="day of the first certificate"),
    CheckConstraint("kind IN ('BRANCH', 'REP', 'LOC')", name="kind"),
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
    structure.metadata,
    structure.enterprise_code_column(),
    _text("vsic_version", "version of the industry classification", nullable=False),
    _text("vsic_code", "code in that version; never read it without the version", nullable=False),
    Column("is_principal", Boolean, nullable=False, comment="the principal line of business"),
    _text("detail", "free detail of the line"),
    key=("enterprise_code", "vsic_version", "vsic_code"),
    comment="a line of business of an enterprise",
)
# One principal line a day: the rule `one_principal` of the migration (assets/no_overlap_0001.sql).
Index(
    "ix_industry_line_code",
    industry_line.c.vsic_code,
    industry_line.c.vsic_version,
    postgresql_where=industry_line.c.to_change.is_(None),
)
