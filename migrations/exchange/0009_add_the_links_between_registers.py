"""Add the links between registers.

Revision: 0009, after 0008.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0009'
down_revision: str | None = '0008'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('link',
    sa.Column('link_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='permanent'),
    sa.Column('link_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of comparison and records'),
    sa.Column('comparison', sa.Text(), nullable=False, comment='which registers are linked'),
    sa.Column('subject', sa.Text(), nullable=False, comment='person or enterprise'),
    sa.Column('left_dataset', sa.Text(), nullable=False, comment='left: register/dataset'),
    sa.Column('left_tag', sa.LargeBinary(), nullable=False, comment='left: keyed hash'),
    sa.Column('left_sealed_key', sa.LargeBinary(), nullable=False, comment='left: key and part of the record, encrypted'),
    sa.Column('left_content_tag', sa.LargeBinary(), nullable=False, comment='left: keyed hash of what was compared'),
    sa.Column('left_change', sa.BigInteger(), nullable=False, comment='left: change of the register when compared'),
    sa.Column('right_dataset', sa.Text(), nullable=False, comment='right: register/dataset'),
    sa.Column('right_tag', sa.LargeBinary(), nullable=False, comment='right: keyed hash'),
    sa.Column('right_sealed_key', sa.LargeBinary(), nullable=False, comment='right: key and part of the record, encrypted'),
    sa.Column('right_content_tag', sa.LargeBinary(), nullable=False, comment='right: keyed hash of what was compared'),
    sa.Column('right_change', sa.BigInteger(), nullable=False, comment='right: change of the register when compared'),
    sa.Column('model_version', sa.Text(), nullable=False, comment='version of the model'),
    sa.Column('weight', sa.Float(), nullable=False, comment='bits'),
    sa.Column('probability', sa.Float(), nullable=False, comment='that they are the same'),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='field, level and bits, no values'),
    sa.Column('state', sa.Text(), nullable=False, comment='where it stands'),
    sa.Column('is_decided', sa.Boolean(), nullable=False, comment='whether a person decided it'),
    sa.Column('first_reviewer', sa.Text(), nullable=False, comment='of two; empty while there is none'),
    sa.Column('reason', sa.Text(), nullable=False, comment='of the last step'),
    sa.CheckConstraint("state IN ('automatic', 'review', 'accepted', 'rejected', 'undone', 'superseded')", name=op.f('ck_link_state')),
    sa.CheckConstraint("subject IN ('person', 'enterprise')", name=op.f('ck_link_subject')),
    sa.PrimaryKeyConstraint('link_id', name=op.f('pk_link')),
    sa.UniqueConstraint('link_tag', name=op.f('uq_link_link_tag')),
    schema='exchange',
    comment='two records that may be of one person or enterprise; holds no values of theirs'
    )
    op.create_index('ix_link_left', 'link', ['left_tag'], unique=False, schema='exchange')
    op.create_index('ix_link_right', 'link', ['right_tag'], unique=False, schema='exchange')
    op.create_index('ix_link_state', 'link', ['comparison', 'state', 'link_id'], unique=False, schema='exchange')
    op.create_table('link_calibration',
    sa.Column('calibration_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='order'),
    sa.Column('comparison', sa.Text(), nullable=False, comment='which registers are linked'),
    sa.Column('model_version', sa.Text(), nullable=False, comment='version of the model'),
    sa.Column('precision', sa.Float(), nullable=False, comment='share of right links that is asked for'),
    sa.Column('confidence', sa.Float(), nullable=False, comment='of the bound, such as 0.95'),
    sa.Column('weight', sa.Float(), nullable=True, comment='bits from which a link is automatic; null: none reaches it'),
    sa.Column('bound', sa.Float(), nullable=True, comment='lower bound of the precision from that weight on'),
    sa.Column('labelled', sa.BigInteger(), nullable=False, comment='pairs that were labelled'),
    sa.Column('labelled_same', sa.BigInteger(), nullable=False, comment='those that are the same'),
    sa.Column('sample_hash', sa.LargeBinary(), nullable=False, comment='SHA-256 of the labelled file'),
    sa.Column('officer', sa.Text(), nullable=False, comment='who labelled it'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.PrimaryKeyConstraint('calibration_id', name=op.f('pk_link_calibration')),
    schema='exchange',
    comment='thresholds of automatic links, from labelled samples; append-only'
    )
    op.create_index('ix_link_calibration_comparison', 'link_calibration', ['comparison', 'calibration_id'], unique=False, schema='exchange')
    op.create_table('link_cursor',
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('version', sa.BigInteger(), nullable=False, comment='version of what is kept of a record'),
    sa.Column('change', sa.BigInteger(), nullable=True, comment='change up to which it was read as a whole; null: never'),
    sa.Column('valid_on', sa.Date(), nullable=True, comment='day that it was read for'),
    sa.Column('next_change', sa.BigInteger(), nullable=True, comment='change of the walk under way; null: none is'),
    sa.Column('next_valid_on', sa.Date(), nullable=True, comment='day of the walk under way'),
    sa.Column('sealed_after', sa.LargeBinary(), nullable=False, comment='key to go on behind, sealed'),
    sa.Column('provider', sa.Text(), nullable=False, comment='agency that gives it'),
    sa.PrimaryKeyConstraint('dataset', name=op.f('pk_link_cursor')),
    schema='exchange',
    comment='how far each dataset is read for the linkage'
    )
    op.create_table('link_entity',
    sa.Column('entity_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='permanent'),
    sa.Column('subject', sa.Text(), nullable=False, comment='person or enterprise'),
    sa.CheckConstraint("subject IN ('person', 'enterprise')", name=op.f('ck_link_entity_subject')),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_link_entity')),
    schema='exchange',
    comment='a person or an enterprise across registers; an id is given once and never again'
    )
    op.create_table('link_likeness',
    sa.Column('comparison', sa.Text(), nullable=False, comment='which registers are linked'),
    sa.Column('model_version', sa.Text(), nullable=False, comment='version of the model'),
    sa.Column('sealed', sa.LargeBinary(), nullable=False, comment='weights and frequencies, encrypted'),
    sa.Column('learned_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.PrimaryKeyConstraint('comparison', name=op.f('pk_link_likeness')),
    schema='exchange',
    comment='what the first run of a comparison learned; later runs weigh by it'
    )
    op.create_table('link_mention',
    sa.Column('mention_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of record and part of it'),
    sa.Column('side', sa.Text(), nullable=False, comment='register/dataset and what is spoken of'),
    sa.Column('record_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of the record'),
    sa.Column('content_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of what it says'),
    sa.Column('sealed', sa.LargeBinary(), nullable=False, comment='key, part and what it says, encrypted'),
    sa.Column('register_change', sa.BigInteger(), nullable=False, comment='state in which it was read'),
    sa.PrimaryKeyConstraint('mention_tag', name=op.f('pk_link_mention')),
    schema='exchange',
    comment='what a record says of a person or an enterprise, unreadable without the key'
    )
    op.create_index('ix_link_mention_record', 'link_mention', ['record_tag'], unique=False, schema='exchange')
    op.create_index('ix_link_mention_side', 'link_mention', ['side', 'mention_tag'], unique=False, schema='exchange')
    op.create_table('link_run',
    sa.Column('run_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='when it began'),
    sa.Column('valid_on', sa.Date(), nullable=False, comment='day that the records hold on'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='when it was through; null: not yet'),
    sa.Column('records_read', sa.BigInteger(), nullable=False, comment='records that registers gave'),
    sa.Column('links_judged', sa.BigInteger(), nullable=False, comment='links that were found or revised'),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_link_run')),
    schema='exchange',
    comment='a linkage of the registers; one that was broken off is gone on with'
    )
    op.create_table('link_touched',
    sa.Column('comparison', sa.Text(), nullable=False, comment='which registers are linked'),
    sa.Column('mention_tag', sa.LargeBinary(), nullable=False, comment='keyed hash, as in link_mention'),
    sa.PrimaryKeyConstraint('comparison', 'mention_tag', name=op.f('pk_link_touched')),
    schema='exchange',
    comment='what came, changed or went since a comparison was made'
    )
    op.create_table('link_event',
    sa.Column('event_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='order'),
    sa.Column('link_id', sa.BigInteger(), nullable=False, comment='the link'),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.Column('officer', sa.Text(), nullable=False, comment='who decided it, or the run'),
    sa.Column('from_state', sa.Text(), nullable=False, comment='state before; empty for a new link'),
    sa.Column('to_state', sa.Text(), nullable=False, comment='state after'),
    sa.Column('reason', sa.Text(), nullable=False, comment='why'),
    sa.Column('weight', sa.Float(), nullable=False, comment='bits at that time'),
    sa.Column('model_version', sa.Text(), nullable=False, comment='version of the model at that time'),
    sa.Column('left_change', sa.BigInteger(), nullable=False, comment='state of the left register'),
    sa.Column('right_change', sa.BigInteger(), nullable=False, comment='state of the right register'),
    sa.Column('entity_id', sa.BigInteger(), nullable=True, comment='entity of both records after it; null: of neither'),
    sa.Column('former_entity_id', sa.BigInteger(), nullable=True, comment='entity that went up in it, or came out of it'),
    sa.ForeignKeyConstraint(['link_id'], ['exchange.link.link_id'], name=op.f('fk_link_event_link_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_link_event')),
    schema='exchange',
    comment='what became of links; append-only'
    )
    op.create_index('ix_link_event_link', 'link_event', ['link_id', 'event_id'], unique=False, schema='exchange')
    op.create_table('link_member',
    sa.Column('mention_tag', sa.LargeBinary(), nullable=False, comment='keyed hash, as in link_mention'),
    sa.Column('entity_id', sa.BigInteger(), nullable=False, comment='whom it speaks of'),
    sa.ForeignKeyConstraint(['entity_id'], ['exchange.link_entity.entity_id'], name=op.f('fk_link_member_entity_id')),
    sa.PrimaryKeyConstraint('mention_tag', name=op.f('pk_link_member')),
    schema='exchange',
    comment='which records are of which entity, by the links that stand'
    )
    op.create_index('ix_link_member_entity', 'link_member', ['entity_id'], unique=False, schema='exchange')
    op.execute(assets.read("links_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_link_member_entity', table_name='link_member', schema='exchange')
    op.drop_table('link_member', schema='exchange')
    op.drop_index('ix_link_event_link', table_name='link_event', schema='exchange')
    op.drop_table('link_event', schema='exchange')
    op.drop_table('link_touched', schema='exchange')
    op.drop_table('link_run', schema='exchange')
    op.drop_index('ix_link_mention_side', table_name='link_mention', schema='exchange')
    op.drop_index('ix_link_mention_record', table_name='link_mention', schema='exchange')
    op.drop_table('link_mention', schema='exchange')
    op.drop_table('link_likeness', schema='exchange')
    op.drop_table('link_entity', schema='exchange')
    op.drop_table('link_cursor', schema='exchange')
    op.drop_index('ix_link_calibration_comparison', table_name='link_calibration', schema='exchange')
    op.drop_table('link_calibration', schema='exchange')
    op.drop_index('ix_link_state', table_name='link', schema='exchange')
    op.drop_index('ix_link_right', table_name='link', schema='exchange')
    op.drop_index('ix_link_left', table_name='link', schema='exchange')
    op.drop_table('link', schema='exchange')
