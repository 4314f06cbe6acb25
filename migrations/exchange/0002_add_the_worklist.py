"""Add the worklist between registers.

Revision: 0002, after 0001.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('consistency_cursor',
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='version of what is kept of a record'),
    sa.Column('change', sa.BigInteger(), nullable=True, comment='change up to which it was read as a whole; null: never'),
    sa.Column('valid_on', sa.Date(), nullable=True, comment='day that it was read for'),
    sa.Column('next_change', sa.BigInteger(), nullable=True, comment='change of the walk under way; null: none is'),
    sa.Column('next_valid_on', sa.Date(), nullable=True, comment='day of the walk under way'),
    sa.Column('sealed_after', sa.LargeBinary(), nullable=False, comment='key to go on behind, sealed'),
    sa.Column('provider', sa.Text(), nullable=False, comment='agency that gives it: steward of findings'),
    sa.PrimaryKeyConstraint('dataset', name=op.f('pk_consistency_cursor')),
    schema='exchange',
    comment='how far each dataset is read for the comparison'
    )
    op.create_table('consistency_mention',
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of the subject'),
    sa.Column('record_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of the record'),
    sa.Column('sealed', sa.LargeBinary(), nullable=False, comment='what it says of it, encrypted'),
    sa.PrimaryKeyConstraint('subject_tag', 'record_tag', name=op.f('pk_consistency_mention')),
    schema='exchange',
    comment='what a record says of a subject, unreadable without the key of the exchange'
    )
    op.create_index('ix_consistency_mention_record', 'consistency_mention', ['record_tag'], unique=False, schema='exchange')
    op.create_table('consistency_run',
    sa.Column('run_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='when it began'),
    sa.Column('valid_on', sa.Date(), nullable=False, comment='day that was judged'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='when it was through; null: not yet'),
    sa.Column('records_read', sa.BigInteger(), nullable=False, comment='records that registers gave'),
    sa.Column('subjects_judged', sa.BigInteger(), nullable=False, comment='subjects that were judged'),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_consistency_run')),
    schema='exchange',
    comment='a comparison of the registers; one that was broken off is gone on with'
    )
    op.create_table('consistency_touched',
    sa.Column('rank', sa.SmallInteger(), nullable=False, comment='place in the order of judging'),
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of the subject'),
    sa.PrimaryKeyConstraint('rank', 'subject_tag', name=op.f('pk_consistency_touched')),
    schema='exchange',
    comment='subjects that are to be judged again'
    )
    op.create_table('consistency_finding',
    sa.Column('finding_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='permanent'),
    sa.Column('finding_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of rule and records'),
    sa.Column('rank', sa.SmallInteger(), nullable=False, comment='place of its subject in judging'),
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of whom it is about'),
    sa.Column('rule', sa.Text(), nullable=False, comment='name of the rule that found it'),
    sa.Column('confidence', sa.Text(), nullable=False, comment='certain, likely or doubtful'),
    sa.Column('steward', sa.Text(), nullable=False, comment='agency that owns the first record'),
    sa.Column('state', sa.Text(), nullable=False, comment='open, accepted, dismissed or resolved'),
    sa.Column('reason', sa.Text(), nullable=False, comment='of who settled it last'),
    sa.Column('run_id', sa.BigInteger(), nullable=False, comment='run that found it first'),
    sa.CheckConstraint("confidence IN ('certain', 'likely', 'doubtful')", name=op.f('ck_consistency_finding_confidence')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'dismissed', 'resolved')", name=op.f('ck_consistency_finding_state')),
    sa.ForeignKeyConstraint(['run_id'], ['exchange.consistency_run.run_id'], name=op.f('fk_consistency_finding_run_id')),
    sa.PrimaryKeyConstraint('finding_id', name=op.f('pk_consistency_finding')),
    sa.UniqueConstraint('finding_tag', name=op.f('uq_consistency_finding_finding_tag')),
    schema='exchange',
    comment='something that registers say and that cannot all be true; holds no values of theirs'
    )
    op.create_index('ix_consistency_finding_subject', 'consistency_finding', ['subject_tag'], unique=False, schema='exchange')
    op.create_table('consistency_event',
    sa.Column('event_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='order'),
    sa.Column('finding_id', sa.BigInteger(), nullable=False, comment='the finding'),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.Column('officer', sa.Text(), nullable=False, comment='who settled it, or the run'),
    sa.Column('from_state', sa.Text(), nullable=False, comment='state before; empty for a new finding'),
    sa.Column('to_state', sa.Text(), nullable=False, comment='state after'),
    sa.Column('reason', sa.Text(), nullable=False, comment='why'),
    sa.ForeignKeyConstraint(['finding_id'], ['exchange.consistency_finding.finding_id'], name=op.f('fk_consistency_event_finding_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_consistency_event')),
    schema='exchange',
    comment='what became of findings; append-only'
    )
    op.create_index('ix_consistency_event_finding', 'consistency_event', ['finding_id', 'event_id'], unique=False, schema='exchange')
    op.create_table('consistency_record',
    sa.Column('finding_id', sa.BigInteger(), nullable=False, comment='the finding'),
    sa.Column('ordinal', sa.SmallInteger(), nullable=False, comment='1: the one most likely wrong'),
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('sealed_key', sa.LargeBinary(), nullable=False, comment='key of the record, encrypted'),
    sa.Column('register_change', sa.BigInteger(), nullable=False, comment='state in which it was read'),
    sa.ForeignKeyConstraint(['finding_id'], ['exchange.consistency_finding.finding_id'], name=op.f('fk_consistency_record_finding_id')),
    sa.PrimaryKeyConstraint('finding_id', 'ordinal', name=op.f('pk_consistency_record')),
    schema='exchange',
    comment='the records that a finding is about'
    )
    op.alter_column('access_entry', 'operation',
               existing_type=sa.TEXT(),
               comment='look-up, verify, batch, search or linkage',
               existing_comment='look-up, verify, batch or search',
               existing_nullable=False,
               schema='exchange')
    op.alter_column('access_entry', 'transport',
               existing_type=postgresql.JSONB(astext_type=sa.Text()),
               comment='X-Road headers of the question; of a page of a walk, how much it told',
               existing_comment='X-Road headers of the question, if any',
               existing_nullable=False,
               schema='exchange')
    op.execute(assets.read("worklist_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column('access_entry', 'transport',
               existing_type=postgresql.JSONB(astext_type=sa.Text()),
               comment='X-Road headers of the question, if any',
               existing_comment='X-Road headers of the question; of a page of a walk, how much it told',
               existing_nullable=False,
               schema='exchange')
    op.alter_column('access_entry', 'operation',
               existing_type=sa.TEXT(),
               comment='look-up, verify, batch or search',
               existing_comment='look-up, verify, batch, search or linkage',
               existing_nullable=False,
               schema='exchange')
    op.drop_table('consistency_record', schema='exchange')
    op.drop_index('ix_consistency_event_finding', table_name='consistency_event', schema='exchange')
    op.drop_table('consistency_event', schema='exchange')
    op.drop_index('ix_consistency_finding_subject', table_name='consistency_finding', schema='exchange')
    op.drop_table('consistency_finding', schema='exchange')
    op.drop_table('consistency_touched', schema='exchange')
    op.drop_table('consistency_run', schema='exchange')
    op.drop_index('ix_consistency_mention_record', table_name='consistency_mention', schema='exchange')
    op.drop_table('consistency_mention', schema='exchange')
    op.drop_table('consistency_cursor', schema='exchange')
