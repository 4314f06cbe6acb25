"""How far each dataset is read by work that follows registers."""

from sqlalchemy import BigInteger, Column, Date, LargeBinary, MetaData, Table, Text


def define(metadata: MetaData, name: str, provider: str, comment: str) -> Table:
    """Define a table of cursors; each work that follows registers has one of its own."""
    return Table(
        name,
        metadata,
        Column("dataset", Text, primary_key=True, comment="register/dataset"),
        Column(
            "version", BigInteger, nullable=False, comment="version of what is kept of a record"
        ),
        Column(
            "change", BigInteger, comment="change up to which it was read as a whole; null: never"
        ),
        Column("valid_on", Date, comment="day that it was read for"),
        Column("next_change", BigInteger, comment="change of the walk under way; null: none is"),
        Column("next_valid_on", Date, comment="day of the walk under way"),
        Column("sealed_after", LargeBinary, nullable=False, comment="key to go on behind, sealed"),
        Column("provider", Text, nullable=False, comment=provider),
        comment=comment,
    )
