"""Add the code lists.

Revision: 0002, after 0001.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('code_list',
    sa.Column('list_code', sa.Text(), nullable=False, comment='Name of the list'),
    sa.Column('version', sa.Text(), nullable=False, comment='Version, named after its instrument'),
    sa.Column('title_vi', sa.Text(), nullable=False, comment='Vietnamese title'),
    sa.Column('title_en', sa.Text(), nullable=False, comment='English title'),
    sa.Column('instrument', sa.Text(), nullable=False, comment='Act or standard that decided it'),
    sa.Column('confidence', sa.Text(), nullable=False, comment='S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects'),
    sa.Column('valid_from', sa.Date(), nullable=True, comment='First day in force; null if the standard is undated'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='First day no longer in force; null while in force'),
    sa.Column('parent_list', sa.Text(), nullable=True, comment='List that parent codes of this version point into'),
    sa.Column('parent_version', sa.Text(), nullable=True, comment='Version of the parent list'),
    sa.Column('sources', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='Files it was read from: publisher, publisher version, file name, SHA-256'),
    sa.Column('content_sha256', sa.Text(), nullable=False, comment='SHA-256 over the description, codes and successions as installed'),
    sa.Column('earlier_content_sha256', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False, comment='Hashes of earlier contents, oldest first'),
    sa.CheckConstraint('valid_from < valid_to', name=op.f('ck_code_list_period')),
    sa.PrimaryKeyConstraint('list_code', 'version', name=op.f('pk_code_list')),
    schema='enterprise',
    comment='Versions of the code lists and where their content was read from'
    )
    op.create_table('code',
    sa.Column('list_code', sa.Text(), nullable=False, comment='Name of the list'),
    sa.Column('version', sa.Text(), nullable=False, comment='Version of the list'),
    sa.Column('code', sa.Text(), nullable=False, comment='The code with its leading zeros'),
    sa.Column('name', sa.Text(), nullable=False, comment='Name as the version first had it'),
    sa.Column('name_key', sa.Text(), nullable=False, comment='Comparison key of the name, computed by the suite; never shown'),
    sa.Column('level', sa.SmallInteger(), nullable=False, comment='Level in the list, 1 at the top'),
    sa.Column('kind', sa.Text(), nullable=False, comment='Kind of unit; empty if the list has none'),
    sa.Column('parent_code', sa.Text(), nullable=True, comment='Code above, in the parent list of the version'),
    sa.Column('valid_from', sa.Date(), nullable=True, comment='First day; null if as long as the version'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='First day no longer valid; null as the version'),
    sa.Column('confidence', sa.Text(), nullable=False, comment='S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects'),
    sa.Column('source_name', sa.Text(), nullable=False, comment='File that the row was read from'),
    sa.Column('attributes', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='What only this list says of a code'),
    sa.Column('amendments', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='Later names and kinds under the same code, oldest first, with their source'),
    sa.Column('withdrawn', sa.Boolean(), server_default=sa.text('false'), nullable=False, comment='True when the source no longer lists the code; rows are never removed'),
    sa.CheckConstraint('level > 0', name=op.f('ck_code_level')),
    sa.CheckConstraint('valid_from < valid_to', name=op.f('ck_code_period')),
    sa.ForeignKeyConstraint(['list_code', 'version'], ['enterprise.code_list.list_code', 'enterprise.code_list.version'], name=op.f('fk_code_list_code_version')),
    sa.PrimaryKeyConstraint('list_code', 'version', 'code', name=op.f('pk_code')),
    schema='enterprise',
    comment='Codes; a code is identified by list, version and code together'
    )
    op.create_index(op.f('ix_code_name_key_list_code_version'), 'code', ['name_key', 'list_code', 'version'], unique=False, schema='enterprise')
    op.create_index(op.f('ix_code_parent_code_list_code_version'), 'code', ['parent_code', 'list_code', 'version'], unique=False, schema='enterprise')
    op.create_table('code_succession',
    sa.Column('list_code', sa.Text(), nullable=False, comment='Name of the list'),
    sa.Column('old_version', sa.Text(), nullable=False, comment='Version of the old code'),
    sa.Column('old_code', sa.Text(), nullable=False, comment='The old code'),
    sa.Column('new_version', sa.Text(), nullable=False, comment='Version of the new code'),
    sa.Column('new_code', sa.Text(), nullable=False, comment='The new code'),
    sa.Column('relation', sa.Text(), nullable=False, comment='whole: all of the old unit went into the new one; part: it was divided'),
    sa.Column('since', sa.Date(), nullable=False, comment='First day of the new code'),
    sa.Column('confidence', sa.Text(), nullable=False, comment='S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects'),
    sa.Column('source_name', sa.Text(), nullable=False, comment='File that the row was read from'),
    sa.Column('withdrawn', sa.Boolean(), server_default=sa.text('false'), nullable=False, comment='True when the source no longer says so; rows are never removed'),
    sa.CheckConstraint("relation IN ('whole', 'part')", name=op.f('ck_code_succession_relation')),
    sa.ForeignKeyConstraint(['list_code', 'new_version', 'new_code'], ['enterprise.code.list_code', 'enterprise.code.version', 'enterprise.code.code'], name=op.f('fk_code_succession_list_code_new_version_new_code')),
    sa.ForeignKeyConstraint(['list_code', 'old_version', 'old_code'], ['enterprise.code.list_code', 'enterprise.code.version', 'enterprise.code.code'], name=op.f('fk_code_succession_list_code_old_version_old_code')),
    sa.PrimaryKeyConstraint('list_code', 'old_version', 'old_code', 'new_version', 'new_code', name=op.f('pk_code_succession')),
    schema='enterprise',
    comment='Which old code went, wholly or in part, into which new one'
    )
    op.create_index(op.f('ix_code_succession_new_code_list_code_new_version'), 'code_succession', ['new_code', 'list_code', 'new_version'], unique=False, schema='enterprise')
    op.execute(
        "GRANT SELECT, INSERT, UPDATE ON enterprise.code_list, enterprise.code, enterprise.code_succession"
        " TO enterprise_service"
    )
    op.execute(
        "GRANT SELECT ON enterprise.code_list, enterprise.code, enterprise.code_succession TO enterprise_reader"
    )


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index(op.f('ix_code_succession_new_code_list_code_new_version'), table_name='code_succession', schema='enterprise')
    op.drop_table('code_succession', schema='enterprise')
    op.drop_index(op.f('ix_code_parent_code_list_code_version'), table_name='code', schema='enterprise')
    op.drop_index(op.f('ix_code_name_key_list_code_version'), table_name='code', schema='enterprise')
    op.drop_table('code', schema='enterprise')
    op.drop_table('code_list', schema='enterprise')
