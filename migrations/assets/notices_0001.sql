-- The guards of notices and emergencies. Placeholders: none.

CREATE TRIGGER notice_entry_refuse_rewriting BEFORE UPDATE OR DELETE ON exchange.notice_entry
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting();
CREATE TRIGGER notice_entry_refuse_truncating BEFORE TRUNCATE ON exchange.notice_entry
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting();
ALTER TABLE exchange.notice_entry ENABLE ALWAYS TRIGGER notice_entry_refuse_rewriting;
ALTER TABLE exchange.notice_entry ENABLE ALWAYS TRIGGER notice_entry_refuse_truncating;

GRANT SELECT ON exchange.notice, exchange.notice_entry, exchange.recall_cursor, exchange.emergency
    TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT ON exchange.notice_entry TO exchange_service;
GRANT INSERT, UPDATE ON exchange.recall_cursor TO exchange_service;
GRANT INSERT, UPDATE (due_on, acknowledged_at, acknowledged_by, remark) ON exchange.notice TO exchange_service;
GRANT INSERT, UPDATE (state, reviewed_at, reviewer, outcome) ON exchange.emergency TO exchange_service;
