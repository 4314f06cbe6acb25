"""Tables of the exchange's own database: agencies, clients, agreements, the access log."""

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
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from databases import base
from databases.journal import tables as journal_tables

SCHEMA = "exchange"
metadata = base.new_metadata(SCHEMA)

agency = Table(
    "agency",
    metadata,
    Column("agency_code", Text, primary_key=True, comment="code of Decision 20/2020/QĐ-TTg"),
    Column("name_vi", Text, nullable=False, comment="name in Vietnamese"),
    Column("jwks", JSONB, nullable=False, comment="public signing keys of the agency, a JWK set"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, comment="when it was entered"),
    comment="an agency that may be party to agreements",
)

client = Table(
    "client",
    metadata,
    Column("client_id", Text, primary_key=True, comment="name of the calling system"),
    Column(
        "agency_code",
        Text,
        ForeignKey("exchange.agency.agency_code"),
        nullable=False,
        comment="agency that the system works for",
    ),
    Column("jwks", JSONB, nullable=False, comment="public keys that its assertions are signed by"),
    Column("status", Text, nullable=False, comment="active or suspended"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, comment="when it was entered"),
    CheckConstraint("status IN ('active', 'suspended')", name="status"),
    comment="a system of an agency that may ask (OAuth client, private_key_jwt)",
)

assertion_use = Table(
    "assertion_use",
    metadata,
    Column("client_id", Text, primary_key=True, comment="who presented the assertion"),
    Column("assertion_id", Text, primary_key=True, comment="its jti: used once, never again"),
    Column(
        "expires_at",
        DateTime(timezone=True),
        nullable=False,
        comment="end of the assertion's life; afterwards the row may go",
    ),
    comment="client assertions that were used (RFC 7523 section 3, jti)",
)

agreement = Table(
    "agreement",
    metadata,
    Column("agreement_hash", Text, primary_key=True, comment="SHA-256 of the content, hex"),
    Column("content", LargeBinary, nullable=False, comment="canonical JSON (RFC 8785), as signed"),
    Column("provider", Text, nullable=False, comment="agency that gives the data"),
    Column("consumer", Text, nullable=False, comment="agency that gets the data"),
    Column(
        "signatures", JSONB, nullable=False, comment="agency code → detached JWS of the content"
    ),
    Column("status", Text, nullable=False, comment="where it stands in its life"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, comment="when it was entered"),
    CheckConstraint(
        "status IN ('drafted','proposed','accepted','refused','in_force','suspended','revoked',"
        "'expired')",
        name="status",
    ),
    comment="a version of a data-sharing agreement; its content never changes",
)

quota_window = Table(
    "quota_window",
    metadata,
    Column("agreement_hash", Text, primary_key=True, comment="agreement that the quota limits"),
    Column("day", Date, primary_key=True, comment="day, in the time zone of Viet Nam"),
    Column("reserved", BigInteger, nullable=False, comment="records reserved by all processes"),
    comment="how much of a daily quota is reserved",
)

access_entry = Table(
    "access_entry",
    metadata,
    Column(
        "position",
        BigInteger,
        Identity(always=True),
        nullable=False,
        comment="order of writing; the integrator follows it",
    ),
    Column("entry_id", Uuid, primary_key=True, comment="time-ordered id of the entry"),
    Column("answer_id", Uuid, nullable=False, comment="the answer; a batch has an entry a subject"),
    Column("logged_at", DateTime(timezone=True), nullable=False, comment="moment of the decision"),
    Column("agency", Text, nullable=False, comment="agency that asked"),
    Column("client", Text, nullable=False, comment="system that asked"),
    Column("officer", Text, nullable=False, comment="officer behind the system, as it says"),
    Column(
        "subject_tag",
        LargeBinary,
        comment="keyed hash of register and subject; null where nobody was named or found",
    ),
    Column("dataset", Text, nullable=False, comment="register/dataset"),
    Column("operation", Text, nullable=False, comment="look-up, verify, batch or search"),
    Column("purpose", Text, nullable=False, comment="purpose as asked"),
    Column("legal_basis", Text, nullable=False, comment="legal basis as asked"),
    Column("procedure", Text, nullable=False, comment="public-service code as asked"),
    Column("case_reference", Text, nullable=False, comment="number of the case as asked"),
    Column("agreement_hash", Text, nullable=False, comment="agreement it was decided under; or ''"),
    Column("decision", Text, nullable=False, comment="permitted or refused"),
    Column("rule", Text, nullable=False, comment="rule that refused, or what came of the question"),
    Column("fields", ARRAY(Text), nullable=False, comment="fields delivered, sorted"),
    Column("request_hash", LargeBinary, nullable=False, comment="SHA-256 of the question's bytes"),
    Column("answer_hash", LargeBinary, nullable=False, comment="SHA-256 of the answer's bytes"),
    Column("register_change", BigInteger, nullable=False, comment="state of the register; 0: none"),
    Column("valid_on", Date, nullable=False, comment="day that was asked about"),
    Column("transport", JSONB, nullable=False, comment="X-Road headers of the question, if any"),
    Column("leaf_hash", LargeBinary, nullable=False, comment="RFC 6962 leaf hash of the entry"),
    UniqueConstraint("position"),
    CheckConstraint("decision IN ('permitted', 'refused')", name="decision"),
    Index("ix_access_entry_subject", "subject_tag", "position"),
    Index("ix_access_entry_logged_at", "logged_at", postgresql_using="brin"),
    comment="the access log: one entry per data subject and answer, refusals too",
)

journal = journal_tables.define_tables(metadata, SCHEMA)
