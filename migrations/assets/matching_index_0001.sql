-- Who may do what with the search index by likeness. Placeholders: none.

-- Made of the registers, and made anew from them whenever it must be.
GRANT SELECT ON exchange.matching_index, exchange.matching_entry
    TO exchange_service, exchange_reader, exchange_integrator;
GRANT INSERT, DELETE ON exchange.matching_entry TO exchange_service;
GRANT INSERT ON exchange.matching_index TO exchange_service;
GRANT UPDATE (version, change, valid_on, next_change, next_valid_on, sealed_after, lesson,
    lesson_records, sealed_lesson) ON exchange.matching_index TO exchange_service;
