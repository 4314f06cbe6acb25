-- Rights on the tables of quotas by the minute and of protected subjects. Placeholders: none.

-- A protection ends once, as a key does.
CREATE TRIGGER protected_subject_refuse_second_end BEFORE UPDATE ON exchange.protected_subject
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_second_end();
ALTER TABLE exchange.protected_subject ENABLE ALWAYS TRIGGER protected_subject_refuse_second_end;

GRANT SELECT ON exchange.quota_minute, exchange.protected_subject
    TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT, UPDATE, DELETE ON exchange.quota_minute TO exchange_service;
GRANT INSERT, UPDATE (ended_at, end_reason) ON exchange.protected_subject TO exchange_service;
