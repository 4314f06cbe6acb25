"""Tables of the exchange's own database: agencies, agreements, access log, worklist, links."""

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
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from databases import base
from databases.journal import tables as journal_tables
from sharing_api.table_groups import auditing, cursors, links, worklists
from sharing_api.table_groups import evidence as evidence_tables
from sharing_api.table_groups import matching as matching_tables
from sharing_api.table_groups import notices as notice_tables

SCHEMA = "exchange"
metadata = base.new_metadata(SCHEMA)

agency = Table(
    "agency",
    metadata,
    Column("agency_code", Text, primary_key=True, comment="code of Decision 20/2020/QĐ-TTg"),
    Column("name_vi", Text, nullable=False, comment="name in Vietnamese"),
    Column("jwks", JSONB, nullable=False, default={}, comment="of before agency_key: not read"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, comment="when it was entered"),
    comment="an agency that may be party to agreements",
)

agency_key = Table(
    "agency_key",
    metadata,
    Column("key_id", Text, primary_key=True, comment="thumbprint of the key (RFC 7638)"),
    Column(
        "agency_code",
        Text,
        ForeignKey("exchange.agency.agency_code"),
        nullable=False,
        comment="agency that signs with it",
    ),
    Column("jwk", JSONB, nullable=False, comment="the public key (RFC 7517)"),
    Column("valid_from", DateTime(timezone=True), nullable=False, comment="when it was registered"),
    Column("registered_by", Text, nullable=False, comment="who registered it"),
    Column("ended_at", DateTime(timezone=True), comment="when it ended; null: it still holds"),
    Column("end_reason", Text, comment="why it ended"),
    CheckConstraint("ended_at > valid_from", name="period"),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end"),
    Index("ix_agency_key_agency", "agency_code"),
    comment="keys that agencies sign agreements with; one that ended stays, with its period",
)

agency_delegation = Table(
    "agency_delegation",
    metadata,
    Column("delegation_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
    Column(
        "agency_code",
        Text,
        ForeignKey("exchange.agency.agency_code"),
        nullable=False,
        comment="agency that is acted for",
    ),
    Column(
        "delegate_code",
        Text,
        ForeignKey("exchange.agency.agency_code"),
        nullable=False,
        comment="agency that acts for it",
    ),
    Column("legal_basis", Text, nullable=False, comment="what lets it"),
    Column("valid_from", DateTime(timezone=True), nullable=False, comment="when it was entered"),
    Column("registered_by", Text, nullable=False, comment="who entered it"),
    Column("ended_at", DateTime(timezone=True), comment="when it ended; null: it still holds"),
    Column("end_reason", Text, comment="why it ended"),
    CheckConstraint("agency_code <> delegate_code", name="two"),
    CheckConstraint("ended_at > valid_from", name="period"),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end"),
    Index("ix_agency_delegation_delegate", "delegate_code"),
    comment="who may propose, sign, suspend and revoke agreements for another agency",
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
        "signatures",
        JSONB,
        nullable=False,
        default={},
        comment="of before agreement_signature: not read",
    ),
    Column("status", Text, nullable=False, comment="where it stands in its life"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, comment="when it was entered"),
    CheckConstraint(
        "status IN ('drafted','proposed','accepted','refused','in_force','suspended','revoked',"
        "'expired')",
        name="status",
    ),
    Column("agreement_name", Text, comment="name of the agreement, the same in all versions"),
    Column("version", BigInteger, comment="number of the version"),
    # Drafts do not count: both parties may draft a next version.
    Index(
        "uq_agreement_version",
        "agreement_name",
        "version",
        unique=True,
        postgresql_where=text("status <> 'drafted'"),
    ),
    Index(
        "uq_agreement_standing",
        "agreement_name",
        unique=True,
        postgresql_where=text("status IN ('in_force', 'suspended')"),
    ),
    Index(
        "uq_agreement_pending",
        "agreement_name",
        unique=True,
        postgresql_where=text("status IN ('proposed', 'accepted')"),
    ),
    Index("ix_agreement_status", "status"),
    comment="a version of a data-sharing agreement; its content never changes",
)

agreement_signature = Table(
    "agreement_signature",
    metadata,
    Column(
        "agreement_hash",
        Text,
        ForeignKey("exchange.agreement.agreement_hash"),
        primary_key=True,
        comment="what was signed",
    ),
    Column("agency_code", Text, primary_key=True, comment="party that it was signed for"),
    Column("signer_code", Text, nullable=False, comment="agency that signed: the party or for it"),
    Column(
        "key_id",
        Text,
        ForeignKey("exchange.agency_key.key_id"),
        nullable=False,
        comment="key that signed",
    ),
    Column("signature", Text, nullable=False, comment="detached JWS over the canonical content"),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        nullable=False,
        comment="when the exchange got it: the time of signing",
    ),
    comment="signatures of the parties; append-only",
)

agreement_event = Table(
    "agreement_event",
    metadata,
    Column("event_id", BigInteger, Identity(always=True), primary_key=True, comment="order"),
    Column(
        "agreement_hash",
        Text,
        ForeignKey("exchange.agreement.agreement_hash"),
        nullable=False,
        comment="version that it happened to",
    ),
    Column("happened_at", DateTime(timezone=True), nullable=False, comment="when"),
    Column("act", Text, nullable=False, comment="what was done"),
    Column("from_state", Text, nullable=False, comment="state before; empty for a draft"),
    Column("to_state", Text, nullable=False, comment="state after"),
    Column("party_code", Text, nullable=False, comment="party that acted; empty: the exchange"),
    Column("agency_code", Text, nullable=False, comment="agency that acted for the party"),
    Column("client", Text, nullable=False, comment="system that acted"),
    Column("officer", Text, nullable=False, comment="officer behind the system, as it says"),
    Column("reason", Text, nullable=False, comment="why"),
    Column("legal_basis", Text, nullable=False, comment="what lets it"),
    Index("ix_agreement_event_agreement", "agreement_hash", "event_id"),
    comment="the lives of agreements; append-only",
)

quota_window = Table(
    "quota_window",
    metadata,
    Column("agreement_hash", Text, primary_key=True, comment="agreement that the quota limits"),
    Column("day", Date, primary_key=True, comment="day, in the time zone of Viet Nam"),
    Column("reserved", BigInteger, nullable=False, comment="records reserved by all processes"),
    comment="how much of a daily quota is reserved",
)

quota_minute = Table(
    "quota_minute",
    metadata,
    Column("agreement_hash", Text, primary_key=True, comment="agreement that the quota limits"),
    Column(
        "minute",
        DateTime(timezone=True),
        primary_key=True,
        comment="moment at which the minute begins",
    ),
    Column("reserved", BigInteger, nullable=False, comment="questions reserved by all processes"),
    comment="how much of a quota of a minute is reserved; past minutes are removed",
)

protected_subject = Table(
    "protected_subject",
    metadata,
    Column("protection_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
    Column("subject_tag", LargeBinary, nullable=False, comment="keyed hash of the subject"),
    Column("register", Text, nullable=False, comment="register that knows the subject"),
    Column("legal_basis", Text, nullable=False, comment="what lets it be protected"),
    Column("entered_by", Text, nullable=False, comment="officer of the data authority"),
    Column("entered_at", DateTime(timezone=True), nullable=False, comment="when it began"),
    Column("ended_at", DateTime(timezone=True), comment="when it ended; null: it stands"),
    Column("end_reason", Text, comment="why it ended"),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end"),
    Index(
        "uq_protected_subject_standing",
        "subject_tag",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
    comment="persons about whom only agreements with a right of their own may ask; no names",
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
    Column("operation", Text, nullable=False, comment="look-up, verify, batch, search or linkage"),
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
    Column(
        "transport",
        JSONB,
        nullable=False,
        comment="X-Road headers of the question; of a page of a walk, how much it told",
    ),
    Column("leaf_hash", LargeBinary, nullable=False, comment="RFC 6962 leaf hash of the entry"),
    Column(
        "question",
        LargeBinary,
        comment="the message asked, sealed; at the first entry of an answer, no part of the leaf",
    ),
    UniqueConstraint("position"),
    CheckConstraint("decision IN ('permitted', 'refused')", name="decision"),
    Index("ix_access_entry_subject", "subject_tag", "position"),
    Index("ix_access_entry_logged_at", "logged_at", postgresql_using="brin"),
    Index(
        "ix_access_entry_walk",
        "dataset",
        "position",
        postgresql_where=text("operation = 'linkage'"),
    ),
    Index("ix_access_entry_erasure", "position", postgresql_where=text("operation = 'erasure'")),
    comment="the access log: one entry per data subject and answer, refusals too",
)

journal = journal_tables.define_tables(metadata, SCHEMA)

evidence = evidence_tables.define(metadata)

consistency_run = Table(
    "consistency_run",
    metadata,
    Column("run_id", BigInteger, Identity(always=True), primary_key=True, comment="number"),
    Column("started_at", DateTime(timezone=True), nullable=False, comment="when it began"),
    Column("valid_on", Date, nullable=False, comment="day that was judged"),
    Column("finished_at", DateTime(timezone=True), comment="when it was through; null: not yet"),
    Column("records_read", BigInteger, nullable=False, comment="records that registers gave"),
    Column("subjects_judged", BigInteger, nullable=False, comment="subjects that were judged"),
    comment="a comparison of the registers; one that was broken off is gone on with",
)

consistency_cursor = cursors.define(
    metadata,
    "consistency_cursor",
    "agency that gives it: steward of findings",
    "how far each dataset is read for the comparison",
)

consistency_mention = Table(
    "consistency_mention",
    metadata,
    Column("subject_tag", LargeBinary, primary_key=True, comment="keyed hash of the subject"),
    Column("record_tag", LargeBinary, primary_key=True, comment="keyed hash of the record"),
    Column("sealed", LargeBinary, nullable=False, comment="what it says of it, encrypted"),
    Index("ix_consistency_mention_record", "record_tag"),
    comment="what a record says of a subject, unreadable without the key of the exchange",
)

consistency_touched = Table(
    "consistency_touched",
    metadata,
    Column("rank", SmallInteger, primary_key=True, comment="place in the order of judging"),
    Column("subject_tag", LargeBinary, primary_key=True, comment="keyed hash of the subject"),
    comment="subjects that are to be judged again",
)

consistency_finding = Table(
    "consistency_finding",
    metadata,
    Column("finding_id", BigInteger, Identity(always=True), primary_key=True, comment="permanent"),
    Column("finding_tag", LargeBinary, nullable=False, comment="keyed hash of rule and records"),
    Column("rank", SmallInteger, nullable=False, comment="place of its subject in judging"),
    Column("subject_tag", LargeBinary, nullable=False, comment="keyed hash of whom it is about"),
    Column("rule", Text, nullable=False, comment="name of the rule that found it"),
    Column("confidence", Text, nullable=False, comment="certain, likely or doubtful"),
    Column("steward", Text, nullable=False, comment="agency that owns the first record"),
    Column("state", Text, nullable=False, comment="open, accepted, dismissed or resolved"),
    Column("reason", Text, nullable=False, comment="of who settled it last"),
    Column(
        "run_id",
        BigInteger,
        ForeignKey("exchange.consistency_run.run_id"),
        nullable=False,
        comment="run that found it first",
    ),
    UniqueConstraint("finding_tag"),
    CheckConstraint("confidence IN ('certain', 'likely', 'doubtful')", name="confidence"),
    CheckConstraint("state IN ('open', 'accepted', 'dismissed', 'resolved')", name="state"),
    Index("ix_consistency_finding_subject", "subject_tag"),
    comment="something that registers say and that cannot all be true; holds no values of theirs",
)

consistency_record = Table(
    "consistency_record",
    metadata,
    Column(
        "finding_id",
        BigInteger,
        ForeignKey("exchange.consistency_finding.finding_id"),
        primary_key=True,
        comment="the finding",
    ),
    Column("ordinal", SmallInteger, primary_key=True, comment="1: the one most likely wrong"),
    Column("dataset", Text, nullable=False, comment="register/dataset"),
    Column("sealed_key", LargeBinary, nullable=False, comment="key of the record, encrypted"),
    Column("register_change", BigInteger, nullable=False, comment="state in which it was read"),
    comment="the records that a finding is about",
)

consistency_event = worklists.define_events(
    metadata, "consistency", "what became of findings; append-only"
)

audit = auditing.define(metadata)
link = links.define(metadata)
matching = matching_tables.define(metadata)
notices = notice_tables.define(metadata)
