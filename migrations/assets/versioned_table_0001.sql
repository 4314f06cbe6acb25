-- The guards of one versioned table. Placeholders: $schema$, $table$, $key$ (the columns
-- that name a record, quoted and parted by commas).
CREATE TRIGGER $table$_check_added AFTER INSERT ON $schema$.$table$
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION $schema$.check_added_versions();
CREATE TRIGGER $table$_check_overlap AFTER INSERT ON $schema$.$table$
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION $schema$.check_no_overlap('ex_$table$_no_overlap', 'true', $key$);
CREATE TRIGGER $table$_check_ended BEFORE UPDATE ON $schema$.$table$
    FOR EACH ROW EXECUTE FUNCTION $schema$.check_ended_version();
CREATE TRIGGER $table$_refuse_deleting BEFORE DELETE ON $schema$.$table$
    FOR EACH ROW EXECUTE FUNCTION $schema$.refuse_rewriting();
CREATE TRIGGER $table$_refuse_truncating BEFORE TRUNCATE ON $schema$.$table$
    FOR EACH STATEMENT EXECUTE FUNCTION $schema$.refuse_rewriting();
ALTER TABLE $schema$.$table$ ENABLE ALWAYS TRIGGER $table$_check_added;
ALTER TABLE $schema$.$table$ ENABLE ALWAYS TRIGGER $table$_check_overlap;
ALTER TABLE $schema$.$table$ ENABLE ALWAYS TRIGGER $table$_check_ended;
ALTER TABLE $schema$.$table$ ENABLE ALWAYS TRIGGER $table$_refuse_deleting;
ALTER TABLE $schema$.$table$ ENABLE ALWAYS TRIGGER $table$_refuse_truncating;

GRANT SELECT, INSERT ON $schema$.$table$ TO $schema$_service;
GRANT UPDATE (to_change) ON $schema$.$table$ TO $schema$_service;
GRANT SELECT ON $schema$.$table$ TO $schema$_reader;
