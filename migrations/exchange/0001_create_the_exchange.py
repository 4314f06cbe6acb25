"""Create the exchange.

Revision: 0001, after the beginning.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations import assets

revision: str = '0001'
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('access_entry',
    sa.Column('position', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='order of writing; the integrator follows it'),
    sa.Column('entry_id', sa.Uuid(), nullable=False, comment='time-ordered id of the entry'),
    sa.Column('answer_id', sa.Uuid(), nullable=False, comment='the answer; a batch has an entry a subject'),
    sa.Column('logged_at', sa.DateTime(timezone=True), nullable=False, comment='moment of the decision'),
    sa.Column('agency', sa.Text(), nullable=False, comment='agency that asked'),
    sa.Column('client', sa.Text(), nullable=False, comment='system that asked'),
    sa.Column('officer', sa.Text(), nullable=False, comment='officer behind the system, as it says'),
    sa.Column('subject_tag', sa.LargeBinary(), nullable=True, comment='keyed hash of register and subject; null where nobody was named or found'),
    sa.Column('dataset', sa.Text(), nullable=False, comment='register/dataset'),
    sa.Column('operation', sa.Text(), nullable=False, comment='look-up, verify, batch or search'),
    sa.Column('purpose', sa.Text(), nullable=False, comment='purpose as asked'),
    sa.Column('legal_basis', sa.Text(), nullable=False, comment='legal basis as asked'),
    sa.Column('procedure', sa.Text(), nullable=False, comment='public-service code as asked'),
    sa.Column('case_reference', sa.Text(), nullable=False, comment='number of the case as asked'),
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment="agreement it was decided under; or ''"),
    sa.Column('decision', sa.Text(), nullable=False, comment='permitted or refused'),
    sa.Column('rule', sa.Text(), nullable=False, comment='rule that refused, or what came of the question'),
    sa.Column('fields', postgresql.ARRAY(sa.Text()), nullable=False, comment='fields delivered, sorted'),
    sa.Column('request_hash', sa.LargeBinary(), nullable=False, comment="SHA-256 of the question's bytes"),
    sa.Column('answer_hash', sa.LargeBinary(), nullable=False, comment="SHA-256 of the answer's bytes"),
    sa.Column('register_change', sa.BigInteger(), nullable=False, comment='state of the register; 0: none'),
    sa.Column('valid_on', sa.Date(), nullable=False, comment='day that was asked about'),
    sa.Column('transport', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='X-Road headers of the question, if any'),
    sa.Column('leaf_hash', sa.LargeBinary(), nullable=False, comment='RFC 6962 leaf hash of the entry'),
    sa.CheckConstraint("decision IN ('permitted', 'refused')", name=op.f('ck_access_entry_decision')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_access_entry')),
    sa.UniqueConstraint('position', name=op.f('uq_access_entry_position')),
    schema='exchange',
    comment='the access log: one entry per data subject and answer, refusals too'
    )
    op.create_index('ix_access_entry_logged_at', 'access_entry', ['logged_at'], unique=False, schema='exchange', postgresql_using='brin')
    op.create_index('ix_access_entry_subject', 'access_entry', ['subject_tag', 'position'], unique=False, schema='exchange')
    op.create_table('agency',
    sa.Column('agency_code', sa.Text(), nullable=False, comment='code of Decision 20/2020/QĐ-TTg'),
    sa.Column('name_vi', sa.Text(), nullable=False, comment='name in Vietnamese'),
    sa.Column('jwks', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='public signing keys of the agency, a JWK set'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when it was entered'),
    sa.PrimaryKeyConstraint('agency_code', name=op.f('pk_agency')),
    schema='exchange',
    comment='an agency that may be party to agreements'
    )
    op.create_table('agreement',
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment='SHA-256 of the content, hex'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='canonical JSON (RFC 8785), as signed'),
    sa.Column('provider', sa.Text(), nullable=False, comment='agency that gives the data'),
    sa.Column('consumer', sa.Text(), nullable=False, comment='agency that gets the data'),
    sa.Column('signatures', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='agency code → detached JWS of the content'),
    sa.Column('status', sa.Text(), nullable=False, comment='where it stands in its life'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when it was entered'),
    sa.CheckConstraint("status IN ('drafted','proposed','accepted','refused','in_force','suspended','revoked','expired')", name=op.f('ck_agreement_status')),
    sa.PrimaryKeyConstraint('agreement_hash', name=op.f('pk_agreement')),
    schema='exchange',
    comment='a version of a data-sharing agreement; its content never changes'
    )
    op.create_table('assertion_use',
    sa.Column('client_id', sa.Text(), nullable=False, comment='who presented the assertion'),
    sa.Column('assertion_id', sa.Text(), nullable=False, comment='its jti: used once, never again'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False, comment="end of the assertion's life; afterwards the row may go"),
    sa.PrimaryKeyConstraint('client_id', 'assertion_id', name=op.f('pk_assertion_use')),
    schema='exchange',
    comment='client assertions that were used (RFC 7523 section 3, jti)'
    )
    op.create_table('log_checkpoint',
    sa.Column('tree_size', sa.BigInteger(), autoincrement=False, nullable=False, comment='Number of leaves that the checkpoint covers.'),
    sa.Column('root_hash', sa.LargeBinary(), nullable=False, comment='Root of the tree of this size (RFC 6962).'),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False, comment='When the log signed it.'),
    sa.Column('note', sa.Text(), nullable=False, comment='The signed checkpoint (C2SP tlog-checkpoint).'),
    sa.CheckConstraint('octet_length(root_hash) = 32', name=op.f('ck_log_checkpoint_root_length')),
    sa.CheckConstraint('tree_size >= 0', name=op.f('ck_log_checkpoint_size')),
    sa.PrimaryKeyConstraint('tree_size', name=op.f('pk_log_checkpoint')),
    schema='exchange',
    comment='The signed tree heads of the Merkle log; append-only.'
    )
    op.create_table('log_leaf',
    sa.Column('leaf_index', sa.BigInteger(), autoincrement=False, nullable=False, comment='Position of the entry in the log, from 0, without gaps.'),
    sa.Column('entry_id', sa.Uuid(), nullable=False, comment='The entry that the leaf stands for.'),
    sa.Column('leaf_hash', sa.LargeBinary(), nullable=False, comment='SHA-256 of the byte 0x00 and the canonical bytes of the entry (RFC 6962).'),
    sa.CheckConstraint('leaf_index >= 0', name=op.f('ck_log_leaf_index')),
    sa.CheckConstraint('octet_length(leaf_hash) = 32', name=op.f('ck_log_leaf_hash_length')),
    sa.PrimaryKeyConstraint('leaf_index', name=op.f('pk_log_leaf')),
    sa.UniqueConstraint('entry_id', name='uq_log_leaf_entry_id'),
    schema='exchange',
    comment='The leaves of the Merkle log in log order; append-only.'
    )
    op.create_table('log_tile',
    sa.Column('tile_level', sa.SmallInteger(), autoincrement=False, nullable=False, comment='0 over leaves, 1 over the roots of tiles of level 0, and so on.'),
    sa.Column('tile_index', sa.BigInteger(), autoincrement=False, nullable=False, comment='Position among the tiles of the level, from 0.'),
    sa.Column('root_hash', sa.LargeBinary(), nullable=False, comment='The node over all 256 hashes of the tile.'),
    sa.Column('inner_nodes', sa.LargeBinary(), nullable=False, comment='The 254 nodes between the 256 hashes and the root, lowest level first.'),
    sa.CheckConstraint('octet_length(inner_nodes) = 8128', name=op.f('ck_log_tile_inner_length')),
    sa.CheckConstraint('octet_length(root_hash) = 32', name=op.f('ck_log_tile_root_length')),
    sa.CheckConstraint('tile_level >= 0 AND tile_index >= 0', name=op.f('ck_log_tile_place')),
    sa.PrimaryKeyConstraint('tile_level', 'tile_index', name=op.f('pk_log_tile')),
    schema='exchange',
    comment='Complete tiles of the Merkle tree; written once, never changed.'
    )
    op.create_table('quota_window',
    sa.Column('agreement_hash', sa.Text(), nullable=False, comment='agreement that the quota limits'),
    sa.Column('day', sa.Date(), nullable=False, comment='day, in the time zone of Viet Nam'),
    sa.Column('reserved', sa.BigInteger(), nullable=False, comment='records reserved by all processes'),
    sa.PrimaryKeyConstraint('agreement_hash', 'day', name=op.f('pk_quota_window')),
    schema='exchange',
    comment='how much of a daily quota is reserved'
    )
    op.create_table('client',
    sa.Column('client_id', sa.Text(), nullable=False, comment='name of the calling system'),
    sa.Column('agency_code', sa.Text(), nullable=False, comment='agency that the system works for'),
    sa.Column('jwks', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='public keys that its assertions are signed by'),
    sa.Column('status', sa.Text(), nullable=False, comment='active or suspended'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when it was entered'),
    sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f('ck_client_status')),
    sa.ForeignKeyConstraint(['agency_code'], ['exchange.agency.agency_code'], name=op.f('fk_client_agency_code')),
    sa.PrimaryKeyConstraint('client_id', name=op.f('pk_client')),
    schema='exchange',
    comment='a system of an agency that may ask (OAuth client, private_key_jwt)'
    )
    op.execute(assets.read("access_log_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table('client', schema='exchange')
    op.drop_table('quota_window', schema='exchange')
    op.drop_table('log_tile', schema='exchange')
    op.drop_table('log_leaf', schema='exchange')
    op.drop_table('log_checkpoint', schema='exchange')
    op.drop_table('assertion_use', schema='exchange')
    op.drop_table('agreement', schema='exchange')
    op.drop_table('agency', schema='exchange')
    op.drop_index('ix_access_entry_subject', table_name='access_entry', schema='exchange')
    op.drop_index('ix_access_entry_logged_at', table_name='access_entry', schema='exchange', postgresql_using='brin')
    op.drop_table('access_entry', schema='exchange')
    op.execute("DROP FUNCTION exchange.hold_writers_lock()")
    op.execute("DROP FUNCTION exchange.refuse_rewriting()")
    op.execute(
        "REVOKE USAGE ON SCHEMA exchange FROM exchange_service, exchange_reader, exchange_integrator"
    )
