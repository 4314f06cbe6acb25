-- The guards of the life of agreements. Placeholders: none.

-- Who signed, and what became of an agreement, is history, as the access log is.
DO $body$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['agreement_event', 'agreement_signature'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON exchange.%I FOR EACH ROW EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_rewriting', name);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON exchange.%I FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_rewriting()', name || '_refuse_truncating', name);
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_rewriting');
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ALWAYS TRIGGER %I', name, name || '_refuse_truncating');
    END LOOP;
END
$body$;

-- A key or a delegation ends once. Ended again, with an earlier day, it would unsign what it signed.
CREATE FUNCTION exchange.refuse_second_end() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'what has ended does not end again: %.%', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$body$;

CREATE TRIGGER agency_key_refuse_second_end BEFORE UPDATE ON exchange.agency_key
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_second_end();
ALTER TABLE exchange.agency_key ENABLE ALWAYS TRIGGER agency_key_refuse_second_end;
CREATE TRIGGER agency_delegation_refuse_second_end BEFORE UPDATE ON exchange.agency_delegation
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse_second_end();
ALTER TABLE exchange.agency_delegation ENABLE ALWAYS TRIGGER agency_delegation_refuse_second_end;

-- What stands already: keys, names and signatures move to where they are read from now on.
UPDATE exchange.agreement
   SET agreement_name = convert_from(content, 'UTF8')::jsonb ->> 'agreement',
       version = (convert_from(content, 'UTF8')::jsonb ->> 'version')::bigint;
INSERT INTO exchange.agency_key (key_id, agency_code, jwk, valid_from, registered_by)
SELECT jwk ->> 'kid', agency_code, jwk - 'kid', recorded_at, 'migration'
  FROM exchange.agency, jsonb_array_elements(jwks -> 'keys') AS jwk;
INSERT INTO exchange.agreement_signature
SELECT agreement_hash, party.key, party.key,
       -- The header says which key signed: base64url without padding.
       convert_from(decode(rpad(header, (length(header) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb ->> 'kid',
       party.value, recorded_at
  FROM exchange.agreement, jsonb_each_text(signatures) AS party,
       LATERAL (SELECT translate(split_part(party.value, '.', 1), '-_', '+/') AS header) AS written
 -- Signed by a key that is known no longer: such an agreement did not act before, nor does it now.
 WHERE EXISTS (
       SELECT FROM exchange.agency_key
        WHERE key_id = convert_from(decode(rpad(header, (length(header) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb ->> 'kid');
INSERT INTO exchange.agreement_event (agreement_hash, happened_at, act, from_state, to_state,
                                      party_code, agency_code, client, officer, reason, legal_basis)
SELECT agreement_hash, recorded_at, 'enter', '', status, '', '', 'migration', '',
       'entered before lives were recorded', ''
  FROM exchange.agreement;

GRANT SELECT ON exchange.agency_key, exchange.agency_delegation, exchange.agreement_signature,
    exchange.agreement_event TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT ON exchange.agreement_signature, exchange.agreement_event TO exchange_service;
GRANT INSERT, UPDATE (ended_at, end_reason) ON exchange.agency_key, exchange.agency_delegation TO exchange_service;
