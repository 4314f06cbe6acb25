"""The table that every worklist of findings has: what became of them."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
)


def define_events(metadata: MetaData, worklist: str, comment: str) -> Table:
    """Define the steps in the life of findings.

    Args:
        worklist: beginning of the names of its tables; the findings stand in `<worklist>_finding`.
    """
    return Table(
        f"{worklist}_event",
        metadata,
        Column("event_id", BigInteger, Identity(always=True), primary_key=True, comment="order"),
        Column(
            "finding_id",
            BigInteger,
            ForeignKey(f"{metadata.schema}.{worklist}_finding.finding_id"),
            nullable=False,
            comment="the finding",
        ),
        Column("happened_at", DateTime(timezone=True), nullable=False, comment="when"),
        Column("officer", Text, nullable=False, comment="who settled it, or the run"),
        Column("from_state", Text, nullable=False, comment="state before; empty for a new finding"),
        Column("to_state", Text, nullable=False, comment="state after"),
        Column("reason", Text, nullable=False, comment="why"),
        Index(f"ix_{worklist}_event_finding", "finding_id", "event_id"),
        comment=comment,
    )
