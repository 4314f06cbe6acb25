-- The guards of the links between registers. Placeholders: none.

-- What became of a link, and by which labels thresholds were set, is history, as the access log is.
CREATE TRIGGER link_event_refuse_rewriting BEFORE UPDATE OR DELETE ON exchange.link_event
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting();
CREATE TRIGGER link_event_refuse_truncating BEFORE TRUNCATE ON exchange.link_event
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting();
ALTER TABLE exchange.link_event ENABLE ALWAYS TRIGGER link_event_refuse_rewriting;
ALTER TABLE exchange.link_event ENABLE ALWAYS TRIGGER link_event_refuse_truncating;
CREATE TRIGGER link_calibration_refuse_rewriting BEFORE UPDATE OR DELETE ON exchange.link_calibration
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting();
CREATE TRIGGER link_calibration_refuse_truncating BEFORE TRUNCATE ON exchange.link_calibration
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting();
ALTER TABLE exchange.link_calibration ENABLE ALWAYS TRIGGER link_calibration_refuse_rewriting;
ALTER TABLE exchange.link_calibration ENABLE ALWAYS TRIGGER link_calibration_refuse_truncating;

GRANT SELECT ON exchange.link_run, exchange.link_cursor, exchange.link_mention, exchange.link_touched,
    exchange.link_likeness, exchange.link_calibration, exchange.link_entity, exchange.link_member,
    exchange.link, exchange.link_event TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT ON exchange.link_event, exchange.link_calibration, exchange.link_entity TO exchange_service;
-- The working set: made of the registers, and made anew from them whenever it must be.
GRANT INSERT, DELETE ON exchange.link_mention, exchange.link_touched TO exchange_service;
GRANT INSERT, UPDATE ON exchange.link_cursor, exchange.link_likeness TO exchange_service;
GRANT INSERT, UPDATE, DELETE ON exchange.link_member TO exchange_service;
GRANT INSERT, UPDATE (finished_at, records_read, links_judged) ON exchange.link_run TO exchange_service;
GRANT INSERT, UPDATE (left_content_tag, left_change, right_content_tag, right_change, model_version, weight,
    probability, evidence, state, is_decided, first_reviewer, reason) ON exchange.link TO exchange_service;
