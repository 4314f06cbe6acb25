"""The tables of the population statistics register."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB

from databases import base
from databases.changes import ledger as ledger_module
from databases.changes import versions
from databases.code_lists import tables as code_list_tables

_text = base.text_column

metadata = base.new_metadata("population_statistics")
ledger = ledger_module.define_ledger(metadata)
code_lists = code_list_tables.define_tables(metadata)

publication = versions.versioned_table(
    "publication",
    metadata,
    Column(
        "reference_day", Date, nullable=False, comment="day on which the population was counted"
    ),
    _text("time_period", "year that its figures are of", nullable=False),
    Column("vintage", SmallInteger, nullable=False, comment="1 for the first one of the day"),
    Column(
        "population_change",
        BigInteger,
        nullable=False,
        comment="last change of the population register that was counted",
    ),
    _text("rule_version", "version of the rules of computation", nullable=False),
    _text("source_receipt", "entry of the access log of the counts", nullable=False),
    Column("witnesses", JSONB, nullable=False, comment="witnesses by table; never shown"),
    Column("budgets", JSONB, nullable=False, comment="how much detail of each table is published"),
    Column(
        "basis",
        JSONB,
        comment="counts that the figures are made of and areas joined, by table; never shown",
    ),
    CheckConstraint("vintage > 0", name="vintage_positive"),
    key=("reference_day",),
    comment="one computation of all figures of a day of counting",
)

observation = versions.versioned_table(
    "observation",
    metadata,
    _text("observation_key", "flow, series key and period", nullable=False),
    _text("flow", "dataflow", nullable=False),
    _text("freq", "frequency", nullable=False),
    _text("ref_area", "area with the year of its list", nullable=False),
    _text("indicator", "what is counted or computed", nullable=False),
    _text("sex", "M, F, _U or _T", nullable=False),
    _text("age", "group of age or _T", nullable=False),
    _text("urbanisation", "U, R, _U or _T", nullable=False),
    _text("marital_status", "S, M, W, D, _U or _T", nullable=False),
    _text("ethnicity", "code of the ethnic group, _U or _T", nullable=False),
    _text("time_period", "year", nullable=False),
    _text("obs_value", "decimal number; null where suppressed or undefined"),
    _text("unit_measure", "unit", nullable=False),
    Column("decimals", SmallInteger, nullable=False, comment="digits after the point"),
    _text("obs_status", "A, B, Q or M", nullable=False),
    _text("area_version", "version of the list of areas", nullable=False),
    Column(
        "reference_day", Date, nullable=False, comment="day on which the population was counted"
    ),
    _text("rule_version", "version of the rules of computation", nullable=False),
    Column(
        "population_change",
        BigInteger,
        nullable=False,
        comment="last change of the population register that was counted",
    ),
    Column("vintage", SmallInteger, nullable=False, comment="1 for the first one of the day"),
    _text("source_receipt", "entry of the access log of the counts", nullable=False),
    CheckConstraint("(obs_value IS NULL) = (obs_status IN ('Q', 'M'))", name="value_or_none"),
    CheckConstraint("obs_status IN ('A', 'B', 'Q', 'M')", name="obs_status_known"),
    key=("observation_key",),
    comment="a published figure, or the place of a suppressed one",
)
# Of former vintages too: the history of a series is read by it.
Index(
    "ix_observation_flow",
    observation.c.flow,
    observation.c.indicator,
    observation.c.reference_day,
    observation.c.ref_area,
)
# Of those that stand; the time comes last, for what follows a range is not searched by.
Index(
    "ix_observation_standing",
    observation.c.flow,
    observation.c.indicator,
    observation.c.ref_area,
    observation.c.age,
    observation.c.reference_day,
    postgresql_where=observation.c.to_change.is_(None),
)
