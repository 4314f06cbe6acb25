"""Add the code lists.

Revision: 0002, after 0001.
"""

from alembic import op

from migrations import assets

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(assets.read("code_lists_0001", schema="enterprise"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(assets.read("code_lists_0001_down", schema="enterprise"))
