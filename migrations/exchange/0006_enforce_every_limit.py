"""Count quotas of minutes, and know protected persons.

Revision: 0006, after 0005.
"""

from alembic import op
import sqlalchemy as sa

from migrations import assets

revision: str = '0006'
down_revision: str | None = '0005'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('quota_minute',
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment='agreement that the quota limits'),
    sa.Column('minute', sa.DateTime(timezone=True), nullable=False, comment='moment at which the minute begins'),
    sa.Column('reserved', sa.BigInteger(), nullable=False, comment='questions reserved by all processes'),
    sa.PrimaryKeyConstraint('agreement_hash', 'minute', name=op.f('pk_quota_minute')),
    schema='exchange',
    comment='how much of a quota of a minute is reserved; past minutes are removed'
    )
    op.create_table('protected_subject',
    sa.Column('protection_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of the subject'),
    sa.Column('register', sa.Text(), nullable=False, comment='register that knows the subject'),
    sa.Column('legal_basis', sa.Text(), nullable=False, comment='what lets it be protected'),
    sa.Column('entered_by', sa.Text(), nullable=False, comment='officer of the data authority'),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False, comment='when it began'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='when it ended; null: it stands'),
    sa.Column('end_reason', sa.Text(), nullable=True, comment='why it ended'),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_protected_subject_end')),
    sa.PrimaryKeyConstraint('protection_id', name=op.f('pk_protected_subject')),
    schema='exchange',
    comment='persons about whom only agreements with a right of their own may ask; no names'
    )
    op.create_index('uq_protected_subject_standing', 'protected_subject', ['subject_tag'], unique=True, schema='exchange', postgresql_where=sa.text('ended_at IS NULL'))
    op.execute(assets.read("agreement_limits_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table('protected_subject', schema='exchange')
    op.drop_table('quota_minute', schema='exchange')
