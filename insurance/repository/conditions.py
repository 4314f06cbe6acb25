"""Conditions of a search: which participants or employers it wants."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Date, Text, and_, bindparam

from databases.statements import ConditionMaker
from insurance import tables

FOUND = tables.participant.alias("f")
FOUND_EMPLOYER = tables.employer.alias("f")


def _born(_: bool) -> ColumnElement[bool]:
    return and_(
        FOUND.c.birth_date == bindparam("birth_date", type_=Date),
        FOUND.c.birth_precision == bindparam("birth_precision", type_=Text),
    )


def _of_enterprise(_: bool) -> ColumnElement[bool]:
    asked = bindparam("enterprise_code", type_=Text)
    return FOUND_EMPLOYER.c.enterprise_code == asked


SEARCH: Mapping[str, ConditionMaker] = {
    "name": lambda _: FOUND.c.name_key == bindparam("name", type_=Text),
    "date_of_birth": _born,
}
EMPLOYER_SEARCH: Mapping[str, ConditionMaker] = {"enterprise_code": _of_enterprise}
