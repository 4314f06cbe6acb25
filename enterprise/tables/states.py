"""Legal status over time, and how enterprises pass into each other."""

from sqlalchemy import CheckConstraint, Column, Date, Index, SmallInteger

from databases.changes import versions
from enterprise.tables import structure

_text = structure.text_column

status_period = versions.versioned_table(
    "status_period",
    structure.metadata,
    structure.enterprise_code_column(),
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
    structure.metadata,
    structure.enterprise_code_column(),
    _text("successor_code", "enterprise that it passed into, wholly or partly", nullable=False),
    _text("kind", "merge, consolidate, split, separate or convert", nullable=False),
    CheckConstraint("successor_code ~ '^[0-9]{10}$'", name="successor_code"),
    CheckConstraint(
        "kind IN ('merge', 'consolidate', 'split', 'separate', 'convert')", name="kind"
    ),
    key=("enterprise_code", "successor_code"),
    comment="an enterprise and its successor, from the day of the reorganisation on",
)
Index(
    "ix_succession_successor",
    succession.c.successor_code,
    postgresql_where=succession.c.to_change.is_(None),
)
