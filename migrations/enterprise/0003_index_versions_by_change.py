"""Index versions by change: the feed finds what a change touched without reading a table.

Revision: 0003, after 0002.
"""

from alembic import op
import sqlalchemy as sa

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index('ix_control_from_change', 'control', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_control_to_change', 'control', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_dependent_unit_from_change', 'dependent_unit', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_dependent_unit_to_change', 'dependent_unit', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_enterprise_from_change', 'enterprise', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_enterprise_to_change', 'enterprise', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_industry_line_from_change', 'industry_line', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_industry_line_to_change', 'industry_line', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_legal_representative_from_change', 'legal_representative', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_legal_representative_to_change', 'legal_representative', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_ownership_from_change', 'ownership', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_ownership_to_change', 'ownership', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_status_period_from_change', 'status_period', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_status_period_to_change', 'status_period', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_succession_from_change', 'succession', ['from_change'], unique=False, schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_succession_to_change', 'succession', ['to_change'], unique=False, schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_succession_to_change', table_name='succession', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_succession_from_change', table_name='succession', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_status_period_to_change', table_name='status_period', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_status_period_from_change', table_name='status_period', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_ownership_to_change', table_name='ownership', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_ownership_from_change', table_name='ownership', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_legal_representative_to_change', table_name='legal_representative', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_legal_representative_from_change', table_name='legal_representative', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_industry_line_to_change', table_name='industry_line', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_industry_line_from_change', table_name='industry_line', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_enterprise_to_change', table_name='enterprise', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_enterprise_from_change', table_name='enterprise', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_dependent_unit_to_change', table_name='dependent_unit', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_dependent_unit_from_change', table_name='dependent_unit', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_control_to_change', table_name='control', schema='enterprise', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_control_from_change', table_name='control', schema='enterprise', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
