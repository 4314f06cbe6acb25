"""Record the lives of agreements, and the keys that they are signed with.

Revision: 0003, after 0002.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('agency_key',
    sa.Column('key_id', sa.Text(), nullable=False, comment='thumbprint of the key (RFC 7638)'),
    sa.Column('agency_code', sa.Text(), nullable=False, comment='agency that signs with it'),
    sa.Column('jwk', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='the public key (RFC 7517)'),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False, comment='when it was registered'),
    sa.Column('registered_by', sa.Text(), nullable=False, comment='who registered it'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='when it ended; null: it still holds'),
    sa.Column('end_reason', sa.Text(), nullable=True, comment='why it ended'),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_agency_key_end')),
    sa.CheckConstraint('ended_at > valid_from', name=op.f('ck_agency_key_period')),
    sa.ForeignKeyConstraint(['agency_code'], ['exchange.agency.agency_code'], name=op.f('fk_agency_key_agency_code')),
    sa.PrimaryKeyConstraint('key_id', name=op.f('pk_agency_key')),
    schema='exchange',
    comment='keys that agencies sign agreements with; one that ended stays, with its period'
    )
    op.create_table('agency_delegation',
    sa.Column('delegation_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='number'),
    sa.Column('agency_code', sa.Text(), nullable=False, comment='agency that is acted for'),
    sa.Column('delegate_code', sa.Text(), nullable=False, comment='agency that acts for it'),
    sa.Column('legal_basis', sa.Text(), nullable=False, comment='what lets it'),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False, comment='when it was entered'),
    sa.Column('registered_by', sa.Text(), nullable=False, comment='who entered it'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='when it ended; null: it still holds'),
    sa.Column('end_reason', sa.Text(), nullable=True, comment='why it ended'),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_agency_delegation_end')),
    sa.CheckConstraint('agency_code <> delegate_code', name=op.f('ck_agency_delegation_two')),
    sa.CheckConstraint('ended_at > valid_from', name=op.f('ck_agency_delegation_period')),
    sa.ForeignKeyConstraint(['agency_code'], ['exchange.agency.agency_code'], name=op.f('fk_agency_delegation_agency_code')),
    sa.ForeignKeyConstraint(['delegate_code'], ['exchange.agency.agency_code'], name=op.f('fk_agency_delegation_delegate_code')),
    sa.PrimaryKeyConstraint('delegation_id', name=op.f('pk_agency_delegation')),
    schema='exchange',
    comment='who may propose, sign, suspend and revoke agreements for another agency'
    )
    op.create_table('agreement_signature',
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment='what was signed'),
    sa.Column('agency_code', sa.Text(), nullable=False, comment='party that it was signed for'),
    sa.Column('signer_code', sa.Text(), nullable=False, comment='agency that signed: the party or for it'),
    sa.Column('key_id', sa.Text(), nullable=False, comment='key that signed'),
    sa.Column('signature', sa.Text(), nullable=False, comment='detached JWS over the canonical content'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when the exchange got it: the time of signing'),
    sa.ForeignKeyConstraint(['agreement_hash'], ['exchange.agreement.agreement_hash'], name=op.f('fk_agreement_signature_agreement_hash')),
    sa.ForeignKeyConstraint(['key_id'], ['exchange.agency_key.key_id'], name=op.f('fk_agreement_signature_key_id')),
    sa.PrimaryKeyConstraint('agreement_hash', 'agency_code', name=op.f('pk_agreement_signature')),
    schema='exchange',
    comment='signatures of the parties; append-only'
    )
    op.create_table('agreement_event',
    sa.Column('event_id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='order'),
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment='version that it happened to'),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False, comment='when'),
    sa.Column('act', sa.Text(), nullable=False, comment='what was done'),
    sa.Column('from_state', sa.Text(), nullable=False, comment='state before; empty for a draft'),
    sa.Column('to_state', sa.Text(), nullable=False, comment='state after'),
    sa.Column('party_code', sa.Text(), nullable=False, comment='party that acted; empty: the exchange'),
    sa.Column('agency_code', sa.Text(), nullable=False, comment='agency that acted for the party'),
    sa.Column('client', sa.Text(), nullable=False, comment='system that acted'),
    sa.Column('officer', sa.Text(), nullable=False, comment='officer behind the system, as it says'),
    sa.Column('reason', sa.Text(), nullable=False, comment='why'),
    sa.Column('legal_basis', sa.Text(), nullable=False, comment='what lets it'),
    sa.ForeignKeyConstraint(['agreement_hash'], ['exchange.agreement.agreement_hash'], name=op.f('fk_agreement_event_agreement_hash')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_agreement_event')),
    schema='exchange',
    comment='the lives of agreements; append-only'
    )
    op.create_index('ix_agency_key_agency', 'agency_key', ['agency_code'], unique=False, schema='exchange')
    op.create_index('ix_agency_delegation_delegate', 'agency_delegation', ['delegate_code'], unique=False, schema='exchange')
    op.create_index('ix_agreement_event_agreement', 'agreement_event', ['agreement_hash', 'event_id'], unique=False, schema='exchange')
    op.add_column('agreement', sa.Column('agreement_name', sa.Text(), nullable=True, comment='name of the agreement, the same in all versions'), schema='exchange')
    op.add_column('agreement', sa.Column('version', sa.BigInteger(), nullable=True, comment='number of the version'), schema='exchange')
    op.alter_column('agreement', 'signatures', existing_type=postgresql.JSONB(), existing_nullable=False, comment='of before agreement_signature: not read', existing_comment='agency code → detached JWS of the content', schema='exchange')
    op.alter_column('agency', 'jwks', existing_type=postgresql.JSONB(), existing_nullable=False, comment='of before agency_key: not read', existing_comment='public signing keys of the agency, a JWK set', schema='exchange')
    op.execute(assets.read("agreement_life_0001"))
    op.create_index('ix_agreement_status', 'agreement', ['status'], unique=False, schema='exchange')
    op.create_index('uq_agreement_pending', 'agreement', ['agreement_name'], unique=True, schema='exchange', postgresql_where=sa.text("status IN ('proposed', 'accepted')"))
    op.create_index('uq_agreement_standing', 'agreement', ['agreement_name'], unique=True, schema='exchange', postgresql_where=sa.text("status IN ('in_force', 'suspended')"))
    op.create_index('uq_agreement_version', 'agreement', ['agreement_name', 'version'], unique=True, schema='exchange', postgresql_where=sa.text("status <> 'drafted'"))


def downgrade() -> None:
    """Go back; what became of agreements is forgotten, and keys that ended, with what they signed."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(assets.read("agreement_life_0001_down"))
    op.drop_index('uq_agreement_version', table_name='agreement', schema='exchange')
    op.drop_index('uq_agreement_standing', table_name='agreement', schema='exchange')
    op.drop_index('uq_agreement_pending', table_name='agreement', schema='exchange')
    op.drop_index('ix_agreement_status', table_name='agreement', schema='exchange')
    op.drop_table('agreement_event', schema='exchange')
    op.drop_table('agreement_signature', schema='exchange')
    op.drop_table('agency_delegation', schema='exchange')
    op.drop_table('agency_key', schema='exchange')
    op.execute("DROP FUNCTION exchange.refuse_second_end()")
    op.alter_column('agency', 'jwks', existing_type=postgresql.JSONB(), existing_nullable=False, comment='public signing keys of the agency, a JWK set', existing_comment='of before agency_key: not read', schema='exchange')
    op.alter_column('agreement', 'signatures', existing_type=postgresql.JSONB(), existing_nullable=False, comment='agency code → detached JWS of the content', existing_comment='of before agreement_signature: not read', schema='exchange')
    op.drop_column('agreement', 'version', schema='exchange')
    op.drop_column('agreement', 'agreement_name', schema='exchange')
