"""The code lists as tables of one shared shape, defined in the schema of every database."""

from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

_CONFIDENCE = "S, R-high, R-med or R-low: how well the fact is known; R-low warns, never rejects"


@dataclass(frozen=True)
class CodeListTables:
    """The three tables of the code lists in one database."""

    code_list: Table
    code: Table
    code_succession: Table


def define_tables(metadata: MetaData, schema: str | None = None) -> CodeListTables:
    """Define the code-list tables.

    Args:
        metadata: metadata of the register.
        schema: schema of the tables; None for that of the metadata.
    """
    return CodeListTables(
        code_list=_define_code_list(metadata, schema),
        code=_define_code(metadata, schema),
        code_succession=_define_succession(metadata, schema),
    )


def _define_code_list(metadata: MetaData, schema: str | None) -> Table:
    return Table(
        "code_list",
        metadata,
        Column("list_code", Text, primary_key=True, comment="Name of the list"),
        Column("version", Text, primary_key=True, comment="Version, named after its instrument"),
        Column("title_vi", Text, nullable=False, comment="Vietnamese title"),
        Column("title_en", Text, nullable=False, comment="English title"),
        Column("instrument", Text, nullable=False, comment="Act or standard that decided it"),
        Column("confidence", Text, nullable=False, comment=_CONFIDENCE),
        Column("valid_from", Date, comment="First day in force; null if the standard is undated"),
        Column("valid_to", Date, comment="First day no longer in force; null while in force"),
        Column("parent_list", Text, comment="List that parent codes of this version point into"),
        Column("parent_version", Text, comment="Version of the parent list"),
        Column(
            "sources",
            JSONB,
            nullable=False,
            comment="Files it was read from: publisher, publisher version, file name, SHA-256",
        ),
        Column(
            "content_sha256",
            Text,
            nullable=False,
            comment="SHA-256 over the description, codes and successions as installed",
        ),
        Column(
            "earlier_content_sha256",
            ARRAY(Text),
            nullable=False,
            server_default=text("'{}'"),
            comment="Hashes of earlier contents, oldest first",
        ),
        CheckConstraint("valid_from < valid_to", name="period"),
        schema=schema,
        comment="Versions of the code lists and where their content was read from",
    )


def _define_code(metadata: MetaData, schema: str | None) -> Table:
    prefix = f"{schema or metadata.schema}." if schema or metadata.schema else ""
    return Table(
        "code",
        metadata,
        Column("list_code", Text, primary_key=True, comment="Name of the list"),
        Column("version", Text, primary_key=True, comment="Version of the list"),
        Column("code", Text, primary_key=True, comment="The code with its leading zeros"),
        Column("name", Text, nullable=False, comment="Name as the version first had it"),
        Column(
            "name_key",
            Text,
            nullable=False,
            comment="Comparison key of the name, computed by the suite; never shown",
        ),
        Column("level", SmallInteger, nullable=False, comment="Level in the list, 1 at the top"),
        Column("kind", Text, nullable=False, comment="Kind of unit; empty if the list has none"),
        Column("parent_code", Text, comment="Code above, in the parent list of the version"),
        Column("valid_from", Date, comment="First day; null if as long as the version"),
        Column("valid_to", Date, comment="First day no longer valid; null as the version"),
        Column("confidence", Text, nullable=False, comment=_CONFIDENCE),
        Column("source_name", Text, nullable=False, comment="File that the row was read from"),
        Column("attributes", JSONB, nullable=False, comment="What only this list says of a code"),
        Column(
            "amendments",
            JSONB,
            nullable=False,
            comment="Later names and kinds under the same code, oldest first, with their source",
        ),
        Column(
            "withdrawn",
            Boolean,
            nullable=False,
            server_default=text("false"),
            comment="True when the source no longer lists the code; rows are never removed",
        ),
        ForeignKeyConstraint(
            ["list_code", "version"],
            [f"{prefix}code_list.list_code", f"{prefix}code_list.version"],
        ),
        CheckConstraint("level > 0", name="level"),
        CheckConstraint("valid_from < valid_to", name="period"),
        # The list comes last: an index that begins like the primary key is mistaken for it by the
        # foreign keys' checks while a fresh table has no statistics (25 s instead of one).
        Index(None, "parent_code", "list_code", "version"),
        Index(None, "name_key", "list_code", "version"),
        schema=schema,
        comment="Codes; a code is identified by list, version and code together",
    )


def _define_succession(metadata: MetaData, schema: str | None) -> Table:
    prefix = f"{schema or metadata.schema}." if schema or metadata.schema else ""
    target = [f"{prefix}code.{name}" for name in ("list_code", "version", "code")]
    return Table(
        "code_succession",
        metadata,
        Column("list_code", Text, primary_key=True, comment="Name of the list"),
        Column("old_version", Text, primary_key=True, comment="Version of the old code"),
        Column("old_code", Text, primary_key=True, comment="The old code"),
        Column("new_version", Text, primary_key=True, comment="Version of the new code"),
        Column("new_code", Text, primary_key=True, comment="The new code"),
        Column(
            "relation",
            Text,
            nullable=False,
            comment="whole: all of the old unit went into the new one; part: it was divided",
        ),
        Column("since", Date, nullable=False, comment="First day of the new code"),
        Column("confidence", Text, nullable=False, comment=_CONFIDENCE),
        Column("source_name", Text, nullable=False, comment="File that the row was read from"),
        Column(
            "withdrawn",
            Boolean,
            nullable=False,
            server_default=text("false"),
            comment="True when the source no longer says so; rows are never removed",
        ),
        ForeignKeyConstraint(["list_code", "old_version", "old_code"], target),
        ForeignKeyConstraint(["list_code", "new_version", "new_code"], target),
        CheckConstraint("relation IN ('whole', 'part')", name="relation"),
        Index(None, "new_code", "list_code", "new_version"),
        schema=schema,
        comment="Which old code went, wholly or in part, into which new one",
    )
