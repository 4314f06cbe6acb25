"""The tables of the auditor: officers, what was done hour by hour, findings, saved searches."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from sharing_api.table_groups import worklists


@dataclass(frozen=True)
class AuditTables:
    """All of them."""

    officer: Table
    officer_tie: Table
    run: Table
    activity: Table
    use: Table
    finding: Table
    evidence: Table
    event: Table
    saved_search: Table


def define(metadata: MetaData) -> AuditTables:
    """Define the tables in the schema of the exchange."""
    return AuditTables(
        officer=_officer(metadata),
        officer_tie=_officer_tie(metadata),
        run=_run(metadata),
        activity=_activity(metadata),
        use=_use(metadata),
        finding=_finding(metadata),
        evidence=_evidence(metadata),
        event=worklists.define_events(
            metadata, "audit", "what became of findings of auditors; append-only"
        ),
        saved_search=_search(metadata),
    )


def _officer(metadata: MetaData) -> Table:
    return Table(
        "officer",
        metadata,
        Column(
            "agency_code",
            Text,
            ForeignKey("exchange.agency.agency_code"),
            primary_key=True,
            comment="agency that filed it",
        ),
        Column("officer", Text, primary_key=True, comment="as the agency's questions name them"),
        Column("sealed_pin", LargeBinary, nullable=False, comment="personal number, encrypted"),
        Column("filed_at", DateTime(timezone=True), nullable=False, comment="when it was filed"),
        Column("kin_read_at", DateTime(timezone=True), comment="when kin was asked; null: never"),
        comment="officers whose personal numbers their agencies filed, for auditors only",
    )


def _officer_tie(metadata: MetaData) -> Table:
    return Table(
        "officer_tie",
        metadata,
        Column("subject_tag", LargeBinary, nullable=False, comment="as in the access log"),
        Column("agency_code", Text, nullable=False, comment="agency of the officer"),
        Column("officer", Text, nullable=False, comment="the officer"),
        Column("relation", Text, nullable=False, comment="self, or what kin the person is"),
        PrimaryKeyConstraint("subject_tag", "agency_code", "officer"),
        Index("ix_officer_tie_officer", "agency_code", "officer"),
        comment="data subjects that officers are themselves, or are related to",
    )


def _run(metadata: MetaData) -> Table:
    return Table(
        "audit_run",
        metadata,
        Column("run_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
        Column("started_at", DateTime(timezone=True), nullable=False, comment="when it began"),
        Column("finished_at", DateTime(timezone=True), comment="when it ended; null: not yet"),
        Column("position", BigInteger, nullable=False, comment="last entry of the log judged"),
        Column("entries", BigInteger, nullable=False, comment="entries that this run judged"),
        comment="runs of the rules over the access log, and how far each came",
    )


def _activity(metadata: MetaData) -> Table:
    return Table(
        "audit_activity",
        metadata,
        Column("agency", Text, nullable=False, comment="agency that asked"),
        Column("client", Text, nullable=False, comment="system that asked"),
        Column("officer", Text, nullable=False, comment="officer; empty: the system by itself"),
        Column("hour_at", DateTime(timezone=True), nullable=False, comment="beginning of the hour"),
        Column("entries", BigInteger, nullable=False, comment="entries of the log"),
        Column("answers", BigInteger, nullable=False, comment="answers; a batch is one"),
        Column("refused", BigInteger, nullable=False, comment="entries that were refused"),
        Column("missed", BigInteger, nullable=False, comment="entries where nobody was found"),
        Column("subjects", BigInteger, nullable=False, comment="different data subjects"),
        Column("outside", BigInteger, nullable=False, comment="entries out of office hours"),
        Column("gaps", BigInteger, nullable=False, comment="intervals between answers"),
        Column("gap_sum", Double, nullable=False, comment="their sum, seconds"),
        Column("gap_squares", Double, nullable=False, comment="sum of their squares"),
        PrimaryKeyConstraint("agency", "client", "officer", "hour_at"),
        Index("ix_audit_activity_hour", "agency", "hour_at"),
        comment="what officers and systems did in each hour: against it their next is judged",
    )


def _use(metadata: MetaData) -> Table:
    return Table(
        "audit_use",
        metadata,
        Column("agency", Text, nullable=False, comment="agency that asked"),
        Column("purpose", Text, nullable=False, comment="purpose as asked"),
        Column("procedure", Text, nullable=False, comment="public-service code as asked"),
        Column("answers", BigInteger, nullable=False, comment="permitted answers until now"),
        PrimaryKeyConstraint("agency", "purpose", "procedure"),
        comment="which purposes and procedures agencies name together, and how often",
    )


def _finding(metadata: MetaData) -> Table:
    return Table(
        "audit_finding",
        metadata,
        Column("finding_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
        Column("finding_tag", LargeBinary, nullable=False, comment="hash of rule and whom"),
        Column("rule", Text, nullable=False, comment="name of the rule"),
        Column("severity", Text, nullable=False, comment="high, medium or low"),
        Column("agency", Text, nullable=False, comment="agency that asked"),
        Column("client", Text, nullable=False, comment="system; empty: all of the agency"),
        Column("officer", Text, nullable=False, comment="officer; empty: not of one alone"),
        Column("subject_tag", LargeBinary, comment="about whom; null: not of one alone"),
        Column("state", Text, nullable=False, comment="open, accepted or dismissed"),
        Column("reason", Text, nullable=False, comment="of who settled it last"),
        Column("first_at", DateTime(timezone=True), nullable=False, comment="of the evidence"),
        Column("last_at", DateTime(timezone=True), nullable=False, comment="of the evidence"),
        Column("entries", BigInteger, nullable=False, comment="entries that it rests on"),
        Column("figures", JSONB, nullable=False, comment="what the rule measured last"),
        UniqueConstraint("finding_tag"),
        CheckConstraint("severity IN ('high', 'medium', 'low')", name="severity"),
        CheckConstraint("state IN ('open', 'accepted', 'dismissed')", name="state"),
        Index("ix_audit_finding_state", "state", "rule"),
        comment="something in the access log that an auditor should look at; names nobody",
    )


def _evidence(metadata: MetaData) -> Table:
    return Table(
        "audit_evidence",
        metadata,
        Column(
            "finding_id",
            BigInteger,
            ForeignKey("exchange.audit_finding.finding_id"),
            primary_key=True,
            comment="the finding",
        ),
        Column("entry_id", Uuid, primary_key=True, comment="entry of the access log"),
        comment="entries that findings rest on, the first hundred of each hour; append-only",
    )


def _search(metadata: MetaData) -> Table:
    return Table(
        "audit_search",
        metadata,
        Column("name", Text, primary_key=True, comment="name under which it was saved"),
        Column("wanted", JSONB, nullable=False, comment="conditions; a subject by its tag only"),
        Column("officer", Text, nullable=False, comment="who saved it last"),
        Column("saved_at", DateTime(timezone=True), nullable=False, comment="when"),
        comment="searches of the access log that auditors do again",
    )
