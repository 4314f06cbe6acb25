"""Codes that a steward installed in a database, besides those of the package. SQL of the loader."""

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from databases import base
from databases.code_lists import tables


def code_tables(database: str) -> tables.CodeListTables:
    """Describe the code lists' tables in a database: the same shape everywhere."""
    return tables.define_tables(base.new_metadata(database), database)


def list_codes(session: Session, code: Table) -> list[tuple[str, str, str]]:
    """List all that is installed and not withdrawn, by list, version and code."""
    statement = select(code.c.list_code, code.c.version, code.c.code).where(~code.c.withdrawn)
    return [(row.list_code, row.version, row.code) for row in session.execute(statement)]
