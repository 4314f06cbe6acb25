"""Naming of constraints, and the columns and checks that tables of all registers share."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, Text

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


def text_column(name: str, comment: str, **options: Any) -> Column[str]:
    """Define a column of text."""
    return Column(name, Text, comment=comment, **options)


def one_of(column: str, kinds: Iterable[Enum], *, name: str) -> CheckConstraint:
    """Define the check that a column holds one of the values of an enumeration."""
    listed = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def digits(column: str, count: int, *, name: str) -> CheckConstraint:
    """Define the check that a column holds so many digits."""
    return CheckConstraint(f"{column} ~ '^[0-9]{{{count}}}$'", name=name)
