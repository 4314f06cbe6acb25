-- The guards of what proves that the log is whole. Placeholders: none.

DO $body$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['subject_commitment', 'withholding', 'checkpoint_cosignature', 'checkpoint_timestamp'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON exchange.%I FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_rewriting', name);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON exchange.%I FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_truncating', name);
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_rewriting');
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_truncating');
    END LOOP;
END
$body$;

GRANT SELECT ON exchange.subject_state, exchange.subject_node, exchange.subject_commitment,
    exchange.withholding, exchange.witness, exchange.checkpoint_cosignature, exchange.checkpoint_timestamp
    TO exchange_service, exchange_reader, exchange_integrator;
-- Made of the log, and made anew from it whenever it must be.
GRANT INSERT, UPDATE, DELETE ON exchange.subject_state, exchange.subject_node TO exchange_integrator;
-- A commitment is an entry of the log and the note where it stands.
GRANT INSERT ON exchange.access_entry, exchange.subject_commitment TO exchange_integrator;
GRANT INSERT ON exchange.checkpoint_timestamp TO exchange_integrator;
GRANT INSERT ON exchange.withholding, exchange.witness, exchange.checkpoint_cosignature TO exchange_service;
