"""Create the finance register.

Revision: 0001, after the beginning.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import assets

# Table → columns that name a record.
VERSIONED: dict[str, tuple[str, ...]] = {
    "budget_amount": (
        "budget_id",
        "stage",
        "category_code",
        "item_code",
        "programme_code",
        "source_code",
    ),
    "budget_unit": ("unit_code",),
    "customs_declaration": ("declaration_no",),
    "journal_entry": ("entry_no",),
    "journal_line": ("budget_id", "line_id"),
    "period_lock": ("period_code",),
    "public_asset": ("asset_code",),
    "tax_duty": ("taxpayer_code", "item_code", "tax_period"),
    "tax_payment": ("taxpayer_code", "payment_no"),
    "taxpayer": ("taxpayer_code",),
    "taxpayer_alias": ("former_code",),
    "unit_budget": ("budget_id",),
}

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(assets.read("change_tables_0001", schema="finance"))
    op.execute(assets.read("code_lists_0001", schema="finance"))
    _create_tables()
    op.execute(assets.read("ledger_0001", schema="finance"))
    for table, key in VERSIONED.items():
        columns = ", ".join(f"'{column}'" for column in key)
        op.execute(assets.read("versioned_table_0001", schema="finance", table=table, key=columns))


def _create_tables() -> None:
    op.create_table(
        "budget_amount",
        sa.Column(
            "budget_id",
            sa.Text(),
            nullable=False,
            comment="budget of a unit and year: unit code, hyphen, year",
        ),
        sa.Column("stage", sa.Text(), nullable=False, comment="estimate, allocation or settlement"),
        sa.Column(
            "category_code",
            sa.Text(),
            nullable=False,
            comment="category or sub-category; 000 if none",
        ),
        sa.Column(
            "item_code", sa.Text(), nullable=False, comment="item or sub-item; 0000 for none or all"
        ),
        sa.Column(
            "programme_code",
            sa.Text(),
            nullable=False,
            comment="target programme or project; 00000 if none",
        ),
        sa.Column("source_code", sa.Text(), nullable=False, comment="nature of the source"),
        sa.Column(
            "amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="amount that holds from the day of the decision on, dong",
        ),
        sa.Column("revision_no", sa.Integer(), nullable=False, comment="0 for the first decision"),
        sa.Column("decision_no", sa.Text(), nullable=False, comment="decision that set it"),
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
            "budget_id ~ '^[0-9]{7}-[0-9]{4}$'", name=op.f("ck_budget_amount_budget_id")
        ),
        sa.CheckConstraint(
            "category_code ~ '^[0-9]{3}$'", name=op.f("ck_budget_amount_category_code")
        ),
        sa.CheckConstraint("item_code ~ '^[0-9]{4}$'", name=op.f("ck_budget_amount_item_code")),
        sa.CheckConstraint(
            "programme_code ~ '^[0-9]{5}$'", name=op.f("ck_budget_amount_programme_code")
        ),
        sa.CheckConstraint("source_code ~ '^[0-9]{2}$'", name=op.f("ck_budget_amount_source_code")),
        sa.CheckConstraint(
            "stage IN ('estimate', 'allocation', 'settlement')", name=op.f("ck_budget_amount_stage")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_budget_amount_valid_not_empty")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_budget_amount_amount")),
        sa.CheckConstraint("revision_no >= 0", name=op.f("ck_budget_amount_revision_no")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_budget_amount_change_order")),
        sa.PrimaryKeyConstraint(
            "budget_id",
            "stage",
            "category_code",
            "item_code",
            "programme_code",
            "source_code",
            "from_change",
            "valid",
            name=op.f("pk_budget_amount"),
        ),
        schema="finance",
        comment="an amount decided on a line of a unit's budget; its versions are the revisions",
    )
    op.create_index(
        "ix_budget_amount_current",
        "budget_amount",
        [
            "budget_id",
            "stage",
            "category_code",
            "item_code",
            "programme_code",
            "source_code",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "budget_unit",
        sa.Column("unit_code", sa.Text(), nullable=False, comment="code for life, seven digits"),
        sa.Column("name_vi", sa.Text(), nullable=False, comment="Vietnamese name"),
        sa.Column(
            "name_key",
            sa.Text(),
            nullable=False,
            comment="comparison key of name_vi, made by databases.vietnamese",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="estimate_unit, project or other"),
        sa.Column("level_code", sa.Text(), nullable=False, comment="budget level, 1 to 4"),
        sa.Column(
            "chapter_code",
            sa.Text(),
            nullable=False,
            comment="chapter, in the nomenclature of the year it is read for",
        ),
        sa.Column(
            "province_code", sa.Text(), nullable=False, comment="province, in commune_version"
        ),
        sa.Column("commune_code", sa.Text(), nullable=True, comment="commune, in commune_version"),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=False,
            comment="version of the list of administrative units",
        ),
        sa.Column("parent_unit_code", sa.Text(), nullable=True, comment="unit above it"),
        sa.Column(
            "agency_code",
            sa.Text(),
            nullable=True,
            comment="electronic identification code of the agency",
        ),
        sa.Column(
            "tax_code",
            sa.Text(),
            nullable=True,
            comment="code of the unit as a taxpayer, ten digits",
        ),
        sa.Column("opened_on", sa.Date(), nullable=False, comment="first day of the unit"),
        sa.Column(
            "closed_on",
            sa.Date(),
            nullable=True,
            comment="first day on which it exists no more; codes are kept",
        ),
        sa.Column("closing_reason", sa.Text(), nullable=True, comment="why it was closed"),
        sa.Column("successor_unit_code", sa.Text(), nullable=True, comment="unit that took over"),
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
        sa.CheckConstraint("chapter_code ~ '^[0-9]{3}$'", name=op.f("ck_budget_unit_chapter_code")),
        sa.CheckConstraint(
            "kind IN ('estimate_unit', 'project', 'other')", name=op.f("ck_budget_unit_kind")
        ),
        sa.CheckConstraint(
            "level_code IN ('1', '2', '3', '4')", name=op.f("ck_budget_unit_level_code")
        ),
        sa.CheckConstraint("unit_code ~ '^[0-9]{7}$'", name=op.f("ck_budget_unit_unit_code")),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_budget_unit_valid_not_empty")),
        sa.CheckConstraint(
            "closed_on >= opened_on", name=op.f("ck_budget_unit_closed_after_opened")
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_budget_unit_change_order")),
        sa.PrimaryKeyConstraint("unit_code", "from_change", "valid", name=op.f("pk_budget_unit")),
        schema="finance",
        comment="a unit related to the state budget; its code is never given again",
    )
    op.create_index(
        "ix_budget_unit_chapter",
        "budget_unit",
        ["chapter_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_budget_unit_current",
        "budget_unit",
        ["unit_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_budget_unit_name_key",
        "budget_unit",
        ["name_key"],
        unique=False,
        schema="finance",
        postgresql_using="gin",
        postgresql_ops={"name_key": "gin_trgm_ops"},
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_budget_unit_parent",
        "budget_unit",
        ["parent_unit_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_budget_unit_place",
        "budget_unit",
        ["province_code", "commune_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "customs_declaration",
        sa.Column("declaration_no", sa.Text(), nullable=False, comment="number of the declaration"),
        sa.Column("kind", sa.Text(), nullable=False, comment="import or export"),
        sa.Column("taxpayer_code", sa.Text(), nullable=False, comment="importer or exporter"),
        sa.Column("customs_office_code", sa.Text(), nullable=False, comment="customs office"),
        sa.Column("procedure_code", sa.Text(), nullable=False, comment="customs procedure"),
        sa.Column("declared_on", sa.Date(), nullable=False, comment="day of declaration"),
        sa.Column("cleared_on", sa.Date(), nullable=True, comment="day of clearance"),
        sa.Column(
            "partner_country_code",
            sa.Text(),
            nullable=False,
            comment="country of origin or destination, ISO 3166-1",
        ),
        sa.Column(
            "value_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="customs value",
        ),
        sa.Column(
            "value_currency",
            sa.Text(),
            nullable=False,
            comment="currency of the customs value, ISO 4217",
        ),
        sa.Column(
            "duty_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="all duties of the declaration, dong",
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
            "kind IN ('import', 'export')", name=op.f("ck_customs_declaration_kind")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid)", name=op.f("ck_customs_declaration_valid_not_empty")
        ),
        sa.CheckConstraint(
            "cleared_on >= declared_on", name=op.f("ck_customs_declaration_cleared_after_declared")
        ),
        sa.CheckConstraint(
            "to_change > from_change", name=op.f("ck_customs_declaration_change_order")
        ),
        sa.CheckConstraint(
            "value_amount >= 0 AND duty_amount >= 0", name=op.f("ck_customs_declaration_amounts")
        ),
        sa.PrimaryKeyConstraint(
            "declaration_no", "from_change", "valid", name=op.f("pk_customs_declaration")
        ),
        schema="finance",
        comment="a customs declaration in summary",
    )
    op.create_index(
        "ix_customs_declaration_current",
        "customs_declaration",
        ["declaration_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_customs_declaration_taxpayer",
        "customs_declaration",
        ["taxpayer_code", "declared_on"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "journal_entry",
        sa.Column(
            "entry_no",
            sa.Text(),
            nullable=False,
            comment="number given by the treasury, never reused",
        ),
        sa.Column("budget_year", sa.Integer(), nullable=False, comment="budget year"),
        sa.Column(
            "posted_on", sa.Date(), nullable=False, comment="day that decides the accounting period"
        ),
        sa.Column(
            "period_code",
            sa.Text(),
            nullable=False,
            comment="YYYY-MM; month 13 is the closing period",
        ),
        sa.Column("description", sa.Text(), nullable=False, comment="what it is about"),
        sa.Column(
            "ground", sa.Text(), nullable=True, comment="ground for spending without an allocation"
        ),
        sa.Column(
            "ground_decision", sa.Text(), nullable=True, comment="decision that names the ground"
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
            "ground IN ('temporary_funding', 'carried_over')", name=op.f("ck_journal_entry_ground")
        ),
        sa.CheckConstraint(
            "(ground IS NULL) = (ground_decision IS NULL)",
            name=op.f("ck_journal_entry_ground_has_decision"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_journal_entry_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_journal_entry_change_order")),
        sa.PrimaryKeyConstraint("entry_no", "from_change", "valid", name=op.f("pk_journal_entry")),
        schema="finance",
        comment="a journal entry of the treasury: its lines balance",
    )
    op.create_index(
        "ix_journal_entry_current",
        "journal_entry",
        ["entry_no", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "journal_line",
        sa.Column(
            "budget_id",
            sa.Text(),
            nullable=False,
            comment="budget of a unit and year: unit code, hyphen, year",
        ),
        sa.Column(
            "line_id",
            sa.Text(),
            nullable=False,
            comment="entry number, slash, number of the line in it",
        ),
        sa.Column("entry_no", sa.Text(), nullable=False, comment="entry that it is a line of"),
        sa.Column(
            "period_code", sa.Text(), nullable=False, comment="accounting period of the entry"
        ),
        sa.Column("budget_key", sa.Text(), nullable=False, comment="accounting key, 43 characters"),
        sa.Column("side", sa.Text(), nullable=False, comment="debit or credit"),
        sa.Column("effect", sa.Text(), nullable=False, comment="revenue, expenditure or balance"),
        sa.Column(
            "amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="above zero; the side says whether it adds or takes away, dong",
        ),
        sa.Column(
            "category_code",
            sa.Text(),
            nullable=False,
            comment="category or sub-category; 000 if none",
        ),
        sa.Column(
            "item_code", sa.Text(), nullable=False, comment="item or sub-item; 0000 for none or all"
        ),
        sa.Column(
            "programme_code",
            sa.Text(),
            nullable=False,
            comment="target programme or project; 00000 if none",
        ),
        sa.Column("source_code", sa.Text(), nullable=False, comment="nature of the source"),
        sa.Column(
            "ground",
            sa.Text(),
            nullable=True,
            comment="ground of the entry; carried_over does not count against the allocation",
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
            "budget_id ~ '^[0-9]{7}-[0-9]{4}$'", name=op.f("ck_journal_line_budget_id")
        ),
        sa.CheckConstraint(
            "category_code ~ '^[0-9]{3}$'", name=op.f("ck_journal_line_category_code")
        ),
        sa.CheckConstraint(
            "effect IN ('revenue', 'expenditure', 'balance')", name=op.f("ck_journal_line_effect")
        ),
        sa.CheckConstraint(
            "ground IN ('temporary_funding', 'carried_over')", name=op.f("ck_journal_line_ground")
        ),
        sa.CheckConstraint("item_code ~ '^[0-9]{4}$'", name=op.f("ck_journal_line_item_code")),
        sa.CheckConstraint(
            "programme_code ~ '^[0-9]{5}$'", name=op.f("ck_journal_line_programme_code")
        ),
        sa.CheckConstraint("side IN ('debit', 'credit')", name=op.f("ck_journal_line_side")),
        sa.CheckConstraint("source_code ~ '^[0-9]{2}$'", name=op.f("ck_journal_line_source_code")),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_journal_line_valid_not_empty")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_journal_line_amount")),
        sa.CheckConstraint("length(budget_key) = 43", name=op.f("ck_journal_line_budget_key")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_journal_line_change_order")),
        sa.PrimaryKeyConstraint(
            "budget_id", "line_id", "from_change", "valid", name=op.f("pk_journal_line")
        ),
        schema="finance",
        comment="a line of a journal entry",
    )
    op.create_index(
        "ix_journal_line_current",
        "journal_line",
        ["budget_id", "line_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_journal_line_entry",
        "journal_line",
        ["entry_no"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_journal_line_period",
        "journal_line",
        ["period_code", "budget_id"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "period_lock",
        sa.Column(
            "period_code",
            sa.Text(),
            nullable=False,
            comment="YYYY, or YYYY-MM with a month of 01 to 13",
        ),
        sa.Column("decision_no", sa.Text(), nullable=False, comment="decision that closed it"),
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
            "period_code ~ '^[0-9]{4}(-(0[1-9]|1[0-3]))?$'", name=op.f("ck_period_lock_period_code")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_period_lock_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_period_lock_change_order")),
        sa.PrimaryKeyConstraint("period_code", "from_change", "valid", name=op.f("pk_period_lock")),
        schema="finance",
        comment="a closed accounting period, on the days on which it is closed",
    )
    op.create_index(
        "ix_period_lock_current",
        "period_lock",
        ["period_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "public_asset",
        sa.Column("asset_code", sa.Text(), nullable=False, comment="code of the asset"),
        sa.Column("kind", sa.Text(), nullable=False, comment="land, building, vehicle or other"),
        sa.Column("name_vi", sa.Text(), nullable=False, comment="Vietnamese name"),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="budget unit that holds it"),
        sa.Column(
            "province_code", sa.Text(), nullable=False, comment="province, in commune_version"
        ),
        sa.Column("commune_code", sa.Text(), nullable=True, comment="commune, in commune_version"),
        sa.Column(
            "commune_version",
            sa.Text(),
            nullable=False,
            comment="version of the list of administrative units",
        ),
        sa.Column(
            "parcel_id",
            sa.Text(),
            nullable=True,
            comment="parcel of the land register that it is or stands on",
        ),
        sa.Column(
            "area_m2",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="area of land or floor, square metres",
        ),
        sa.Column(
            "original_value_amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="value at acquisition, dong",
        ),
        sa.Column("acquired_on", sa.Date(), nullable=False, comment="day of acquisition"),
        sa.Column(
            "disposed_on",
            sa.Date(),
            nullable=True,
            comment="first day on which it is no public asset any more",
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
            "kind IN ('land', 'building', 'vehicle', 'other')", name=op.f("ck_public_asset_kind")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_public_asset_valid_not_empty")),
        sa.CheckConstraint(
            "disposed_on >= acquired_on", name=op.f("ck_public_asset_disposed_after_acquired")
        ),
        sa.CheckConstraint(
            "original_value_amount >= 0 AND area_m2 >= 0", name=op.f("ck_public_asset_amounts")
        ),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_public_asset_change_order")),
        sa.PrimaryKeyConstraint("asset_code", "from_change", "valid", name=op.f("pk_public_asset")),
        schema="finance",
        comment="a public asset",
    )
    op.create_index(
        "ix_public_asset_current",
        "public_asset",
        ["asset_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_public_asset_parcel",
        "public_asset",
        ["parcel_id"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_public_asset_province",
        "public_asset",
        ["province_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_public_asset_unit",
        "public_asset",
        ["unit_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "tax_duty",
        sa.Column("taxpayer_code", sa.Text(), nullable=False, comment="taxpayer"),
        sa.Column("item_code", sa.Text(), nullable=False, comment="item of revenue"),
        sa.Column("tax_period", sa.Text(), nullable=False, comment="YYYY, YYYY-Q1 or YYYY-MM"),
        sa.Column(
            "amount",
            sa.Numeric(precision=24, scale=2),
            nullable=False,
            comment="amount assessed, dong",
        ),
        sa.Column(
            "assessed_on", sa.Date(), nullable=False, comment="day of assessment or declaration"
        ),
        sa.Column("due_on", sa.Date(), nullable=False, comment="last day to pay"),
        sa.Column(
            "assessment_no",
            sa.Text(),
            nullable=False,
            comment="number of the assessment or declaration",
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
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_tax_duty_valid_not_empty")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_tax_duty_amount")),
        sa.CheckConstraint("due_on >= assessed_on", name=op.f("ck_tax_duty_due_after_assessed")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_tax_duty_change_order")),
        sa.PrimaryKeyConstraint(
            "taxpayer_code",
            "item_code",
            "tax_period",
            "from_change",
            "valid",
            name=op.f("pk_tax_duty"),
        ),
        schema="finance",
        comment="a tax duty",
    )
    op.create_index(
        "ix_tax_duty_current",
        "tax_duty",
        [
            "taxpayer_code",
            "item_code",
            "tax_period",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "tax_payment",
        sa.Column("taxpayer_code", sa.Text(), nullable=False, comment="taxpayer"),
        sa.Column("item_code", sa.Text(), nullable=False, comment="item of revenue"),
        sa.Column("tax_period", sa.Text(), nullable=False, comment="YYYY, YYYY-Q1 or YYYY-MM"),
        sa.Column("payment_no", sa.Text(), nullable=False, comment="number of the payment"),
        sa.Column(
            "amount", sa.Numeric(precision=24, scale=2), nullable=False, comment="amount paid, dong"
        ),
        sa.Column("paid_on", sa.Date(), nullable=False, comment="day of payment"),
        sa.Column(
            "treasury_code", sa.Text(), nullable=False, comment="treasury office that received it"
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
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_tax_payment_valid_not_empty")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_tax_payment_amount")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_tax_payment_change_order")),
        sa.PrimaryKeyConstraint(
            "taxpayer_code", "payment_no", "from_change", "valid", name=op.f("pk_tax_payment")
        ),
        schema="finance",
        comment="a payment towards a tax duty",
    )
    op.create_index(
        "ix_tax_payment_current",
        "tax_payment",
        [
            "taxpayer_code",
            "payment_no",
            sa.literal_column("(coalesce(upper(valid), 'infinity'::date))"),
        ],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_tax_payment_number",
        "tax_payment",
        ["payment_no"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "taxpayer",
        sa.Column(
            "taxpayer_code",
            sa.Text(),
            nullable=False,
            comment="enterprise code with its suffix, or personal number",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="organisation or individual"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="name as registered with the tax authority"
        ),
        sa.Column(
            "name_key",
            sa.Text(),
            nullable=False,
            comment="comparison key of name, made by databases.vietnamese",
        ),
        sa.Column("tax_office_code", sa.Text(), nullable=False, comment="tax office in charge"),
        sa.Column("registered_on", sa.Date(), nullable=False, comment="day of tax registration"),
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
        sa.CheckConstraint("kind IN ('organisation', 'individual')", name=op.f("ck_taxpayer_kind")),
        sa.CheckConstraint(
            "taxpayer_code ~ '^([0-9]{12}|[0-9]{10}(-[0-9]{3})?)$'",
            name=op.f("ck_taxpayer_taxpayer_code"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_taxpayer_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_taxpayer_change_order")),
        sa.PrimaryKeyConstraint("taxpayer_code", "from_change", "valid", name=op.f("pk_taxpayer")),
        schema="finance",
        comment="a taxpayer",
    )
    op.create_index(
        "ix_taxpayer_current",
        "taxpayer",
        ["taxpayer_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_taxpayer_name",
        "taxpayer",
        ["name_key"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "taxpayer_alias",
        sa.Column("former_code", sa.Text(), nullable=False, comment="ten-digit personal tax code"),
        sa.Column(
            "taxpayer_code", sa.Text(), nullable=False, comment="personal number that replaced it"
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
            "former_code ~ '^[0-9]{10}$'", name=op.f("ck_taxpayer_alias_former_code")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_taxpayer_alias_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_taxpayer_alias_change_order")),
        sa.PrimaryKeyConstraint(
            "former_code", "from_change", "valid", name=op.f("pk_taxpayer_alias")
        ),
        schema="finance",
        comment="a former tax code of an individual",
    )
    op.create_index(
        "ix_taxpayer_alias_current",
        "taxpayer_alias",
        ["former_code", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_taxpayer_alias_taxpayer",
        "taxpayer_alias",
        ["taxpayer_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_table(
        "unit_budget",
        sa.Column(
            "budget_id",
            sa.Text(),
            nullable=False,
            comment="budget of a unit and year: unit code, hyphen, year",
        ),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="unit that spends"),
        sa.Column("budget_year", sa.Integer(), nullable=False, comment="budget year"),
        sa.Column(
            "nomenclature_version",
            sa.Text(),
            nullable=False,
            comment="version of chapters, categories and items",
        ),
        sa.Column(
            "chapter_code", sa.Text(), nullable=False, comment="chapter of the unit in that version"
        ),
        sa.Column("level_code", sa.Text(), nullable=False, comment="budget level of the unit"),
        sa.Column(
            "settled_on",
            sa.Date(),
            nullable=True,
            comment="day of settlement: nothing is recorded after it",
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
            "budget_id ~ '^[0-9]{7}-[0-9]{4}$'", name=op.f("ck_unit_budget_budget_id")
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_unit_budget_valid_not_empty")),
        sa.CheckConstraint("to_change > from_change", name=op.f("ck_unit_budget_change_order")),
        sa.PrimaryKeyConstraint("budget_id", "from_change", "valid", name=op.f("pk_unit_budget")),
        schema="finance",
        comment="the budget of one unit for one year",
    )
    op.create_index(
        "ix_unit_budget_current",
        "unit_budget",
        ["budget_id", sa.literal_column("(coalesce(upper(valid), 'infinity'::date))")],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_unit_budget_unit",
        "unit_budget",
        ["unit_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    op.create_index(
        "ix_unit_budget_year",
        "unit_budget",
        ["budget_year", "chapter_code"],
        unique=False,
        schema="finance",
        postgresql_where=sa.text("to_change IS NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Go back: the register and its history are gone."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (*VERSIONED, "change_head", "change"):
        op.drop_table(table, schema="finance")
    op.execute(assets.read("code_lists_0001_down", schema="finance"))
    op.execute(assets.read("ledger_0001_down", schema="finance"))
    op.execute("REVOKE USAGE ON SCHEMA finance FROM finance_service, finance_reader")
