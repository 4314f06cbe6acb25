"""The tables of a log; every register or exchange that keeps one defines them in its own schema."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from databases.journal import tiles, tree

ENTRY_UNIQUE = "uq_log_leaf_entry_id"


@dataclass(frozen=True, slots=True)
class JournalTables:
    """The three tables of one log; the service may select and insert, nothing else."""

    leaf: Table
    tile: Table
    checkpoint: Table

    @property
    def lock_name(self) -> str:
        """The name that the single appender of this log locks."""
        return f"{self.leaf.schema}.{self.leaf.name}"


def define_tables(metadata: MetaData, schema: str) -> JournalTables:
    """Define the tables of a log in a schema."""
    return JournalTables(
        _define_leaf(metadata, schema),
        _define_tile(metadata, schema),
        _define_checkpoint(metadata, schema),
    )


def _define_leaf(metadata: MetaData, schema: str) -> Table:
    return Table(
        "log_leaf",
        metadata,
        Column(
            "leaf_index",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="Position of the entry in the log, from 0, without gaps.",
        ),
        Column("entry_id", Uuid, nullable=False, comment="The entry that the leaf stands for."),
        Column(
            "leaf_hash",
            LargeBinary,
            nullable=False,
            comment="SHA-256 of the byte 0x00 and the canonical bytes of the entry (RFC 6962).",
        ),
        CheckConstraint("leaf_index >= 0", name="index"),
        CheckConstraint(f"octet_length(leaf_hash) = {tree.HASH_LENGTH}", name="hash_length"),
        UniqueConstraint("entry_id", name=ENTRY_UNIQUE),
        schema=schema,
        comment="The leaves of the Merkle log in log order; append-only.",
    )


def _define_tile(metadata: MetaData, schema: str) -> Table:
    return Table(
        "log_tile",
        metadata,
        Column(
            "tile_level",
            SmallInteger,
            primary_key=True,
            autoincrement=False,
            comment="0 over leaves, 1 over the roots of tiles of level 0, and so on.",
        ),
        Column(
            "tile_index",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="Position among the tiles of the level, from 0.",
        ),
        Column(
            "root_hash",
            LargeBinary,
            nullable=False,
            comment="The node over all 256 hashes of the tile.",
        ),
        Column(
            "inner_nodes",
            LargeBinary,
            nullable=False,
            comment="The 254 nodes between the 256 hashes and the root, lowest level first.",
        ),
        CheckConstraint("tile_level >= 0 AND tile_index >= 0", name="place"),
        CheckConstraint(f"octet_length(root_hash) = {tree.HASH_LENGTH}", name="root_length"),
        CheckConstraint(
            f"octet_length(inner_nodes) = {tiles.INNER_NODES * tree.HASH_LENGTH}",
            name="inner_length",
        ),
        schema=schema,
        comment="Complete tiles of the Merkle tree; written once, never changed.",
    )


def _define_checkpoint(metadata: MetaData, schema: str) -> Table:
    return Table(
        "log_checkpoint",
        metadata,
        Column(
            "tree_size",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="Number of leaves that the checkpoint covers.",
        ),
        Column(
            "root_hash",
            LargeBinary,
            nullable=False,
            comment="Root of the tree of this size (RFC 6962).",
        ),
        Column(
            "signed_at", DateTime(timezone=True), nullable=False, comment="When the log signed it."
        ),
        Column(
            "note", Text, nullable=False, comment="The signed checkpoint (C2SP tlog-checkpoint)."
        ),
        CheckConstraint("tree_size >= 0", name="size"),
        CheckConstraint(f"octet_length(root_hash) = {tree.HASH_LENGTH}", name="root_length"),
        schema=schema,
        comment="The signed tree heads of the Merkle log; append-only.",
    )
