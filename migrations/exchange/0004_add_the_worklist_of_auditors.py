"""add the worklist of auditors.

Revision: 0004, after 0003.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('audit_activity',
    sa.Column('agency', sa.Text(), nullable=False, comment='agency that asked'),
    sa.Column('client', sa.Text(), nullable=False, comment='system that asked'),
    sa.Column('officer', sa.Text(), nullable=False, comment='officer; empty: the system by itself'),
    sa.Column('hour_at', sa.DateTime(timezone=True), nullable=False, comment='beginning of the hour'),
    sa.Column('entries', sa.BigInteger(), nullable=False, comment='entries of the log'),
    sa.Column('answers', sa.BigInteger(), nullable=False, comment='answers; a batch is one'),
    sa.Column('refused', sa.BigInteger(), nullable=False, comment='entries that were refused'),
    sa.Column('missed', sa.BigInteger(), nullable=False, comment='entries where nobody was found'),
    sa.Column('subjects', sa.BigInteger(), nullable=False, comment='different data subjects'),
    sa.Column('outside', sa.BigInteger(), nullable=False, comment='entries out of office hours'),
    sa.Column('gaps', sa.BigInteger(), nullable=False, comment='intervals between answers'),
    sa.Column('gap_sum', sa.Double(), nullable=False, comment='their sum, seconds'),
    sa.Column('gap_squares', sa.Double(), nullable=False, comment='sum of their squares'),
    sa.PrimaryKeyConstraint('agency', 'client', 'officer', 'hour_at', name=op.f('pk_audit_activity')),
    schema='exchange',
    comment='what officers and systems did in each hour: against it their next is judged'
    )
    op.create_index('ix_audit_activity_hour', 'audit_activity', ['agency', 'hour_at'], unique=False, schema='exchange')
    op.create_table('audit_finding',
    sa.Column('finding_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('finding_tag', sa.LargeBinary(), nullable=False, comment='hash of rule and whom'),
    sa.Column('rule', sa.Text(), nullable=False, comment='name of the rule'),
    sa.Column('severity', sa.Text(), nullable=False, comment='high, medium or low'),
    sa.Column('agency', sa.Text(), nullable=False, comment='agency that asked'),
    sa.Column('client', sa.Text(), nullable=False, comment='system; empty: all of the agency'),
    sa.Column('officer', sa.Text(), nullable=False, comment='officer; empty: not of one alone'),
    sa.Column('subject_tag', sa.LargeBinary(), nullable=True, comment='about whom; null: not of one alone'),
    sa.Column('state', sa.Text(), nullable=False, comment='open, accepted or dismissed'),
    sa.Column('reason', sa.Text(), nullable=False, comment='of who settled it last'),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False, comment='of the evidence'),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False, comment='of the evidence'),
    sa.Column('entries', sa.BigInteger(), nullable=False, comment='entries that it rests on'),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='what the rule measured last'),
    sa.CheckConstraint("severity IN ('high', 'medium', 'low')", name=op.f('ck_audit_finding_severity')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'dismissed')", name=op.f('ck_audit_finding_state')),
    sa.PrimaryKeyConstraint('finding_id', name=op.f('pk_audit_finding')),
    sa.UniqueConstraint('finding_tag', name=op.f('uq_audit_finding_finding_tag')),
    schema='exchange',
    comment='something in the access log that an auditor should look at; names nobody'
    )
    op.create_index('ix_audit_finding_state', 'audit_finding', ['state', 'rule'], unique=False, schema='exchange')
    op.create_table('audit_run',
    sa.Column('run_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='when it began'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='when it ended; null: not yet'),
    sa.Column('position', sa.BigInteger(), nullable=False, comment='last entry of the log judged'),
    sa.Column('entries', sa.BigInteger(), nullable=False, comment='entries that this run judged'),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_audit_run')),
    schema='exchange',
    comment='runs of the rules over the access log, and how far each came'
    )
    op.create_table('audit_search',
    sa.Column('name', sa.Text(), nullable=False, comment='name under which it was saved'),
    sa.Column('wanted', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='conditions; a subject by its tag only'),
    sa.Column('officer', sa.Text(), nullable=False, comment='who saved it last'),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_audit_search')),
    schema='exchange',
    comment='searches of the access log that auditors do again'
    )
    op.create_table('audit_use',
    sa.Column('agency', sa.Text(), nullable=False, comment='agency that asked'),
    sa.Column('purpose', sa.Text(), nullable=False, comment='purpose as asked'),
    sa.Column('procedure', sa.Text(), nullable=False, comment='public-service code as asked'),
    sa.Column('answers', sa.BigInteger(), nullable=False, comment='permitted answers until now'),
    sa.PrimaryKeyConstraint('agency', 'purpose', 'procedure', name=op.f('pk_audit_use')),
    schema='exchange',
    comment='which purposes and procedures agencies name together, and how often'
    )
    op.create_table('officer_tie',
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='as in the access log'),
    sa.Column('agency_code', sa.Text(), nullable=False, comment='agency of the officer'),
    sa.Column('officer', sa.Text(), nullable=False, comment='the officer'),
    sa.Column('relation', sa.Text(), nullable=False, comment='self, or what kin the person is'),
    sa.PrimaryKeyConstraint('subject_tag', 'agency_code', 'officer', name=op.f('pk_officer_tie')),
    schema='exchange',
    comment='data subjects that officers are themselves, or are related to'
    )
    op.create_index('ix_officer_tie_officer', 'officer_tie', ['agency_code', 'officer'], unique=False, schema='exchange')
    op.create_table('audit_event',
    sa.Column('event_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='order'),
    sa.Column('finding_id', sa.BigInteger(), nullable=False, comment='the finding'),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.Column('officer', sa.Text(), nullable=False, comment='who settled it, or the run'),
    sa.Column('from_state', sa.Text(), nullable=False, comment='state before; empty for a new finding'),
    sa.Column('to_state', sa.Text(), nullable=False, comment='state after'),
    sa.Column('reason', sa.Text(), nullable=False, comment='why'),
    sa.ForeignKeyConstraint(['finding_id'], ['exchange.audit_finding.finding_id'], name=op.f('fk_audit_event_finding_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_audit_event')),
    schema='exchange',
    comment='what became of findings of auditors; append-only'
    )
    op.create_index('ix_audit_event_finding', 'audit_event', ['finding_id', 'event_id'], unique=False, schema='exchange')
    op.create_table('audit_evidence',
    sa.Column('finding_id', sa.BigInteger(), nullable=False, comment='the finding'),
    sa.Column('entry_id', sa.Uuid(), nullable=False, comment='entry of the access log'),
    sa.ForeignKeyConstraint(['finding_id'], ['exchange.audit_finding.finding_id'], name=op.f('fk_audit_evidence_finding_id')),
    sa.PrimaryKeyConstraint('finding_id', 'entry_id', name=op.f('pk_audit_evidence')),
    schema='exchange',
    comment='entries that findings rest on, the first hundred of each hour; append-only'
    )
    op.create_table('officer',
    sa.Column('agency_code', sa.Text(), nullable=False, comment='agency that filed it'),
    sa.Column('officer', sa.Text(), nullable=False, comment="as the agency's questions name them"),
    sa.Column('sealed_pin', sa.LargeBinary(), nullable=False, comment='personal number, encrypted'),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False, comment='when it was filed'),
    sa.Column('kin_read_at', sa.DateTime(timezone=True), nullable=True, comment='when kin was asked; null: never'),
    sa.ForeignKeyConstraint(['agency_code'], ['exchange.agency.agency_code'], name=op.f('fk_officer_agency_code')),
    sa.PrimaryKeyConstraint('agency_code', 'officer', name=op.f('pk_officer')),
    schema='exchange',
    comment='officers whose personal numbers their agencies filed, for auditors only'
    )
    op.execute(assets.read("auditing_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table('officer', schema='exchange')
    op.drop_table('audit_evidence', schema='exchange')
    op.drop_index('ix_audit_event_finding', table_name='audit_event', schema='exchange')
    op.drop_table('audit_event', schema='exchange')
    op.drop_index('ix_officer_tie_officer', table_name='officer_tie', schema='exchange')
    op.drop_table('officer_tie', schema='exchange')
    op.drop_table('audit_use', schema='exchange')
    op.drop_table('audit_search', schema='exchange')
    op.drop_table('audit_run', schema='exchange')
    op.drop_index('ix_audit_finding_state', table_name='audit_finding', schema='exchange')
    op.drop_table('audit_finding', schema='exchange')
    op.drop_index('ix_audit_activity_hour', table_name='audit_activity', schema='exchange')
    op.drop_table('audit_activity', schema='exchange')
