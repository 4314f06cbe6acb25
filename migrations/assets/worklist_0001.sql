-- The guards of the worklist. Placeholders: none.

-- What became of a finding is history, as the access log is.
CREATE TRIGGER consistency_event_refuse_rewriting BEFORE UPDATE OR DELETE ON exchange.consistency_event
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting();
CREATE TRIGGER consistency_event_refuse_truncating BEFORE TRUNCATE ON exchange.consistency_event
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting();
ALTER TABLE exchange.consistency_event ENABLE ALWAYS TRIGGER consistency_event_refuse_rewriting;
ALTER TABLE exchange.consistency_event ENABLE ALWAYS TRIGGER consistency_event_refuse_truncating;

GRANT SELECT ON exchange.consistency_run, exchange.consistency_cursor, exchange.consistency_mention,
    exchange.consistency_touched, exchange.consistency_finding, exchange.consistency_record,
    exchange.consistency_event TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT ON exchange.consistency_event, exchange.consistency_record TO exchange_service;
-- The working set: made of the registers, and made anew from them whenever it must be.
GRANT INSERT, DELETE ON exchange.consistency_mention, exchange.consistency_touched TO exchange_service;
GRANT INSERT, UPDATE ON exchange.consistency_cursor TO exchange_service;
GRANT INSERT, UPDATE (finished_at, records_read, subjects_judged) ON exchange.consistency_run TO exchange_service;
GRANT INSERT, UPDATE (confidence, state, reason) ON exchange.consistency_finding TO exchange_service;
