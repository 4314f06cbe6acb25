-- Before the tables of lives go: keys and signatures move back to where they were read from before.
UPDATE exchange.agency AS agency
   SET jwks = jsonb_build_object('keys', coalesce((
           SELECT jsonb_agg(jwk || jsonb_build_object('kid', key_id) ORDER BY valid_from)
             FROM exchange.agency_key WHERE agency_key.agency_code = agency.agency_code AND ended_at IS NULL),
           '[]'::jsonb));
UPDATE exchange.agreement AS agreement
   SET signatures = coalesce((
           SELECT jsonb_object_agg(agency_code, signature)
             FROM exchange.agreement_signature AS signed
            WHERE signed.agreement_hash = agreement.agreement_hash), '{}'::jsonb);
