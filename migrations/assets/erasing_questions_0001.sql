-- A kept question can be erased by an act that stands in the log; nothing else of an entry changes. Placeholders: none.

CREATE FUNCTION exchange.refuse_rewriting_entry() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.question IS NOT NULL AND NEW.question IS NULL THEN
        OLD.question := NULL;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the log is append-only: % on %.% is not allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$;

DROP TRIGGER access_entry_refuse_rewriting ON exchange.access_entry;
CREATE TRIGGER access_entry_refuse_rewriting BEFORE UPDATE OR DELETE ON exchange.access_entry
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting_entry();
ALTER TABLE exchange.access_entry ENABLE ALWAYS TRIGGER access_entry_refuse_rewriting;

-- The act says itself whose questions go: all about its subject, or all before its day. Who calls this chooses the act, no rows.
CREATE FUNCTION exchange.erase_questions(act_id uuid, after_position bigint, most integer, OUT erased bigint, OUT last_position bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
DECLARE
    act exchange.access_entry%ROWTYPE;
BEGIN
    SELECT * INTO act FROM exchange.access_entry WHERE entry_id = act_id AND operation = 'erasure';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no act of the log erases this' USING ERRCODE = 'restrict_violation';
    END IF;
    WITH reached AS (
        SELECT e.position, e.answer_id FROM exchange.access_entry e
        WHERE e.position > after_position AND e.position < act.position
            AND CASE WHEN act.subject_tag IS NOT NULL THEN e.subject_tag = act.subject_tag
                ELSE e.logged_at < (act.transport ->> 'before')::timestamptz END
        ORDER BY e.position LIMIT most
    ), gone AS (
        UPDATE exchange.access_entry q SET question = NULL
        WHERE q.question IS NOT NULL AND q.entry_id IN (SELECT r.answer_id FROM reached r)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone), (SELECT max(r.position) FROM reached r) INTO erased, last_position;
END
$body$;

REVOKE ALL ON FUNCTION exchange.erase_questions(uuid, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.erase_questions(uuid, bigint, integer) TO exchange_service;
