-- A rule that no two current rows with the same key share a day. Placeholders: $schema$, $table$,
-- $rule$ (name), $condition$ (rows it concerns), $key$ (columns, quoted and parted by commas).
CREATE TRIGGER $table$_check_$rule$ AFTER INSERT ON $schema$.$table$
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION $schema$.check_no_overlap('ex_$table$_$rule$', '$condition$', $key$);
ALTER TABLE $schema$.$table$ ENABLE ALWAYS TRIGGER $table$_check_$rule$;
