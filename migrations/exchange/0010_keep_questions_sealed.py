"""Keep the question of an answer, sealed, beside its first entry.

Entries that are there already have none: what they answered cannot be made again.

Revision: 0010, after 0009.
"""

from alembic import op
import sqlalchemy as sa

revision: str = '0010'
down_revision: str | None = '0009'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column('access_entry', sa.Column('question', sa.LargeBinary(), nullable=True, comment='the message asked, sealed; at the first entry of an answer, no part of the leaf'), schema='exchange')
    # Sealed content has nothing to compress.
    op.execute("ALTER TABLE exchange.access_entry ALTER COLUMN question SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column('access_entry', 'question', schema='exchange')
