"""Add the search index of record matching.

Revision: 0008, after 0007.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0008'
down_revision: str | None = '0007'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('matching_index',
    sa.Column('index_id', sa.SmallInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('version', sa.Text(), nullable=False, comment='version of the model and of what is kept'),
    sa.Column('change', sa.BigInteger(), nullable=True, comment='change up to which it was read as a whole; null: never'),
    sa.Column('valid_on', sa.Date(), nullable=True, comment='day that it was read for'),
    sa.Column('next_change', sa.BigInteger(), nullable=True, comment='change of the walk under way; null: none is'),
    sa.Column('next_valid_on', sa.Date(), nullable=True, comment='day of the walk under way'),
    sa.Column('sealed_after', sa.LargeBinary(), nullable=False, comment='key to go on behind, sealed'),
    sa.Column('lesson', sa.BigInteger(), nullable=False, comment='number of the last learning; 0: none'),
    sa.Column('lesson_records', sa.BigInteger(), nullable=False, comment='records there were by then'),
    sa.Column('sealed_lesson', sa.LargeBinary(), nullable=False, comment='what was learned, encrypted'),
    sa.PrimaryKeyConstraint('index_id', name=op.f('pk_matching_index')),
    sa.UniqueConstraint('dataset', name=op.f('uq_matching_index_dataset')),
    schema='exchange',
    comment='the search index of a dataset by likeness: how far it is, and what was learned of it'
    )
    op.create_table('matching_entry',
    sa.Column('record_tag', sa.LargeBinary(), nullable=False, comment='keyed hash of the record'),
    sa.Column('index_id', sa.SmallInteger(), nullable=False, comment='of which index'),
    sa.Column('keys', postgresql.ARRAY(sa.BigInteger()), nullable=False, comment='keyed hashes that it is found by'),
    sa.Column('sealed', sa.LargeBinary(), nullable=False, comment='what is compared of it, encrypted'),
    sa.ForeignKeyConstraint(['index_id'], ['exchange.matching_index.index_id'], name=op.f('fk_matching_entry_index_id')),
    sa.PrimaryKeyConstraint('record_tag', name=op.f('pk_matching_entry')),
    schema='exchange',
    comment='records by keyed hashes of what they are met by, unreadable without the key'
    )
    op.create_index('ix_matching_entry_keys', 'matching_entry', ['keys'], unique=False, schema='exchange', postgresql_using='gin', postgresql_with={'fastupdate': 'off'})
    op.execute(assets.read("matching_index_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_matching_entry_keys', table_name='matching_entry', schema='exchange', postgresql_using='gin')
    op.drop_table('matching_entry', schema='exchange')
    op.drop_table('matching_index', schema='exchange')
