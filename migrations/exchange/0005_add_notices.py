"""add notices.

Revision: 0005, after 0004.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('emergency',
    sa.Column('answer_id', sa.Uuid(), nullable=False, comment='the answer, as in the access log'),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment='agreement that names emergencies'),
    sa.Column('provider', sa.Text(), nullable=False, comment='agency that owns the data'),
    sa.Column('consumer', sa.Text(), nullable=False, comment='agency that asked'),
    sa.Column('client', sa.Text(), nullable=False, comment='system that asked'),
    sa.Column('officer', sa.Text(), nullable=False, comment='officer behind it'),
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('reason', sa.Text(), nullable=False, comment='why, as stated'),
    sa.Column('legal_basis', sa.Text(), nullable=False, comment='what lets it, as stated'),
    sa.Column('review_by', sa.DateTime(timezone=True), nullable=False, comment='end of the clock'),
    sa.Column('state', sa.Text(), nullable=False, comment='open, justified, unjustified or missed'),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True, comment='when it was reviewed; null: never'),
    sa.Column('reviewer', sa.Text(), server_default='', nullable=False, comment='who reviewed it'),
    sa.Column('outcome', sa.Text(), server_default='', nullable=False, comment='what came of it'),
    sa.CheckConstraint("state IN ('open', 'justified', 'unjustified', 'missed')", name=op.f('ck_emergency_state')),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_emergency')),
    schema='exchange',
    comment='answers given outside the usual grant, and their review'
    )
    op.create_index('ix_emergency_state', 'emergency', ['state', 'review_by'], unique=False, schema='exchange')
    op.create_table('recall_cursor',
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('change', sa.BigInteger(), nullable=False, comment='change up to which it is recalled'),
    sa.Column('sealed_key', sa.LargeBinary(), nullable=False, comment='record to go on behind, sealed'),
    sa.PrimaryKeyConstraint('dataset', name=op.f('pk_recall_cursor')),
    schema='exchange',
    comment='how far corrections of each dataset were followed to those who had been told'
    )
    op.create_table('notice',
    sa.Column('notice_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('kind', sa.Text(), nullable=False, comment='correction or emergency'),
    sa.Column('recipient', sa.Text(), nullable=False, comment='agency that is told'),
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('register_change', sa.BigInteger(), nullable=False, comment='what corrected it'),
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='about whom, as in the log'),
    sa.Column('fields', postgresql.ARRAY(sa.Text()), nullable=False, comment='fields that it is about, sorted'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='when it was sent'),
    sa.Column('due_on', sa.Date(), nullable=False, comment='last day for acknowledging it'),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True, comment='when; null: not yet'),
    sa.Column('acknowledged_by', sa.Text(), server_default='', nullable=False, comment='system and officer of the recipient'),
    sa.Column('remark', sa.Text(), server_default='', nullable=False, comment='what the recipient did'),
    sa.CheckConstraint("kind IN ('correction', 'emergency')", name=op.f('ck_notice_kind')),
    sa.ForeignKeyConstraint(['recipient'], ['exchange.agency.agency_code'], name=op.f('fk_notice_recipient')),
    sa.PrimaryKeyConstraint('notice_id', name=op.f('pk_notice')),
    sa.UniqueConstraint('kind', 'recipient', 'dataset', 'register_change', 'subject_tag', name=op.f('uq_notice_kind_recipient_dataset_register_change_subject_tag')),
    schema='exchange',
    comment='what an agency must know of; it names data subjects by their tags only'
    )
    op.create_index('ix_notice_recipient', 'notice', ['recipient', 'acknowledged_at'], unique=False, schema='exchange')
    op.create_table('notice_entry',
    sa.Column('notice_id', sa.BigInteger(), nullable=False, comment='the notice'),
    sa.Column('entry_id', sa.Uuid(), nullable=False, comment='entry of the access log'),
    sa.ForeignKeyConstraint(['notice_id'], ['exchange.notice.notice_id'], name=op.f('fk_notice_entry_notice_id')),
    sa.PrimaryKeyConstraint('notice_id', 'entry_id', name=op.f('pk_notice_entry')),
    schema='exchange',
    comment='the disclosures that notices are about; append-only'
    )
    op.execute(assets.read("notices_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table('notice_entry', schema='exchange')
    op.drop_index('ix_notice_recipient', table_name='notice', schema='exchange')
    op.drop_table('notice', schema='exchange')
    op.drop_table('recall_cursor', schema='exchange')
    op.drop_index('ix_emergency_state', table_name='emergency', schema='exchange')
    op.drop_table('emergency', schema='exchange')
