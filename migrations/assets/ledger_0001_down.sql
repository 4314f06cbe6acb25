-- Undoes ledger_0001; the tables themselves are dropped by the migration.
DROP FUNCTION $schema$.refuse_rewriting() CASCADE;
DROP FUNCTION $schema$.check_added_versions() CASCADE;
DROP FUNCTION $schema$.check_no_overlap() CASCADE;
DROP FUNCTION $schema$.check_ended_version() CASCADE;
DROP FUNCTION $schema$.current_change() CASCADE;
