-- The guards of a register's ledger. Placeholders: $schema$.
INSERT INTO $schema$.change_head (singleton, last_change) VALUES (1, 0);

CREATE FUNCTION $schema$.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the register keeps its history: % on %.% is not allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE FUNCTION $schema$.current_change() RETURNS bigint LANGUAGE sql STABLE AS $body$
    SELECT last_change FROM $schema$.change_head WHERE transaction_id = pg_current_xact_id()::text
$body$;

-- New versions belong to the change of this transaction and stand (set-based: one check per statement).
CREATE FUNCTION $schema$.check_added_versions() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    current bigint := $schema$.current_change();
BEGIN
    IF EXISTS (SELECT 1 FROM added WHERE from_change IS DISTINCT FROM current OR to_change IS NOT NULL) THEN
        RAISE EXCEPTION 'a version of % must be recorded by the change of its own transaction', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$body$;

-- A version is ended once, by the change of this transaction; nothing else of it ever changes.
CREATE FUNCTION $schema$.check_ended_version() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    ended_by bigint := NEW.to_change;
BEGIN
    NEW.to_change := OLD.to_change;
    IF NEW IS DISTINCT FROM OLD OR OLD.to_change IS NOT NULL OR ended_by IS DISTINCT FROM $schema$.current_change() THEN
        RAISE EXCEPTION 'a version of % may only be ended, once, by the change of its own transaction', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.to_change := ended_by;
    RETURN NEW;
END
$body$;

CREATE TRIGGER change_refuse_rewriting BEFORE UPDATE OR DELETE ON $schema$.change
    FOR EACH ROW EXECUTE FUNCTION $schema$.refuse_rewriting();
CREATE TRIGGER change_refuse_truncating BEFORE TRUNCATE ON $schema$.change
    FOR EACH STATEMENT EXECUTE FUNCTION $schema$.refuse_rewriting();
ALTER TABLE $schema$.change ENABLE ALWAYS TRIGGER change_refuse_rewriting;
ALTER TABLE $schema$.change ENABLE ALWAYS TRIGGER change_refuse_truncating;

GRANT USAGE ON SCHEMA $schema$ TO $schema$_service, $schema$_reader;
GRANT SELECT, INSERT ON $schema$.change TO $schema$_service;
GRANT SELECT, UPDATE ON $schema$.change_head TO $schema$_service;
GRANT SELECT ON $schema$.change, $schema$.change_head TO $schema$_reader;
