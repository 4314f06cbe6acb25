-- The ledger of a register: its changes and where it stands. Placeholders: $schema$.
CREATE TABLE $schema$.change (
    change_id BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    act TEXT NOT NULL,
    reason TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    source_document TEXT NOT NULL,
    CONSTRAINT pk_change PRIMARY KEY (change_id)
);
COMMENT ON TABLE $schema$.change IS 'the ledger: one row per change of the register';
COMMENT ON COLUMN $schema$.change.change_id IS 'number of the change; grows by one in commit order, without gaps';
COMMENT ON COLUMN $schema$.change.recorded_at IS 'moment at which the register took note';
COMMENT ON COLUMN $schema$.change.recorded_by IS 'officer or system that recorded it';
COMMENT ON COLUMN $schema$.change.act IS 'register, noun and verb of the act';
COMMENT ON COLUMN $schema$.change.reason IS 'why, in words';
COMMENT ON COLUMN $schema$.change.legal_basis IS 'article that allows or orders the act';
COMMENT ON COLUMN $schema$.change.source_document IS 'paper or message that the facts come from';
CREATE INDEX ix_change_recorded_at ON $schema$.change (recorded_at);
CREATE TABLE $schema$.change_head (
    singleton BIGINT NOT NULL,
    last_change BIGINT NOT NULL,
    transaction_id TEXT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_change_head PRIMARY KEY (singleton),
    CONSTRAINT ck_change_head_one_row CHECK (singleton = 1)
);
COMMENT ON TABLE $schema$.change_head IS 'where the ledger stands';
COMMENT ON COLUMN $schema$.change_head.singleton IS 'always 1: the table has one row';
COMMENT ON COLUMN $schema$.change_head.last_change IS 'number of the last change; its row lock puts writers in order';
COMMENT ON COLUMN $schema$.change_head.transaction_id IS 'transaction that took the number: versions are checked against it';
