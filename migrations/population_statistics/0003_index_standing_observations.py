"""Index the figures that stand by area and age: a table is read without those of former vintages.

The time comes last: what follows a range in an index is not searched by.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index(
        "ix_observation_standing",
        "observation",
        ["flow", "indicator", "ref_area", "age", "reference_day"],
        unique=False,
        schema="population_statistics",
        postgresql_where=sa.text("to_change IS NULL"),
    )


def downgrade() -> None:
    """Go back: tables are read by the index of all vintages."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index(
        "ix_observation_standing", table_name="observation", schema="population_statistics"
    )
