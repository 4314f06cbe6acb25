"""Codes that a steward installed in a database, besides those of the package. SQL of the loader."""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table, inspect, select
from sqlalchemy.orm import Session

from databases import base
from databases.code_lists import tables


def code_tables(database: str) -> tables.CodeListTables:
    """Describe the code lists' tables in a database: the same shape everywhere."""
    metadata: MetaData = base.new_metadata(database)
    return tables.define_tables(metadata, database)


def iterate_codes(session: Session, code: Table) -> Iterator[tuple[str, str, str]]:
    """Give list, version and code of all that is installed and stands; none without tables."""
    if not inspect(session.connection()).has_table(code.name, schema=code.schema):
        return
    statement = select(code.c.list_code, code.c.version, code.c.code).where(~code.c.withdrawn)
    for row in session.execute(statement.execution_options(yield_per=10_000)):
        yield row.list_code, row.version, row.code
