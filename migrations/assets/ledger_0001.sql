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

-- In one state of knowledge no two versions of a record share a day. Arguments: name of the rule,
-- condition on the current rows that it concerns, columns that name the record. Writers of a register
-- hold the row lock of change_head until they commit (check_added_versions makes sure of it), so no
-- version can be added beside this check unseen. An exclusion constraint says the same, but placing a
-- text key in a GiST index costs nine times as much as the whole row.
CREATE FUNCTION $schema$.check_no_overlap() RETURNS trigger LANGUAGE plpgsql
    SET enable_nestloop = on SET enable_mergejoin = on AS $body$
DECLARE
    same_record text;
    same_row text;
    overlapping boolean;
BEGIN
    SELECT string_agg(format('held.%1$I = new_one.%1$I', column_name), ' AND ')
    INTO same_record FROM unnest(TG_ARGV[2:]) AS column_name;
    -- The row itself, by its primary key.
    SELECT string_agg(format('held.%1$I = new_one.%1$I', attribute.attname), ' AND ')
    INTO same_row FROM pg_index
    JOIN pg_attribute AS attribute ON attribute.attrelid = indrelid AND attribute.attnum = ANY (indkey)
    WHERE indrelid = TG_RELID AND indisprimary;
    -- A load is compared as a whole: in a table that it has just filled the planner has no statistics
    -- and would compare every row with every other. The settings end with the function.
    IF (SELECT count(*) FROM added)
        > (SELECT greatest(1000, reltuples / 50) FROM pg_class WHERE oid = TG_RELID) THEN
        PERFORM set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true);
    END IF;
    EXECUTE format(
        'SELECT EXISTS (SELECT 1 FROM (SELECT * FROM added WHERE %4$s) AS new_one'
        ' JOIN (SELECT * FROM %1$I.%2$I WHERE to_change IS NULL AND %4$s) AS held ON %3$s'
        ' AND held.valid && new_one.valid'
        ' AND NOT (%5$s))',
        TG_TABLE_SCHEMA, TG_TABLE_NAME, same_record, TG_ARGV[1], same_row
    ) INTO overlapping;
    IF overlapping THEN
        RAISE EXCEPTION 'rule % of %: two versions of a record share a day', TG_ARGV[0], TG_TABLE_NAME
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = TG_ARGV[0];
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
