"""Index versions by change: the feed finds what a change touched without reading a table.

Revision: 0004, after 0003.
"""

from alembic import op
import sqlalchemy as sa

revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index('ix_observation_from_change', 'observation', ['from_change'], unique=False, schema='population_statistics', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_observation_to_change', 'observation', ['to_change'], unique=False, schema='population_statistics', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_publication_from_change', 'publication', ['from_change'], unique=False, schema='population_statistics', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_publication_to_change', 'publication', ['to_change'], unique=False, schema='population_statistics', postgresql_where=sa.text('to_change IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_publication_to_change', table_name='publication', schema='population_statistics', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_publication_from_change', table_name='publication', schema='population_statistics', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_observation_to_change', table_name='observation', schema='population_statistics', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_observation_from_change', table_name='observation', schema='population_statistics', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
