"""The tables of the finance register."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Integer, Numeric

from databases import base
from databases.changes import ledger as ledger_module
from databases.changes import versions
from databases.code_lists import tables as code_list_tables
from finance import values

_text = base.text_column

metadata = base.new_metadata("finance")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)


def _money(name: str, comment: str, *, nullable: bool = False) -> Column[Any]:
    """Define an amount of dong."""
    return Column(name, Numeric(24, 2), nullable=nullable, comment=f"{comment}, dong")


def _place() -> tuple[Any, ...]:
    """Define the columns of a place by codes."""
    return (
        _text("province_code", "province, in commune_version", nullable=False),
        _text("commune_code", "commune, in commune_version"),
        _text("commune_version", "version of the list of administrative units", nullable=False),
    )


def _budget() -> tuple[Any, ...]:
    """Define the columns that name the budget of a unit and year."""
    return (
        _text("budget_id", "budget of a unit and year: unit code, hyphen, year", nullable=False),
        CheckConstraint("budget_id ~ '^[0-9]{7}-[0-9]{4}$'", name="budget_id"),
    )


def _line() -> tuple[Any, ...]:
    """Define the columns of a line of a budget; codes are of the nomenclature of its year."""
    return (
        _text("category_code", "category or sub-category; 000 if none", nullable=False),
        _text("item_code", "item or sub-item; 0000 for none or all", nullable=False),
        _text("programme_code", "target programme or project; 00000 if none", nullable=False),
        _text("source_code", "nature of the source", nullable=False),
        base.digits("category_code", 3, name="category_code"),
        base.digits("item_code", 4, name="item_code"),
        base.digits("programme_code", 5, name="programme_code"),
        base.digits("source_code", 2, name="source_code"),
    )


budget_unit = versions.versioned_table(
    "budget_unit",
    metadata,
    _text("unit_code", "code for life, seven digits", nullable=False),
    _text("name_vi", "Vietnamese name", nullable=False),
    _text("name_key", "comparison key of name_vi, made by databases.vietnamese", nullable=False),
    _text("kind", "estimate_unit, project or other", nullable=False),
    _text("level_code", "budget level, 1 to 4", nullable=False),
    _text(
        "chapter_code", "chapter, in the nomenclature of the year it is read for", nullable=False
    ),
    *_place(),
    _text("parent_unit_code", "unit above it"),
    _text("agency_code", "electronic identification code of the agency"),
    _text("tax_code", "code of the unit as a taxpayer, ten digits"),
    Column("opened_on", Date, nullable=False, comment="first day of the unit"),
    Column("closed_on", Date, comment="first day on which it exists no more; codes are kept"),
    _text("closing_reason", "why it was closed"),
    _text("successor_unit_code", "unit that took over"),
    base.digits("unit_code", 7, name="unit_code"),
    base.one_of("kind", values.UnitKind, name="kind"),
    base.one_of("level_code", values.Level, name="level_code"),
    base.digits("chapter_code", 3, name="chapter_code"),
    CheckConstraint("closed_on >= opened_on", name="closed_after_opened"),
    key=("unit_code",),
    comment="a unit related to the state budget; its code is never given again",
)
versions.current_trigrams("ix_budget_unit_name_key", budget_unit.c.name_key)
versions.current_index("ix_budget_unit_chapter", budget_unit.c.chapter_code)
versions.current_index(
    "ix_budget_unit_place", budget_unit.c.province_code, budget_unit.c.commune_code
)
versions.current_index("ix_budget_unit_parent", budget_unit.c.parent_unit_code)

unit_budget = versions.versioned_table(
    "unit_budget",
    metadata,
    *_budget(),
    _text("unit_code", "unit that spends", nullable=False),
    Column("budget_year", Integer, nullable=False, comment="budget year"),
    _text("nomenclature_version", "version of chapters, categories and items", nullable=False),
    _text("chapter_code", "chapter of the unit in that version", nullable=False),
    _text("level_code", "budget level of the unit", nullable=False),
    Column("settled_on", Date, comment="day of settlement: nothing is recorded after it"),
    key=("budget_id",),
    comment="the budget of one unit for one year",
)
versions.current_index("ix_unit_budget_unit", unit_budget.c.unit_code)
versions.current_index("ix_unit_budget_year", unit_budget.c.budget_year, unit_budget.c.chapter_code)

budget_amount = versions.versioned_table(
    "budget_amount",
    metadata,
    *_budget(),
    _text("stage", "estimate, allocation or settlement", nullable=False),
    *_line(),
    _money("amount", "amount that holds from the day of the decision on"),
    Column("revision_no", Integer, nullable=False, comment="0 for the first decision"),
    _text("decision_no", "decision that set it", nullable=False),
    base.one_of("stage", values.Stage, name="stage"),
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("revision_no >= 0", name="revision_no"),
    key=("budget_id", "stage", "category_code", "item_code", "programme_code", "source_code"),
    comment="an amount decided on a line of a unit's budget; its versions are the revisions",
)

journal_entry = versions.versioned_table(
    "journal_entry",
    metadata,
    _text("entry_no", "number given by the treasury, never reused", nullable=False),
    Column("budget_year", Integer, nullable=False, comment="budget year"),
    Column("posted_on", Date, nullable=False, comment="day that decides the accounting period"),
    _text("period_code", "YYYY-MM; month 13 is the closing period", nullable=False),
    _text("description", "what it is about", nullable=False),
    _text("ground", "ground for spending without an allocation"),
    _text("ground_decision", "decision that names the ground"),
    base.one_of("ground", values.Ground, name="ground"),
    CheckConstraint("(ground IS NULL) = (ground_decision IS NULL)", name="ground_has_decision"),
    key=("entry_no",),
    comment="a journal entry of the treasury: its lines balance",
)

journal_line = versions.versioned_table(
    "journal_line",
    metadata,
    *_budget(),
    _text("line_id", "entry number, slash, number of the line in it", nullable=False),
    _text("entry_no", "entry that it is a line of", nullable=False),
    _text("period_code", "accounting period of the entry", nullable=False),
    _text("budget_key", "accounting key, 43 characters", nullable=False),
    _text("side", "debit or credit", nullable=False),
    _text("effect", "revenue, expenditure or balance", nullable=False),
    _money("amount", "above zero; the side says whether it adds or takes away"),
    *_line(),
    _text("ground", "ground of the entry; carried_over does not count against the allocation"),
    CheckConstraint(f"length(budget_key) = {values.KEY_LENGTH}", name="budget_key"),
    base.one_of("side", values.Side, name="side"),
    base.one_of("effect", values.Effect, name="effect"),
    base.one_of("ground", values.Ground, name="ground"),
    CheckConstraint("amount > 0", name="amount"),
    key=("budget_id", "line_id"),
    comment="a line of a journal entry",
)
versions.current_index("ix_journal_line_entry", journal_line.c.entry_no)
versions.current_index(
    "ix_journal_line_period", journal_line.c.period_code, journal_line.c.budget_id
)

period_lock = versions.versioned_table(
    "period_lock",
    metadata,
    _text("period_code", "YYYY, or YYYY-MM with a month of 01 to 13", nullable=False),
    _text("decision_no", "decision that closed it", nullable=False),
    CheckConstraint("period_code ~ '^[0-9]{4}(-(0[1-9]|1[0-3]))?$'", name="period_code"),
    key=("period_code",),
    comment="a closed accounting period, on the days on which it is closed",
)

taxpayer = versions.versioned_table(
    "taxpayer",
    metadata,
    _text("taxpayer_code", "enterprise code with its suffix, or personal number", nullable=False),
    _text("kind", "organisation or individual", nullable=False),
    _text("name", "name as registered with the tax authority", nullable=False),
    _text("name_key", "comparison key of name, made by databases.vietnamese", nullable=False),
    _text("tax_office_code", "tax office in charge", nullable=False),
    Column("registered_on", Date, nullable=False, comment="day of tax registration"),
    base.one_of("kind", values.TaxpayerKind, name="kind"),
    CheckConstraint("taxpayer_code ~ '^([0-9]{12}|[0-9]{10}(-[0-9]{3})?)$'", name="taxpayer_code"),
    key=("taxpayer_code",),
    comment="a taxpayer",
)
versions.current_index("ix_taxpayer_name", taxpayer.c.name_key)

taxpayer_alias = versions.versioned_table(
    "taxpayer_alias",
    metadata,
    _text("former_code", "ten-digit personal tax code", nullable=False),
    _text("taxpayer_code", "personal number that replaced it", nullable=False),
    base.digits("former_code", 10, name="former_code"),
    key=("former_code",),
    comment="a former tax code of an individual",
)
versions.current_index("ix_taxpayer_alias_taxpayer", taxpayer_alias.c.taxpayer_code)


def _duty() -> tuple[Any, ...]:
    """Define the columns that name a duty of a taxpayer."""
    return (
        _text("taxpayer_code", "taxpayer", nullable=False),
        _text("item_code", "item of revenue", nullable=False),
        _text("tax_period", "YYYY, YYYY-Q1 or YYYY-MM", nullable=False),
    )


tax_duty = versions.versioned_table(
    "tax_duty",
    metadata,
    *_duty(),
    _money("amount", "amount assessed"),
    Column("assessed_on", Date, nullable=False, comment="day of assessment or declaration"),
    Column("due_on", Date, nullable=False, comment="last day to pay"),
    _text("assessment_no", "number of the assessment or declaration", nullable=False),
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("due_on >= assessed_on", name="due_after_assessed"),
    key=("taxpayer_code", "item_code", "tax_period"),
    comment="a tax duty",
)

tax_payment = versions.versioned_table(
    "tax_payment",
    metadata,
    *_duty(),
    _text("payment_no", "number of the payment", nullable=False),
    _money("amount", "amount paid"),
    Column("paid_on", Date, nullable=False, comment="day of payment"),
    _text("treasury_code", "treasury office that received it", nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    key=("taxpayer_code", "payment_no"),
    comment="a payment towards a tax duty",
)
versions.current_index("ix_tax_payment_number", tax_payment.c.payment_no)

customs_declaration = versions.versioned_table(
    "customs_declaration",
    metadata,
    _text("declaration_no", "number of the declaration", nullable=False),
    _text("kind", "import or export", nullable=False),
    _text("taxpayer_code", "importer or exporter", nullable=False),
    _text("customs_office_code", "customs office", nullable=False),
    _text("procedure_code", "customs procedure", nullable=False),
    Column("declared_on", Date, nullable=False, comment="day of declaration"),
    Column("cleared_on", Date, comment="day of clearance"),
    _text("partner_country_code", "country of origin or destination, ISO 3166-1", nullable=False),
    Column("value_amount", Numeric(24, 2), nullable=False, comment="customs value"),
    _text("value_currency", "currency of the customs value, ISO 4217", nullable=False),
    _money("duty_amount", "all duties of the declaration"),
    base.one_of("kind", values.DeclarationKind, name="kind"),
    CheckConstraint("value_amount >= 0 AND duty_amount >= 0", name="amounts"),
    CheckConstraint("cleared_on >= declared_on", name="cleared_after_declared"),
    key=("declaration_no",),
    comment="a customs declaration in summary",
)
versions.current_index(
    "ix_customs_declaration_taxpayer",
    customs_declaration.c.taxpayer_code,
    customs_declaration.c.declared_on,
)

public_asset = versions.versioned_table(
    "public_asset",
    metadata,
    _text("asset_code", "code of the asset", nullable=False),
    _text("kind", "land, building, vehicle or other", nullable=False),
    _text("name_vi", "Vietnamese name", nullable=False),
    _text("unit_code", "budget unit that holds it", nullable=False),
    *_place(),
    _text("parcel_id", "parcel of the land register that it is or stands on"),
    Column("area_m2", Numeric(14, 2), comment="area of land or floor, square metres"),
    _money("original_value_amount", "value at acquisition"),
    Column("acquired_on", Date, nullable=False, comment="day of acquisition"),
    Column("disposed_on", Date, comment="first day on which it is no public asset any more"),
    base.one_of("kind", values.AssetKind, name="kind"),
    CheckConstraint("original_value_amount >= 0 AND area_m2 >= 0", name="amounts"),
    CheckConstraint("disposed_on >= acquired_on", name="disposed_after_acquired"),
    key=("asset_code",),
    comment="a public asset",
)
versions.current_index("ix_public_asset_unit", public_asset.c.unit_code)
versions.current_index("ix_public_asset_parcel", public_asset.c.parcel_id)
versions.current_index("ix_public_asset_province", public_asset.c.province_code)
