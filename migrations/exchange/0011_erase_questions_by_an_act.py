"""Let kept questions be erased by an act that stands in the log.

Revision: 0011, after 0010.
"""

from alembic import op
import sqlalchemy as sa

from migrations import assets

revision: str = '0011'
down_revision: str | None = '0010'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index('ix_access_entry_erasure', 'access_entry', ['position'], unique=False, schema='exchange', postgresql_where=sa.text("operation = 'erasure'"))
    op.execute(assets.read("erasing_questions_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP FUNCTION exchange.erase_questions(uuid, bigint, integer)")
    op.execute("DROP TRIGGER access_entry_refuse_rewriting ON exchange.access_entry")
    op.execute("CREATE TRIGGER access_entry_refuse_rewriting BEFORE UPDATE OR DELETE ON exchange.access_entry FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting()")
    op.execute("ALTER TABLE exchange.access_entry ENABLE ALWAYS TRIGGER access_entry_refuse_rewriting")
    op.execute("DROP FUNCTION exchange.refuse_rewriting_entry()")
    op.drop_index('ix_access_entry_erasure', table_name='access_entry', schema='exchange')
