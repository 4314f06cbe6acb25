"""Add chains of subjects, withheld entries, witnesses and timestamps.

The chains of entries that are there already are made by the committer, a chunk after the other.

Revision: 0007, after 0006.
"""

from alembic import op
import sqlalchemy as sa

from migrations import assets

revision: str = '0007'
down_revision: str | None = '0006'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go forward."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table('subject_state',
    sa.Column('subject_tag', sa.LargeBinary(), nullable=False, comment='whom the entries are about'),
    sa.Column('entries', sa.BigInteger(), nullable=False, comment='how many entries are about it'),
    sa.Column('head', sa.LargeBinary(), nullable=False, comment='last hash of the chain of its entries'),
    sa.CheckConstraint('entries > 0', name=op.f('ck_subject_state_entries')),
    sa.CheckConstraint('octet_length(head) = 32', name=op.f('ck_subject_state_head_length')),
    sa.CheckConstraint('octet_length(subject_tag) = 32', name=op.f('ck_subject_state_tag_length')),
    sa.PrimaryKeyConstraint('subject_tag', name=op.f('pk_subject_state')),
    schema='exchange',
    comment='where the chain of each subject stands, as of the newest commitment; made of the log'
    )
    op.create_table('subject_node',
    sa.Column('prefix', sa.Text(collation='C'), nullable=False, comment='first hexadecimal digits of the tags below the node'),
    sa.Column('content', sa.LargeBinary(), nullable=False, comment='the node; its SHA-256 is its hash'),
    sa.PrimaryKeyConstraint('prefix', name=op.f('pk_subject_node')),
    schema='exchange',
    comment='the tree over all subjects, as of the newest commitment; made of the log'
    )
    op.create_table('subject_commitment',
    sa.Column('tree_size', sa.BigInteger(), autoincrement=False, nullable=False, comment='number of leaves of the log that the commitment covers'),
    sa.Column('entry_id', sa.Uuid(), nullable=False, comment='the entry that puts the root into the log'),
    sa.Column('root_hash', sa.LargeBinary(), nullable=False, comment='root of the tree over all subjects'),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=False, comment='when it was made'),
    sa.CheckConstraint('octet_length(root_hash) = 32', name=op.f('ck_subject_commitment_root_length')),
    sa.PrimaryKeyConstraint('tree_size', name=op.f('pk_subject_commitment')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_subject_commitment_entry_id')),
    schema='exchange',
    comment='roots over all subjects that were put into the log; append-only'
    )
    op.create_table('withholding',
    sa.Column('entry_id', sa.Uuid(), nullable=False, comment='entry that its subject is not told yet'),
    sa.Column('until_on', sa.Date(), nullable=False, comment='day from which it is told again'),
    sa.Column('legal_basis', sa.Text(), nullable=False, comment='law that allows it'),
    sa.Column('officer', sa.Text(), nullable=False, comment='who asked for it'),
    sa.Column('second_officer', sa.Text(), nullable=False, comment='who agreed: somebody else'),
    sa.Column('log_entry_id', sa.Uuid(), nullable=False, comment='entry of the log that tells of it'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when it was decided'),
    sa.CheckConstraint('officer <> second_officer', name=op.f('ck_withholding_second_officer')),
    sa.ForeignKeyConstraint(['entry_id'], ['exchange.access_entry.entry_id'], name=op.f('fk_withholding_entry_id')),
    sa.ForeignKeyConstraint(['log_entry_id'], ['exchange.access_entry.entry_id'], name=op.f('fk_withholding_log_entry_id')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_withholding')),
    schema='exchange',
    comment='entries that are withheld from their subject for a time; append-only'
    )
    op.create_table('witness',
    sa.Column('name', sa.Text(), nullable=False, comment='as in its signatures'),
    sa.Column('verifier_key', sa.Text(), nullable=False, comment='its public key (C2SP signed note)'),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='when it was entered'),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_witness')),
    schema='exchange',
    comment='programs of other agencies that watch the log and cosign its checkpoints'
    )
    op.create_table('checkpoint_cosignature',
    sa.Column('tree_size', sa.BigInteger(), nullable=False, comment='checkpoint that was cosigned'),
    sa.Column('witness', sa.Text(), nullable=False, comment='who cosigned it'),
    sa.Column('line', sa.Text(), nullable=False, comment='signature line (C2SP tlog-cosignature)'),
    sa.Column('cosigned_at', sa.DateTime(timezone=True), nullable=False, comment='as the witness says'),
    sa.ForeignKeyConstraint(['tree_size'], ['exchange.log_checkpoint.tree_size'], name=op.f('fk_checkpoint_cosignature_tree_size')),
    sa.ForeignKeyConstraint(['witness'], ['exchange.witness.name'], name=op.f('fk_checkpoint_cosignature_witness')),
    sa.PrimaryKeyConstraint('tree_size', 'witness', name=op.f('pk_checkpoint_cosignature')),
    schema='exchange',
    comment='cosignatures of witnesses; append-only'
    )
    op.create_table('checkpoint_timestamp',
    sa.Column('tree_size', sa.BigInteger(), nullable=False, comment='checkpoint that was stamped'),
    sa.Column('authority', sa.Text(), nullable=False, comment='address of the authority'),
    sa.Column('token', sa.LargeBinary(), nullable=False, comment='time-stamp response (RFC 3161), DER'),
    sa.Column('stamped_at', sa.DateTime(timezone=True), nullable=False, comment='as the authority says'),
    sa.ForeignKeyConstraint(['tree_size'], ['exchange.log_checkpoint.tree_size'], name=op.f('fk_checkpoint_timestamp_tree_size')),
    sa.PrimaryKeyConstraint('tree_size', 'authority', name=op.f('pk_checkpoint_timestamp')),
    schema='exchange',
    comment='timestamps of checkpoints by authorities outside; append-only'
    )
    op.create_index('ix_access_entry_walk', 'access_entry', ['dataset', 'position'], unique=False, schema='exchange', postgresql_where=sa.text("operation = 'linkage'"))
    op.execute(assets.read("evidence_0001"))


def downgrade() -> None:
    """Go back."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index('ix_access_entry_walk', table_name='access_entry', schema='exchange')
    op.drop_table('checkpoint_timestamp', schema='exchange')
    op.drop_table('checkpoint_cosignature', schema='exchange')
    op.drop_table('witness', schema='exchange')
    op.drop_table('withholding', schema='exchange')
    op.drop_table('subject_commitment', schema='exchange')
    op.drop_table('subject_node', schema='exchange')
    op.drop_table('subject_state', schema='exchange')
    op.execute("REVOKE INSERT ON exchange.access_entry FROM exchange_integrator")
