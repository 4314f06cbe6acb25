"""The tables of record matching: the search index by likeness."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY


@dataclass(frozen=True)
class MatchingTables:
    """All of them."""

    index: Table
    entry: Table


def define(metadata: MetaData) -> MatchingTables:
    """Define the tables in the schema of the exchange."""
    return MatchingTables(index=_index(metadata), entry=_entry(metadata))


def _index(metadata: MetaData) -> Table:
    return Table(
        "matching_index",
        metadata,
        Column("index_id", SmallInteger, Identity(always=True), primary_key=True, comment="number"),
        Column("dataset", Text, nullable=False, comment="register/dataset"),
        Column("version", Text, nullable=False, comment="version of the model and of what is kept"),
        Column(
            "change", BigInteger, comment="change up to which it was read as a whole; null: never"
        ),
        Column("valid_on", Date, comment="day that it was read for"),
        Column("next_change", BigInteger, comment="change of the walk under way; null: none is"),
        Column("next_valid_on", Date, comment="day of the walk under way"),
        Column("sealed_after", LargeBinary, nullable=False, comment="key to go on behind, sealed"),
        Column(
            "lesson", BigInteger, nullable=False, comment="number of the last learning; 0: none"
        ),
        Column("lesson_records", BigInteger, nullable=False, comment="records there were by then"),
        Column("sealed_lesson", LargeBinary, nullable=False, comment="what was learned, encrypted"),
        UniqueConstraint("dataset"),
        comment="the search index of a dataset by likeness: how far it is, "
        "and what was learned of it",
    )


def _entry(metadata: MetaData) -> Table:
    return Table(
        "matching_entry",
        metadata,
        Column("record_tag", LargeBinary, primary_key=True, comment="keyed hash of the record"),
        Column(
            "index_id",
            SmallInteger,
            ForeignKey("exchange.matching_index.index_id"),
            nullable=False,
            comment="of which index",
        ),
        Column(
            "keys", ARRAY(BigInteger), nullable=False, comment="keyed hashes that it is found by"
        ),
        Column("sealed", LargeBinary, nullable=False, comment="what is compared of it, encrypted"),
        # Without a list of what waits to be sorted in: looking up costs the same at any time.
        Index(
            "ix_matching_entry_keys",
            "keys",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        comment="records by keyed hashes of what they are met by, unreadable without the key",
    )
