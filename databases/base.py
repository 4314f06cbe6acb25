"""Naming of constraints and the column types that registers share."""

from sqlalchemy import MetaData

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "ex": "ex_%(table_name)s_%(constraint_name)s",
}


def new_metadata(schema: str) -> MetaData:
    """Make the metadata of one register: its schema bears the register's name."""
    return MetaData(schema=schema, naming_convention=NAMING_CONVENTION)
