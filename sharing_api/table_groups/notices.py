"""The tables of notices, of the recall that sends some of them, and of emergencies."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY


@dataclass(frozen=True)
class NoticeTables:
    """All of them."""

    notice: Table
    notice_entry: Table
    recall_cursor: Table
    emergency: Table


def define(metadata: MetaData) -> NoticeTables:
    """Define the tables in the schema of the exchange."""
    return NoticeTables(
        notice=_notice(metadata),
        notice_entry=_notice_entry(metadata),
        recall_cursor=_recall_cursor(metadata),
        emergency=_emergency(metadata),
    )


def _notice(metadata: MetaData) -> Table:
    return Table(
        "notice",
        metadata,
        Column("notice_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
        Column("kind", Text, nullable=False, comment="correction or emergency"),
        Column(
            "recipient",
            Text,
            ForeignKey("exchange.agency.agency_code"),
            nullable=False,
            comment="agency that is told",
        ),
        Column("dataset", Text, nullable=False, comment="register/dataset"),
        Column("register_change", BigInteger, nullable=False, comment="what corrected it"),
        Column("subject_tag", LargeBinary, nullable=False, comment="about whom, as in the log"),
        Column("fields", ARRAY(Text), nullable=False, comment="fields that it is about, sorted"),
        Column("created_at", DateTime(timezone=True), nullable=False, comment="when it was sent"),
        Column("due_on", Date, nullable=False, comment="last day for acknowledging it"),
        Column("acknowledged_at", DateTime(timezone=True), comment="when; null: not yet"),
        Column(
            "acknowledged_by",
            Text,
            nullable=False,
            server_default="",
            comment="system and officer of the recipient",
        ),
        Column("remark", Text, nullable=False, server_default="", comment="what the recipient did"),
        UniqueConstraint("kind", "recipient", "dataset", "register_change", "subject_tag"),
        CheckConstraint("kind IN ('correction', 'emergency')", name="kind"),
        Index("ix_notice_recipient", "recipient", "acknowledged_at"),
        comment="what an agency must know of; it names data subjects by their tags only",
    )


def _notice_entry(metadata: MetaData) -> Table:
    return Table(
        "notice_entry",
        metadata,
        Column(
            "notice_id",
            BigInteger,
            ForeignKey("exchange.notice.notice_id"),
            primary_key=True,
            comment="the notice",
        ),
        Column("entry_id", Uuid, primary_key=True, comment="entry of the access log"),
        comment="the disclosures that notices are about; append-only",
    )


def _recall_cursor(metadata: MetaData) -> Table:
    return Table(
        "recall_cursor",
        metadata,
        Column("dataset", Text, primary_key=True, comment="register/dataset"),
        Column("change", BigInteger, nullable=False, comment="change up to which it is recalled"),
        Column("sealed_key", LargeBinary, nullable=False, comment="record to go on behind, sealed"),
        comment="how far corrections of each dataset were followed to those who had been told",
    )


def _emergency(metadata: MetaData) -> Table:
    return Table(
        "emergency",
        metadata,
        Column("answer_id", Uuid, primary_key=True, comment="the answer, as in the access log"),
        Column("asked_at", DateTime(timezone=True), nullable=False, comment="when"),
        Column("agreement_hash", Text, nullable=False, comment="agreement that names emergencies"),
        Column("provider", Text, nullable=False, comment="agency that owns the data"),
        Column("consumer", Text, nullable=False, comment="agency that asked"),
        Column("client", Text, nullable=False, comment="system that asked"),
        Column("officer", Text, nullable=False, comment="officer behind it"),
        Column("dataset", Text, nullable=False, comment="register/dataset"),
        Column("reason", Text, nullable=False, comment="why, as stated"),
        Column("legal_basis", Text, nullable=False, comment="what lets it, as stated"),
        Column("review_by", DateTime(timezone=True), nullable=False, comment="end of the clock"),
        Column("state", Text, nullable=False, comment="open, justified, unjustified or missed"),
        Column("reviewed_at", DateTime(timezone=True), comment="when it was reviewed; null: never"),
        Column("reviewer", Text, nullable=False, server_default="", comment="who reviewed it"),
        Column("outcome", Text, nullable=False, server_default="", comment="what came of it"),
        CheckConstraint("state IN ('open', 'justified', 'unjustified', 'missed')", name="state"),
        Index("ix_emergency_state", "state", "review_by"),
        comment="answers given outside the usual grant, and their review",
    )
