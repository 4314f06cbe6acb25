"""Index versions by change: the feed finds what a change touched without reading a table.

Revision: 0002, after 0001.
"""

from alembic import op
import sqlalchemy as sa

revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index('ix_budget_amount_from_change', 'budget_amount', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_budget_amount_to_change', 'budget_amount', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_budget_unit_from_change', 'budget_unit', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_budget_unit_to_change', 'budget_unit', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_customs_declaration_from_change', 'customs_declaration', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_customs_declaration_to_change', 'customs_declaration', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_journal_entry_from_change', 'journal_entry', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_journal_entry_to_change', 'journal_entry', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_journal_line_from_change', 'journal_line', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_journal_line_to_change', 'journal_line', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_period_lock_from_change', 'period_lock', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_period_lock_to_change', 'period_lock', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_public_asset_from_change', 'public_asset', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_public_asset_to_change', 'public_asset', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_tax_duty_from_change', 'tax_duty', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_tax_duty_to_change', 'tax_duty', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_tax_payment_from_change', 'tax_payment', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_tax_payment_to_change', 'tax_payment', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_taxpayer_from_change', 'taxpayer', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_taxpayer_to_change', 'taxpayer', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_taxpayer_alias_from_change', 'taxpayer_alias', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_taxpayer_alias_to_change', 'taxpayer_alias', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_unit_budget_from_change', 'unit_budget', ['from_change'], unique=False, schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_unit_budget_to_change', 'unit_budget', ['to_change'], unique=False, schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_unit_budget_to_change', table_name='unit_budget', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_unit_budget_from_change', table_name='unit_budget', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_taxpayer_alias_to_change', table_name='taxpayer_alias', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_taxpayer_alias_from_change', table_name='taxpayer_alias', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_taxpayer_to_change', table_name='taxpayer', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_taxpayer_from_change', table_name='taxpayer', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_tax_payment_to_change', table_name='tax_payment', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_tax_payment_from_change', table_name='tax_payment', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_tax_duty_to_change', table_name='tax_duty', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_tax_duty_from_change', table_name='tax_duty', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_public_asset_to_change', table_name='public_asset', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_public_asset_from_change', table_name='public_asset', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_period_lock_to_change', table_name='period_lock', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_period_lock_from_change', table_name='period_lock', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_journal_line_to_change', table_name='journal_line', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_journal_line_from_change', table_name='journal_line', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_journal_entry_to_change', table_name='journal_entry', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_journal_entry_from_change', table_name='journal_entry', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_customs_declaration_to_change', table_name='customs_declaration', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_customs_declaration_from_change', table_name='customs_declaration', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_budget_unit_to_change', table_name='budget_unit', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_budget_unit_from_change', table_name='budget_unit', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_budget_amount_to_change', table_name='budget_amount', schema='finance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_budget_amount_from_change', table_name='budget_amount', schema='finance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
