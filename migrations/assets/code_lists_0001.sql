-- The tables of the code lists, the same in every register. Placeholders: $schema$.
CREATE TABLE $schema$.code_list (
    list_code TEXT NOT NULL,
    version TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    instrument TEXT NOT NULL,
    confidence TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE,
    parent_list TEXT,
    parent_version TEXT,
    sources JSONB NOT NULL,
    content_sha256 TEXT NOT NULL,
    earlier_content_sha256 TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_code_list PRIMARY KEY (list_code, version),
    CONSTRAINT ck_code_list_period CHECK (valid_from < valid_to)
);
COMMENT ON TABLE $schema$.code_list IS 'Versions of the code lists and where their content was read from';
COMMENT ON COLUMN $schema$.code_list.list_code IS 'Name of the list';
COMMENT ON COLUMN $schema$.code_list.version IS 'Version, named after its instrument';
COMMENT ON COLUMN $schema$.code_list.title_vi IS 'Vietnamese title';
COMMENT ON COLUMN $schema$.code_list.title_en IS 'English title';
COMMENT ON COLUMN $schema$.code_list.instrument IS 'Act or standard that decided it';
COMMENT ON COLUMN $schema$.code_list.confidence IS 'S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects';
COMMENT ON COLUMN $schema$.code_list.valid_from IS 'First day in force; null if the standard is undated';
COMMENT ON COLUMN $schema$.code_list.valid_to IS 'First day no longer in force; null while in force';
COMMENT ON COLUMN $schema$.code_list.parent_list IS 'List that parent codes of this version point into';
COMMENT ON COLUMN $schema$.code_list.parent_version IS 'Version of the parent list';
COMMENT ON COLUMN $schema$.code_list.sources IS 'Files it was read from: publisher, publisher version, file name, SHA-256';
COMMENT ON COLUMN $schema$.code_list.content_sha256 IS 'SHA-256 over the description, codes and successions as installed';
COMMENT ON COLUMN $schema$.code_list.earlier_content_sha256 IS 'Hashes of earlier contents, oldest first';

CREATE TABLE $schema$.code (
    list_code TEXT NOT NULL,
    version TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    level SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    parent_code TEXT,
    valid_from DATE,
    valid_to DATE,
    confidence TEXT NOT NULL,
    source_name TEXT NOT NULL,
    attributes JSONB NOT NULL,
    amendments JSONB NOT NULL,
    withdrawn BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_code PRIMARY KEY (list_code, version, code),
    CONSTRAINT ck_code_level CHECK (level > 0),
    CONSTRAINT ck_code_period CHECK (valid_from < valid_to),
    CONSTRAINT fk_code_list_code_version FOREIGN KEY(list_code, version) REFERENCES $schema$.code_list (list_code, version)
);
COMMENT ON TABLE $schema$.code IS 'Codes; a code is identified by list, version and code together';
COMMENT ON COLUMN $schema$.code.list_code IS 'Name of the list';
COMMENT ON COLUMN $schema$.code.version IS 'Version of the list';
COMMENT ON COLUMN $schema$.code.code IS 'The code with its leading zeros';
COMMENT ON COLUMN $schema$.code.name IS 'Name as the version first had it';
COMMENT ON COLUMN $schema$.code.name_key IS 'Comparison key of the name, computed by the suite; never shown';
COMMENT ON COLUMN $schema$.code.level IS 'Level in the list, 1 at the top';
COMMENT ON COLUMN $schema$.code.kind IS 'Kind of unit; empty if the list has none';
COMMENT ON COLUMN $schema$.code.parent_code IS 'Code above, in the parent list of the version';
COMMENT ON COLUMN $schema$.code.valid_from IS 'First day; null if as long as the version';
COMMENT ON COLUMN $schema$.code.valid_to IS 'First day no longer valid; null as the version';
COMMENT ON COLUMN $schema$.code.confidence IS 'S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects';
COMMENT ON COLUMN $schema$.code.source_name IS 'File that the row was read from';
COMMENT ON COLUMN $schema$.code.attributes IS 'What only this list says of a code';
COMMENT ON COLUMN $schema$.code.amendments IS 'Later names and kinds under the same code, oldest first, with their source';
COMMENT ON COLUMN $schema$.code.withdrawn IS 'True when the source no longer lists the code; rows are never removed';
CREATE INDEX ix_code_name_key_list_code_version ON $schema$.code (name_key, list_code, version);
CREATE INDEX ix_code_parent_code_list_code_version ON $schema$.code (parent_code, list_code, version);

CREATE TABLE $schema$.code_succession (
    list_code TEXT NOT NULL,
    old_version TEXT NOT NULL,
    old_code TEXT NOT NULL,
    new_version TEXT NOT NULL,
    new_code TEXT NOT NULL,
    relation TEXT NOT NULL,
    since DATE NOT NULL,
    confidence TEXT NOT NULL,
    source_name TEXT NOT NULL,
    withdrawn BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_code_succession PRIMARY KEY (list_code, old_version, old_code, new_version, new_code),
    CONSTRAINT ck_code_succession_relation CHECK (relation IN ('whole', 'part')),
    CONSTRAINT fk_code_succession_list_code_new_version_new_code FOREIGN KEY(list_code, new_version, new_code) REFERENCES $schema$.code (list_code, version, code),
    CONSTRAINT fk_code_succession_list_code_old_version_old_code FOREIGN KEY(list_code, old_version, old_code) REFERENCES $schema$.code (list_code, version, code)
);
COMMENT ON TABLE $schema$.code_succession IS 'Which old code went, wholly or in part, into which new one';
COMMENT ON COLUMN $schema$.code_succession.list_code IS 'Name of the list';
COMMENT ON COLUMN $schema$.code_succession.old_version IS 'Version of the old code';
COMMENT ON COLUMN $schema$.code_succession.old_code IS 'The old code';
COMMENT ON COLUMN $schema$.code_succession.new_version IS 'Version of the new code';
COMMENT ON COLUMN $schema$.code_succession.new_code IS 'The new code';
COMMENT ON COLUMN $schema$.code_succession.relation IS 'whole: all of the old unit went into the new one; part: it was divided';
COMMENT ON COLUMN $schema$.code_succession.since IS 'First day of the new code';
COMMENT ON COLUMN $schema$.code_succession.confidence IS 'S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects';
COMMENT ON COLUMN $schema$.code_succession.source_name IS 'File that the row was read from';
COMMENT ON COLUMN $schema$.code_succession.withdrawn IS 'True when the source no longer says so; rows are never removed';
CREATE INDEX ix_code_succession_new_code_list_code_new_version ON $schema$.code_succession (new_code, list_code, new_version);

GRANT SELECT, INSERT, UPDATE ON $schema$.code_list, $schema$.code, $schema$.code_succession TO $schema$_service;
GRANT SELECT ON $schema$.code_list, $schema$.code, $schema$.code_succession TO $schema$_reader;
