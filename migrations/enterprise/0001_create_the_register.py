"""Create the enterprise register.

Revision: 0001, after the beginning.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import assets

# Table → columns that name a record.
VERSIONED = {
    "control": ("enterprise_code", "party_ref", "means"),
    "dependent_unit": ("enterprise_code", "unit_code"),
    "enterprise": ("enterprise_code",),
    "industry_line": ("enterprise_code", "vsic_version", "vsic_code"),
    "legal_representative": ("enterprise_code", "party_ref"),
    "ownership": ("enterprise_code", "party_ref"),
    "status_period": ("enterprise_code", "status_code"),
    "succession": ("enterprise_code", "successor_code"),
}

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "change",
        sa.Column(
            "change_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="number of the change; grows by one in commit order, without gaps",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="moment at which the register took note",
        ),
        sa.Column(
            "recorded_by", sa.Text(), nullable=False, comment="officer or system that recorded it"
        ),
        sa.Column("act", sa.Text(), nullable=False, comment="register, noun and verb of the act"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why, in words"),
        sa.Column(
            "legal_basis",
            sa.Text(),
            nullable=False,
            comment="article that allows or orders the act",
        ),
        sa.Column(
            "source_document",
            sa.Text(),
            nullable=False,
            comment="paper or message that the facts come from",
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_change")),
        schema="enterprise",
        comment="the ledger: one row per change of the register",
    )
    op.create_index(
        "ix_change_recorded_at", "change", ["recorded_at"], unique=False, schema="enterprise"
    )
    op.create_table(
        "change_head",
        sa.Column(
            "singleton",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="always 1: the table has one row",
        ),
        sa.Column(
            "last_change",
            sa.BigInteger(),
            nullable=False,
            comment="number of the last change; its row lock puts writers in order",
        ),
        sa.Column(
            "transaction_id",
            sa.Text(),
            server_default="0",
            nullable=False,
            comment="transaction that took the number: versions are checked against it",
        ),
        sa.CheckConstraint("singleton = 1", name=op.f("ck_change_head_one_row")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_change_head")),
        schema="enterprise",
        comment="where the ledger stands",
    )
    op.create_table(
        "control",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "party_ref",
            sa.Text(),
            nullable=False,
            comment="controller: pin:…, document:CC:…, enterprise:…, organisation:CC:… or state:…",
        ),
        sa.Column(
            "party_name",
            sa.Text(),
            nullable=False,
            comment="controller: name as the file writes it",
        ),
        sa.Column(
            "birth_date",
            sa.Date(),
            nullable=True,
            comment="controller: date of birth of an individual",
        ),
        sa.Column(
            "nationality_code",
            sa.Text(),
            nullable=True,
            comment="controller: country, ISO 3166-1 alpha-2",
        ),
        sa.Column(
            "contact_address",
            sa.Text(),
            nullable=True,
            comment="controller: contact address as written",
        ),
        sa.Column(
            "means",
            sa.Text(),
            nullable=False,
            comment="by what the individual controls the enterprise",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "means IN ('appoint_majority', 'appoint_chair', 'appoint_representative', 'appoint_director', 'amend_charter', 'change_structure', 'reorganise_or_dissolve')",
            name=op.f("ck_control_means"),
        ),
        sa.CheckConstraint(
            "party_ref ~ '^(pin:[0-9]{12}|document:[A-Z]{2}:[0-9A-Z]{3,30})$'",
            name=op.f("ck_control_party_ref"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_control_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_control_change_order")),
        sa.PrimaryKeyConstraint(
            "enterprise_code", "party_ref", "means", "from_change", "valid", name=op.f("pk_control")
        ),
        schema="enterprise",
        comment="control of an enterprise by other means than capital or votes",
    )
    op.create_index(
        "ix_control_current",
        "control",
        [
            "enterprise_code",
            "party_ref",
            "means",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "dependent_unit",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "unit_code",
            sa.Text(),
            nullable=False,
            comment="NNNNNNNNNN-NNN of a branch or representative office, five digits of a location",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="BRANCH, REP or LOC"),
        sa.Column("name_vi", sa.Text(), nullable=False, comment="Vietnamese name as registered"),
        sa.Column("name_foreign", sa.Text(), nullable=True, comment="name in a foreign language"),
        sa.Column(
            "address_as_written",
            sa.Text(),
            nullable=False,
            comment="unit as the file writes it, never altered",
        ),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="unit: what stands before the commune"
        ),
        sa.Column(
            "commune_code",
            sa.Text(),
            nullable=True,
            comment="unit: commune, in the version beside it",
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="version of the list of administrative units that commune and province codes are of",
        ),
        sa.Column(
            "province_code", sa.Text(), nullable=True, comment="unit: province, in commune_version"
        ),
        sa.Column(
            "address_status",
            sa.Text(),
            nullable=False,
            comment="exact, ambiguous (see candidates) or unresolved",
        ),
        sa.Column(
            "address_candidates",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="for an ambiguous address: each possible unit with its evidence",
        ),
        sa.Column("phone", sa.Text(), nullable=True, comment="telephone"),
        sa.Column(
            "registered_on", sa.Date(), nullable=False, comment="day of the first certificate"
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'LOC' THEN unit_code ~ '^[0-9]{5}$' ELSE unit_code ~ ('^' || enterprise_code || '-[0-9]{3}$') END",
            name=op.f("ck_dependent_unit_unit_code_fits"),
        ),
        sa.CheckConstraint(
            "address_status <> 'exact' OR (commune_code IS NOT NULL AND province_code IS NOT NULL)",
            name=op.f("ck_dependent_unit_exact_has_commune"),
        ),
        sa.CheckConstraint(
            "address_status IN ('exact', 'ambiguous', 'unresolved')",
            name=op.f("ck_dependent_unit_address_status"),
        ),
        sa.CheckConstraint("kind IN ('BRANCH', 'REP', 'LOC')", name=op.f("ck_dependent_unit_kind")),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_dependent_unit_valid_not_empty")),
        sa.CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name=op.f("ck_dependent_unit_unit_has_version"),
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_dependent_unit_change_order")),
        sa.PrimaryKeyConstraint(
            "enterprise_code", "unit_code", "from_change", "valid", name=op.f("pk_dependent_unit")
        ),
        schema="enterprise",
        comment="a branch, representative office or business location of an enterprise",
    )
    op.create_index(
        "ix_dependent_unit_current",
        "dependent_unit",
        [
            "enterprise_code",
            "unit_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "enterprise",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "name_vi",
            sa.Text(),
            nullable=False,
            comment="Vietnamese name as registered; names are not unique",
        ),
        sa.Column("name_foreign", sa.Text(), nullable=True, comment="name in a foreign language"),
        sa.Column("name_short", sa.Text(), nullable=True, comment="short name"),
        sa.Column(
            "name_key",
            sa.Text(),
            nullable=False,
            comment="comparison key of name_vi, made by databases.vietnamese",
        ),
        sa.Column(
            "legal_type",
            sa.Text(),
            nullable=False,
            comment="LLC1, LLC2, JSC, PART, PRIV, COOP, COOPU or HB",
        ),
        sa.Column(
            "address_as_written",
            sa.Text(),
            nullable=False,
            comment="head office as the file writes it, never altered",
        ),
        sa.Column(
            "street",
            sa.Text(),
            nullable=True,
            comment="head office: what stands before the commune",
        ),
        sa.Column(
            "commune_code",
            sa.Text(),
            nullable=True,
            comment="head office: commune, in the version beside it",
        ),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=True,
            comment="version of the list of administrative units that commune and province codes are of",
        ),
        sa.Column(
            "province_code",
            sa.Text(),
            nullable=True,
            comment="head office: province, in commune_version",
        ),
        sa.Column(
            "address_status",
            sa.Text(),
            nullable=False,
            comment="exact, ambiguous (see candidates) or unresolved",
        ),
        sa.Column(
            "address_candidates",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="for an ambiguous address: each possible unit with its evidence",
        ),
        sa.Column("phone", sa.Text(), nullable=True, comment="telephone"),
        sa.Column("email", sa.Text(), nullable=True, comment="e-mail address"),
        sa.Column("website", sa.Text(), nullable=True, comment="website"),
        sa.Column(
            "charter_capital_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=True,
            comment="charter capital (investment capital of a private enterprise), in its currency",
        ),
        sa.Column(
            "charter_capital_currency",
            sa.Text(),
            nullable=False,
            comment="currency of all amounts, ISO 4217",
        ),
        sa.Column(
            "state_share",
            sa.Numeric(),
            nullable=True,
            comment="part of charter capital held by the State, 0 to 1",
        ),
        sa.Column(
            "foreign_share",
            sa.Numeric(),
            nullable=True,
            comment="part held by foreign investors, 0 to 1",
        ),
        sa.Column(
            "share_par_value_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=True,
            comment="par value of a share",
        ),
        sa.Column(
            "share_classes",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="classes of shares: list of class, number of shares",
        ),
        sa.Column("employees", sa.Integer(), nullable=True, comment="expected number of employees"),
        sa.Column("tax_office_code", sa.Text(), nullable=True, comment="tax office in charge"),
        sa.Column(
            "tax_information",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="chief accountant, fiscal year, start of accounting, VAT method, insurance payment",
        ),
        sa.Column(
            "registered_on", sa.Date(), nullable=False, comment="day of the first certificate"
        ),
        sa.Column(
            "registration_change_no",
            sa.Integer(),
            nullable=False,
            comment="number of the last change of the registration (0: first registration)",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "address_status <> 'exact' OR (commune_code IS NOT NULL AND province_code IS NOT NULL)",
            name=op.f("ck_enterprise_exact_has_commune"),
        ),
        sa.CheckConstraint(
            "address_status IN ('exact', 'ambiguous', 'unresolved')",
            name=op.f("ck_enterprise_address_status"),
        ),
        sa.CheckConstraint(
            "enterprise_code ~ '^[0-9]{10}$'", name=op.f("ck_enterprise_code_shape")
        ),
        sa.CheckConstraint(
            "legal_type IN ('LLC1', 'LLC2', 'JSC', 'PART', 'PRIV', 'COOP', 'COOPU', 'HB')",
            name=op.f("ck_enterprise_legal_type"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_enterprise_valid_not_empty")),
        sa.CheckConstraint(
            "charter_capital_amount >= 0", name=op.f("ck_enterprise_capital_not_negative")
        ),
        sa.CheckConstraint(
            "commune_version IS NOT NULL OR (commune_code IS NULL AND province_code IS NULL)",
            name=op.f("ck_enterprise_unit_has_version"),
        ),
        sa.CheckConstraint(
            "foreign_share BETWEEN 0 AND 1", name=op.f("ck_enterprise_foreign_share")
        ),
        sa.CheckConstraint("state_share BETWEEN 0 AND 1", name=op.f("ck_enterprise_state_share")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_enterprise_change_order")),
        sa.PrimaryKeyConstraint(
            "enterprise_code", "from_change", "valid", name=op.f("pk_enterprise")
        ),
        schema="enterprise",
        comment="an enterprise, cooperative or household business as registered",
    )
    op.create_index(
        "ix_enterprise_current",
        "enterprise",
        ["enterprise_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_enterprise_name_key",
        "enterprise",
        ["name_key"],
        unique=False,
        schema="enterprise",
        postgresql_using="gin",
        postgresql_ops={"name_key": "gin_trgm_ops"},
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_enterprise_place",
        "enterprise",
        ["province_code", "commune_code"],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "industry_line",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "vsic_version",
            sa.Text(),
            nullable=False,
            comment="version of the industry classification",
        ),
        sa.Column(
            "vsic_code",
            sa.Text(),
            nullable=False,
            comment="code in that version; never read it without the version",
        ),
        sa.Column(
            "is_principal", sa.Boolean(), nullable=False, comment="the principal line of business"
        ),
        sa.Column("detail", sa.Text(), nullable=True, comment="free detail of the line"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_industry_line_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_industry_line_change_order")),
        sa.PrimaryKeyConstraint(
            "enterprise_code",
            "vsic_version",
            "vsic_code",
            "from_change",
            "valid",
            name=op.f("pk_industry_line"),
        ),
        schema="enterprise",
        comment="a line of business of an enterprise",
    )
    op.create_index(
        "ix_industry_line_code",
        "industry_line",
        ["vsic_code", "vsic_version"],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_industry_line_current",
        "industry_line",
        [
            "enterprise_code",
            "vsic_version",
            "vsic_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "legal_representative",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "party_ref",
            sa.Text(),
            nullable=False,
            comment="representative: pin:…, document:CC:…, enterprise:…, organisation:CC:… or state:…",
        ),
        sa.Column(
            "party_name",
            sa.Text(),
            nullable=False,
            comment="representative: name as the file writes it",
        ),
        sa.Column(
            "birth_date",
            sa.Date(),
            nullable=True,
            comment="representative: date of birth of an individual",
        ),
        sa.Column(
            "nationality_code",
            sa.Text(),
            nullable=True,
            comment="representative: country, ISO 3166-1 alpha-2",
        ),
        sa.Column(
            "contact_address",
            sa.Text(),
            nullable=True,
            comment="representative: contact address as written",
        ),
        sa.Column(
            "sex", sa.Text(), nullable=True, comment="sex as the file says: male, female or unknown"
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="title in the enterprise"),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "party_ref ~ '^(pin:[0-9]{12}|document:[A-Z]{2}:[0-9A-Z]{3,30})$'",
            name=op.f("ck_legal_representative_party_ref"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid)", name=op.f("ck_legal_representative_valid_not_empty")
        ),
        sa.CheckConstraint(
            "to_change > from_change", name=op.f("ck_legal_representative_change_order")
        ),
        sa.PrimaryKeyConstraint(
            "enterprise_code",
            "party_ref",
            "from_change",
            "valid",
            name=op.f("pk_legal_representative"),
        ),
        schema="enterprise",
        comment="an individual who represents an enterprise at law",
    )
    op.create_index(
        "ix_legal_representative_current",
        "legal_representative",
        [
            "enterprise_code",
            "party_ref",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_legal_representative_party",
        "legal_representative",
        ["party_ref"],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "ownership",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "party_ref",
            sa.Text(),
            nullable=False,
            comment="owner: pin:…, document:CC:…, enterprise:…, organisation:CC:… or state:…",
        ),
        sa.Column(
            "party_name", sa.Text(), nullable=False, comment="owner: name as the file writes it"
        ),
        sa.Column(
            "birth_date", sa.Date(), nullable=True, comment="owner: date of birth of an individual"
        ),
        sa.Column(
            "nationality_code",
            sa.Text(),
            nullable=True,
            comment="owner: country, ISO 3166-1 alpha-2",
        ),
        sa.Column(
            "contact_address", sa.Text(), nullable=True, comment="owner: contact address as written"
        ),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="owner, member, partner or shareholder"
        ),
        sa.Column(
            "capital_share",
            sa.Numeric(),
            nullable=True,
            comment="part of charter capital, above 0, at most 1",
        ),
        sa.Column(
            "voting_share",
            sa.Numeric(),
            nullable=True,
            comment="part of the votes; null: same as capital_share",
        ),
        sa.Column(
            "contributed_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=True,
            comment="contribution, in the capital's currency",
        ),
        sa.Column("asset_kind", sa.Text(), nullable=True, comment="kind of assets contributed"),
        sa.Column(
            "contribution_due_on", sa.Date(), nullable=True, comment="last day to contribute"
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('owner', 'member', 'partner', 'shareholder')", name=op.f("ck_ownership_kind")
        ),
        sa.CheckConstraint(
            "party_ref ~ '^(pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}[.0-9A-Z]*|(document|organisation):[A-Z]{2}:[0-9A-Z]{3,30})$'",
            name=op.f("ck_ownership_party_ref"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_ownership_valid_not_empty")),
        sa.CheckConstraint(
            "capital_share > 0 AND capital_share <= 1", name=op.f("ck_ownership_capital_share")
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_ownership_change_order")),
        sa.CheckConstraint("voting_share BETWEEN 0 AND 1", name=op.f("ck_ownership_voting_share")),
        sa.PrimaryKeyConstraint(
            "enterprise_code", "party_ref", "from_change", "valid", name=op.f("pk_ownership")
        ),
        schema="enterprise",
        comment="what somebody holds of an enterprise's charter capital and votes",
    )
    op.create_index(
        "ix_ownership_current",
        "ownership",
        [
            "enterprise_code",
            "party_ref",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_ownership_party",
        "ownership",
        ["party_ref"],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "status_period",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "status_code",
            sa.SmallInteger(),
            nullable=False,
            comment="2 to 7 of Decree 168/2025 art. 35; 1 (operating) holds when no other does",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="why, as the decision or notice says"
        ),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="agency or body that decided"),
        sa.Column(
            "decision_no", sa.Text(), nullable=True, comment="number of the decision or notice"
        ),
        sa.Column(
            "notified_on",
            sa.Date(),
            nullable=True,
            comment="day of the enterprise's notice, if it gave one",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_status_period_valid_not_empty")),
        sa.CheckConstraint(
            "status_code BETWEEN 2 AND 7", name=op.f("ck_status_period_status_code")
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_status_period_change_order")),
        sa.PrimaryKeyConstraint(
            "enterprise_code", "status_code", "from_change", "valid", name=op.f("pk_status_period")
        ),
        schema="enterprise",
        comment="a fact that bears on the legal status; the status of a day follows by precedence",
    )
    op.create_index(
        "ix_status_period_current",
        "status_period",
        [
            "enterprise_code",
            "status_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "succession",
        sa.Column(
            "enterprise_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code, ten digits, also its tax code",
        ),
        sa.Column(
            "successor_code",
            sa.Text(),
            nullable=False,
            comment="enterprise that it passed into, wholly or partly",
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="merge, consolidate, split, separate or convert",
        ),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            nullable=False,
            comment="days on which it holds, half-open",
        ),
        sa.Column(
            "from_change",
            sa.BigInteger(),
            nullable=False,
            comment="change that recorded this version",
        ),
        sa.Column(
            "to_change",
            sa.BigInteger(),
            nullable=True,
            comment="change that ended it; null while it stands",
        ),
        sa.CheckConstraint(
            "kind IN ('merge', 'consolidate', 'split', 'separate', 'convert')",
            name=op.f("ck_succession_kind"),
        ),
        sa.CheckConstraint(
            "successor_code ~ '^[0-9]{10}$'", name=op.f("ck_succession_successor_code")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_succession_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_succession_change_order")),
        sa.PrimaryKeyConstraint(
            "enterprise_code", "successor_code", "from_change", "valid", name=op.f("pk_succession")
        ),
        schema="enterprise",
        comment="an enterprise and its successor, from the day of the reorganisation on",
    )
    op.create_index(
        "ix_succession_current",
        "succession",
        [
            "enterprise_code",
            "successor_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_succession_successor",
        "succession",
        ["successor_code"],
        unique=False,
        schema="enterprise",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.execute(assets.read("ledger_0001", schema="enterprise"))
    for table, key in VERSIONED.items():
        columns = ", ".join(f"'{column}'" for column in key)
        op.execute(
            assets.read("versioned_table_0001", schema="enterprise", table=table, key=columns)
        )
    op.execute(
        assets.read(
            "no_overlap_0001",
            schema="enterprise",
            table="industry_line",
            rule="one_principal",
            condition="is_principal",
            key="'enterprise_code'",
        )
    )


def downgrade() -> None:
    """Go back: the register and its history are gone."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (*VERSIONED, "change_head", "change"):
        op.drop_table(table, schema="enterprise")
    op.execute(assets.read("ledger_0001_down", schema="enterprise"))
    op.execute("REVOKE USAGE ON SCHEMA enterprise FROM enterprise_service, enterprise_reader")
