"""The tables of what proves that the log is whole: chains, witnesses, timestamps."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)


@dataclass(frozen=True)
class EvidenceTables:
    """All of them."""

    subject_state: Table
    subject_node: Table
    subject_commitment: Table
    withholding: Table
    witness: Table
    checkpoint_cosignature: Table
    checkpoint_timestamp: Table


def define(metadata: MetaData) -> EvidenceTables:
    """Define the tables in the schema of the exchange."""
    return EvidenceTables(
        subject_state=_subject_state(metadata),
        subject_node=_subject_node(metadata),
        subject_commitment=_subject_commitment(metadata),
        withholding=_withholding(metadata),
        witness=_witness(metadata),
        checkpoint_cosignature=_checkpoint_cosignature(metadata),
        checkpoint_timestamp=_checkpoint_timestamp(metadata),
    )


def _subject_state(metadata: MetaData) -> Table:
    return Table(
        "subject_state",
        metadata,
        Column("subject_tag", LargeBinary, primary_key=True, comment="whom the entries are about"),
        Column("entries", BigInteger, nullable=False, comment="how many entries are about it"),
        Column(
            "head", LargeBinary, nullable=False, comment="last hash of the chain of its entries"
        ),
        CheckConstraint("entries > 0", name="entries"),
        CheckConstraint("octet_length(subject_tag) = 32", name="tag_length"),
        CheckConstraint("octet_length(head) = 32", name="head_length"),
        comment="where the chain of each subject stands, as of the newest commitment; "
        "made of the log",
    )


def _subject_node(metadata: MetaData) -> Table:
    return Table(
        "subject_node",
        metadata,
        Column(
            "prefix",
            Text(collation="C"),
            primary_key=True,
            comment="first hexadecimal digits of the tags below the node",
        ),
        Column("content", LargeBinary, nullable=False, comment="the node; its SHA-256 is its hash"),
        comment="the tree over all subjects, as of the newest commitment; made of the log",
    )


def _subject_commitment(metadata: MetaData) -> Table:
    return Table(
        "subject_commitment",
        metadata,
        Column(
            "tree_size",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="number of leaves of the log that the commitment covers",
        ),
        Column(
            "entry_id", Uuid, nullable=False, comment="the entry that puts the root into the log"
        ),
        Column(
            "root_hash", LargeBinary, nullable=False, comment="root of the tree over all subjects"
        ),
        Column("committed_at", DateTime(timezone=True), nullable=False, comment="when it was made"),
        CheckConstraint("octet_length(root_hash) = 32", name="root_length"),
        UniqueConstraint("entry_id"),
        comment="roots over all subjects that were put into the log; append-only",
    )


def _withholding(metadata: MetaData) -> Table:
    return Table(
        "withholding",
        metadata,
        Column(
            "entry_id", Uuid, primary_key=True, comment="entry that its subject is not told yet"
        ),
        Column("until_on", Date, nullable=False, comment="day from which it is told again"),
        Column("legal_basis", Text, nullable=False, comment="law that allows it"),
        Column("officer", Text, nullable=False, comment="who asked for it"),
        Column("second_officer", Text, nullable=False, comment="who agreed: somebody else"),
        Column("log_entry_id", Uuid, nullable=False, comment="entry of the log that tells of it"),
        Column(
            "recorded_at", DateTime(timezone=True), nullable=False, comment="when it was decided"
        ),
        CheckConstraint("officer <> second_officer", name="second_officer"),
        ForeignKeyConstraint(["entry_id"], ["exchange.access_entry.entry_id"]),
        ForeignKeyConstraint(["log_entry_id"], ["exchange.access_entry.entry_id"]),
        comment="entries that are withheld from their subject for a time; append-only",
    )


def _witness(metadata: MetaData) -> Table:
    return Table(
        "witness",
        metadata,
        Column("name", Text, primary_key=True, comment="as in its signatures"),
        Column("verifier_key", Text, nullable=False, comment="its public key (C2SP signed note)"),
        Column(
            "recorded_at", DateTime(timezone=True), nullable=False, comment="when it was entered"
        ),
        comment="programs of other agencies that watch the log and cosign its checkpoints",
    )


def _checkpoint_cosignature(metadata: MetaData) -> Table:
    return Table(
        "checkpoint_cosignature",
        metadata,
        Column("tree_size", BigInteger, primary_key=True, comment="checkpoint that was cosigned"),
        Column(
            "witness",
            Text,
            ForeignKey("exchange.witness.name"),
            primary_key=True,
            comment="who cosigned it",
        ),
        Column("line", Text, nullable=False, comment="signature line (C2SP tlog-cosignature)"),
        Column(
            "cosigned_at", DateTime(timezone=True), nullable=False, comment="as the witness says"
        ),
        ForeignKeyConstraint(["tree_size"], ["exchange.log_checkpoint.tree_size"]),
        comment="cosignatures of witnesses; append-only",
    )


def _checkpoint_timestamp(metadata: MetaData) -> Table:
    return Table(
        "checkpoint_timestamp",
        metadata,
        Column("tree_size", BigInteger, primary_key=True, comment="checkpoint that was stamped"),
        Column("authority", Text, primary_key=True, comment="address of the authority"),
        Column("token", LargeBinary, nullable=False, comment="time-stamp response (RFC 3161), DER"),
        Column(
            "stamped_at", DateTime(timezone=True), nullable=False, comment="as the authority says"
        ),
        ForeignKeyConstraint(["tree_size"], ["exchange.log_checkpoint.tree_size"]),
        comment="timestamps of checkpoints by authorities outside; append-only",
    )
