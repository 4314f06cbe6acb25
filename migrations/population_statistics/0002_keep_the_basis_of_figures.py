"""Keep the counts that figures are made of: a later vintage must not show small corrections.

Publications of before have none; a day that one of them is of must be annulled to be computed anew.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column(
        "publication",
        sa.Column(
            "basis",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="counts that the figures are made of and areas joined, by table; never shown",
        ),
        schema="population_statistics",
    )


def downgrade() -> None:
    """Go back: later vintages no longer know what was published before."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("publication", "basis", schema="population_statistics")
