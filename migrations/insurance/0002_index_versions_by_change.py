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
    op.create_index('ix_benefit_from_change', 'benefit', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_benefit_to_change', 'benefit', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_book_alias_from_change', 'book_alias', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_book_alias_to_change', 'book_alias', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_contribution_from_change', 'contribution', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_contribution_to_change', 'contribution', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_employer_from_change', 'employer', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_employer_to_change', 'employer', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_facility_from_change', 'facility', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_facility_to_change', 'facility', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_health_card_from_change', 'health_card', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_health_card_to_change', 'health_card', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_household_cover_from_change', 'household_cover', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_household_cover_to_change', 'household_cover', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_participant_from_change', 'participant', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_participant_to_change', 'participant', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_spell_from_change', 'spell', ['from_change'], unique=False, schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_spell_to_change', 'spell', ['to_change'], unique=False, schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_spell_to_change', table_name='spell', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_spell_from_change', table_name='spell', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_participant_to_change', table_name='participant', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_participant_from_change', table_name='participant', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_household_cover_to_change', table_name='household_cover', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_household_cover_from_change', table_name='household_cover', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_health_card_to_change', table_name='health_card', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_health_card_from_change', table_name='health_card', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_facility_to_change', table_name='facility', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_facility_from_change', table_name='facility', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_employer_to_change', table_name='employer', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_employer_from_change', table_name='employer', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_contribution_to_change', table_name='contribution', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_contribution_from_change', table_name='contribution', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_book_alias_to_change', table_name='book_alias', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_book_alias_from_change', table_name='book_alias', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_benefit_to_change', table_name='benefit', schema='insurance', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_benefit_from_change', table_name='benefit', schema='insurance', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
