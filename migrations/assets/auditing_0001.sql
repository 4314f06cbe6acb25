-- The guards of the auditor's worklist. Placeholders: none.

-- What became of a finding, and what it rests on, is history, as the access log is.
DO $body$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_event', 'audit_evidence'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON exchange.%I FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_rewriting', name);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON exchange.%I FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_truncating', name);
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_rewriting');
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_truncating');
    END LOOP;
END
$body$;

GRANT SELECT ON exchange.officer, exchange.officer_tie, exchange.audit_run, exchange.audit_activity,
    exchange.audit_use, exchange.audit_finding, exchange.audit_evidence, exchange.audit_event,
    exchange.audit_search TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT ON exchange.audit_evidence, exchange.audit_event TO exchange_service;
GRANT INSERT, UPDATE ON exchange.audit_activity, exchange.audit_use, exchange.audit_search TO exchange_service;
GRANT INSERT, UPDATE (sealed_pin, filed_at, kin_read_at) ON exchange.officer TO exchange_service;
GRANT INSERT, DELETE ON exchange.officer_tie TO exchange_service;
GRANT INSERT, UPDATE (finished_at, position, entries) ON exchange.audit_run TO exchange_service;
GRANT INSERT, UPDATE (state, reason, last_at, entries, figures) ON exchange.audit_finding TO exchange_service;
