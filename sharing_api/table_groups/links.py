"""The tables of links between registers: what is compared, links, entities, thresholds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from sharing_api.table_groups import cursors


@dataclass(frozen=True)
class LinkTables:
    """All of them."""

    cursor: Table
    mention: Table
    touched: Table
    run: Table
    likeness: Table
    calibration: Table
    entity: Table
    member: Table
    link: Table
    event: Table


def define(metadata: MetaData) -> LinkTables:
    """Define the tables in the schema of the exchange."""
    return LinkTables(
        cursor=cursors.define(
            metadata,
            "link_cursor",
            "agency that gives it",
            "how far each dataset is read for the linkage",
        ),
        mention=_mention(metadata),
        touched=_touched(metadata),
        run=_run(metadata),
        likeness=_likeness(metadata),
        calibration=_calibration(metadata),
        entity=_entity(metadata),
        member=_member(metadata),
        link=_link(metadata),
        event=_event(metadata),
    )


def _mention(metadata: MetaData) -> Table:
    return Table(
        "link_mention",
        metadata,
        Column(
            "mention_tag",
            LargeBinary,
            primary_key=True,
            comment="keyed hash of record and part of it",
        ),
        Column("side", Text, nullable=False, comment="register/dataset and what is spoken of"),
        Column("record_tag", LargeBinary, nullable=False, comment="keyed hash of the record"),
        Column("content_tag", LargeBinary, nullable=False, comment="keyed hash of what it says"),
        Column(
            "sealed", LargeBinary, nullable=False, comment="key, part and what it says, encrypted"
        ),
        Column("register_change", BigInteger, nullable=False, comment="state in which it was read"),
        Index("ix_link_mention_record", "record_tag"),
        Index("ix_link_mention_side", "side", "mention_tag"),
        comment="what a record says of a person or an enterprise, unreadable without the key",
    )


def _touched(metadata: MetaData) -> Table:
    return Table(
        "link_touched",
        metadata,
        Column("comparison", Text, primary_key=True, comment="which registers are linked"),
        Column(
            "mention_tag", LargeBinary, primary_key=True, comment="keyed hash, as in link_mention"
        ),
        comment="what came, changed or went since a comparison was made",
    )


def _run(metadata: MetaData) -> Table:
    return Table(
        "link_run",
        metadata,
        Column("run_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
        Column("started_at", DateTime(timezone=True), nullable=False, comment="when it began"),
        Column("valid_on", Date, nullable=False, comment="day that the records hold on"),
        Column(
            "finished_at", DateTime(timezone=True), comment="when it was through; null: not yet"
        ),
        Column("records_read", BigInteger, nullable=False, comment="records that registers gave"),
        Column(
            "links_judged", BigInteger, nullable=False, comment="links that were found or revised"
        ),
        comment="a linkage of the registers; one that was broken off is gone on with",
    )


def _likeness(metadata: MetaData) -> Table:
    return Table(
        "link_likeness",
        metadata,
        Column("comparison", Text, primary_key=True, comment="which registers are linked"),
        Column("model_version", Text, nullable=False, comment="version of the model"),
        Column("sealed", LargeBinary, nullable=False, comment="weights and frequencies, encrypted"),
        Column("learned_at", DateTime(timezone=True), nullable=False, comment="when"),
        comment="what the first run of a comparison learned; later runs weigh by it",
    )


def _calibration(metadata: MetaData) -> Table:
    return Table(
        "link_calibration",
        metadata,
        Column(
            "calibration_id", BigInteger, Identity(always=True), primary_key=True, comment="order"
        ),
        Column("comparison", Text, nullable=False, comment="which registers are linked"),
        Column("model_version", Text, nullable=False, comment="version of the model"),
        Column(
            "precision", Float, nullable=False, comment="share of right links that is asked for"
        ),
        Column("confidence", Float, nullable=False, comment="of the bound, such as 0.95"),
        Column(
            "weight", Float, comment="bits from which a link is automatic; null: none reaches it"
        ),
        Column("bound", Float, comment="lower bound of the precision from that weight on"),
        Column("labelled", BigInteger, nullable=False, comment="pairs that were labelled"),
        Column("labelled_same", BigInteger, nullable=False, comment="those that are the same"),
        Column("sample_hash", LargeBinary, nullable=False, comment="SHA-256 of the labelled file"),
        Column("officer", Text, nullable=False, comment="who labelled it"),
        Column("recorded_at", DateTime(timezone=True), nullable=False, comment="when"),
        Index("ix_link_calibration_comparison", "comparison", "calibration_id"),
        comment="thresholds of automatic links, from labelled samples; append-only",
    )


def _entity(metadata: MetaData) -> Table:
    return Table(
        "link_entity",
        metadata,
        Column(
            "entity_id", BigInteger, Identity(always=True), primary_key=True, comment="permanent"
        ),
        Column("subject", Text, nullable=False, comment="person or enterprise"),
        CheckConstraint("subject IN ('person', 'enterprise')", name="subject"),
        comment="a person or an enterprise across registers; an id is given once and never again",
    )


def _member(metadata: MetaData) -> Table:
    return Table(
        "link_member",
        metadata,
        Column(
            "mention_tag", LargeBinary, primary_key=True, comment="keyed hash, as in link_mention"
        ),
        Column(
            "entity_id",
            BigInteger,
            ForeignKey("exchange.link_entity.entity_id"),
            nullable=False,
            comment="whom it speaks of",
        ),
        Index("ix_link_member_entity", "entity_id"),
        comment="which records are of which entity, by the links that stand",
    )


def _link(metadata: MetaData) -> Table:
    return Table(
        "link",
        metadata,
        Column("link_id", BigInteger, Identity(always=True), primary_key=True, comment="permanent"),
        Column(
            "link_tag", LargeBinary, nullable=False, comment="keyed hash of comparison and records"
        ),
        Column("comparison", Text, nullable=False, comment="which registers are linked"),
        Column("subject", Text, nullable=False, comment="person or enterprise"),
        *_side("left"),
        *_side("right"),
        Column("model_version", Text, nullable=False, comment="version of the model"),
        Column("weight", Float, nullable=False, comment="bits"),
        Column("probability", Float, nullable=False, comment="that they are the same"),
        Column("evidence", JSONB, nullable=False, comment="field, level and bits, no values"),
        Column("state", Text, nullable=False, comment="where it stands"),
        Column("is_decided", Boolean, nullable=False, comment="whether a person decided it"),
        Column("first_reviewer", Text, nullable=False, comment="of two; empty while there is none"),
        Column("reason", Text, nullable=False, comment="of the last step"),
        UniqueConstraint("link_tag"),
        CheckConstraint("subject IN ('person', 'enterprise')", name="subject"),
        CheckConstraint(
            "state IN ('automatic', 'review', 'accepted', 'rejected', 'undone', 'superseded')",
            name="state",
        ),
        Index("ix_link_left", "left_tag"),
        Index("ix_link_right", "right_tag"),
        Index("ix_link_state", "comparison", "state", "link_id"),
        comment="two records that may be of one person or enterprise; holds no values of theirs",
    )


def _side(name: str) -> list[Column[Any]]:
    return [
        Column(f"{name}_dataset", Text, nullable=False, comment=f"{name}: register/dataset"),
        Column(f"{name}_tag", LargeBinary, nullable=False, comment=f"{name}: keyed hash"),
        Column(
            f"{name}_sealed_key",
            LargeBinary,
            nullable=False,
            comment=f"{name}: key and part of the record, encrypted",
        ),
        Column(
            f"{name}_content_tag",
            LargeBinary,
            nullable=False,
            comment=f"{name}: keyed hash of what was compared",
        ),
        Column(
            f"{name}_change",
            BigInteger,
            nullable=False,
            comment=f"{name}: change of the register when compared",
        ),
    ]


def _event(metadata: MetaData) -> Table:
    return Table(
        "link_event",
        metadata,
        Column("event_id", BigInteger, Identity(always=True), primary_key=True, comment="order"),
        Column(
            "link_id",
            BigInteger,
            ForeignKey("exchange.link.link_id"),
            nullable=False,
            comment="the link",
        ),
        Column("happened_at", DateTime(timezone=True), nullable=False, comment="when"),
        Column("officer", Text, nullable=False, comment="who decided it, or the run"),
        Column("from_state", Text, nullable=False, comment="state before; empty for a new link"),
        Column("to_state", Text, nullable=False, comment="state after"),
        Column("reason", Text, nullable=False, comment="why"),
        Column("weight", Float, nullable=False, comment="bits at that time"),
        Column("model_version", Text, nullable=False, comment="version of the model at that time"),
        Column("left_change", BigInteger, nullable=False, comment="state of the left register"),
        Column("right_change", BigInteger, nullable=False, comment="state of the right register"),
        Column(
            "entity_id", BigInteger, comment="entity of both records after it; null: of neither"
        ),
        Column(
            "former_entity_id", BigInteger, comment="entity that went up in it, or came out of it"
        ),
        Index("ix_link_event_link", "link_id", "event_id"),
        comment="what became of links; append-only",
    )
