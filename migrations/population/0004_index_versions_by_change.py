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
    op.create_index('ix_household_from_change', 'household', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_household_to_change', 'household', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_household_member_from_change', 'household_member', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_household_member_to_change', 'household_member', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_identity_card_from_change', 'identity_card', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_identity_card_to_change', 'identity_card', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_kinship_from_change', 'kinship', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_kinship_to_change', 'kinship', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_person_from_change', 'person', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_person_to_change', 'person', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_person_merge_from_change', 'person_merge', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_person_merge_to_change', 'person_merge', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_pin_alias_from_change', 'pin_alias', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_pin_alias_to_change', 'pin_alias', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_residence_from_change', 'residence', ['from_change'], unique=False, schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_residence_to_change', 'residence', ['to_change'], unique=False, schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_residence_to_change', table_name='residence', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_residence_from_change', table_name='residence', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_pin_alias_to_change', table_name='pin_alias', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_pin_alias_from_change', table_name='pin_alias', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_person_merge_to_change', table_name='person_merge', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_person_merge_from_change', table_name='person_merge', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_person_to_change', table_name='person', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_person_from_change', table_name='person', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_kinship_to_change', table_name='kinship', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_kinship_from_change', table_name='kinship', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_identity_card_to_change', table_name='identity_card', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_identity_card_from_change', table_name='identity_card', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_household_member_to_change', table_name='household_member', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_household_member_from_change', table_name='household_member', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_household_to_change', table_name='household', schema='population', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_household_from_change', table_name='household', schema='population', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
