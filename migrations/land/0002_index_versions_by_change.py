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
    op.create_index('ix_certificate_from_change', 'certificate', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_certificate_to_change', 'certificate', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_certificate_right_from_change', 'certificate_right', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_certificate_right_to_change', 'certificate_right', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_land_right_from_change', 'land_right', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_land_right_to_change', 'land_right', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_land_use_from_change', 'land_use', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_land_use_to_change', 'land_use', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_legal_space_from_change', 'legal_space', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_legal_space_to_change', 'legal_space', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_lineage_from_change', 'lineage', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_lineage_to_change', 'lineage', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_mortgage_from_change', 'mortgage', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_mortgage_to_change', 'mortgage', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_parcel_from_change', 'parcel', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_parcel_to_change', 'parcel', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_responsibility_from_change', 'responsibility', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_responsibility_to_change', 'responsibility', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_restriction_from_change', 'restriction', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_restriction_to_change', 'restriction', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_right_holder_from_change', 'right_holder', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_right_holder_to_change', 'right_holder', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.create_index('ix_source_from_change', 'source', ['from_change'], unique=False, schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.create_index('ix_source_to_change', 'source', ['to_change'], unique=False, schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_source_to_change', table_name='source', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_source_from_change', table_name='source', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_right_holder_to_change', table_name='right_holder', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_right_holder_from_change', table_name='right_holder', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_restriction_to_change', table_name='restriction', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_restriction_from_change', table_name='restriction', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_responsibility_to_change', table_name='responsibility', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_responsibility_from_change', table_name='responsibility', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_parcel_to_change', table_name='parcel', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_parcel_from_change', table_name='parcel', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_mortgage_to_change', table_name='mortgage', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_mortgage_from_change', table_name='mortgage', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_lineage_to_change', table_name='lineage', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_lineage_from_change', table_name='lineage', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_legal_space_to_change', table_name='legal_space', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_legal_space_from_change', table_name='legal_space', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_land_use_to_change', table_name='land_use', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_land_use_from_change', table_name='land_use', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_land_right_to_change', table_name='land_right', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_land_right_from_change', table_name='land_right', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_certificate_right_to_change', table_name='certificate_right', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_certificate_right_from_change', table_name='certificate_right', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
    op.drop_index('ix_certificate_to_change', table_name='certificate', schema='land', postgresql_where=sa.text('to_change IS NOT NULL'))
    op.drop_index('ix_certificate_from_change', table_name='certificate', schema='land', postgresql_using='brin', postgresql_with={'autosummarize': 'on'})
