-- The guards of the access log and of the rights. Placeholders: none.

-- Whoever wants to know that no writer is under way takes this lock alone (integrator); writers
-- share it until their commit. Taken by a trigger, so that no writer can forget it.
CREATE FUNCTION exchange.hold_writers_lock() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('access_entry'));
    RETURN NULL;
END
$body$;

CREATE FUNCTION exchange.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on %.% is not allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE TRIGGER access_entry_hold_lock BEFORE INSERT ON exchange.access_entry
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.hold_writers_lock();
ALTER TABLE exchange.access_entry ENABLE ALWAYS TRIGGER access_entry_hold_lock;

DO $body$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['access_entry', 'log_leaf', 'log_tile', 'log_checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON exchange.%I FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_rewriting', name);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON exchange.%I FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_truncating', name);
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_rewriting');
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_truncating');
    END LOOP;
END
$body$;

GRANT USAGE ON SCHEMA exchange TO exchange_service, exchange_reader, exchange_integrator;
GRANT SELECT ON ALL TABLES IN SCHEMA exchange TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT ON exchange.access_entry TO exchange_service;
GRANT INSERT, UPDATE ON exchange.agency, exchange.client, exchange.quota_window TO exchange_service;
GRANT INSERT, UPDATE (status) ON exchange.agreement TO exchange_service;
GRANT INSERT, DELETE ON exchange.assertion_use TO exchange_service;
GRANT INSERT ON exchange.log_leaf, exchange.log_tile, exchange.log_checkpoint TO exchange_integrator;
