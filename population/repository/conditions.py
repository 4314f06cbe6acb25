"""Conditions of a search: which persons it wants."""

import functools
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Date, Text, and_, bindparam, case, literal_column, select

from databases import statements
from databases.statements import ConditionMaker
from population import tables, values

FOUND = tables.person.alias("f")


def _lives_in(place: str, at_change: bool) -> ColumnElement[bool]:
    lived = tables.residence.alias("lived")
    return (
        select(literal_column("1"))
        .where(
            lived.c.pin == FOUND.c.pin,
            lived.c.kind == values.ResidenceKind.PERMANENT.value,
            lived.c[place + "_code"] == bindparam(place, type_=Text),
            lived.c.commune_version == bindparam(place + "_version", type_=Text),
            statements.is_held(lived, at_change),
        )
        .exists()
    )


def _may_be_born(_: bool) -> ColumnElement[bool]:
    """Compare dates that may be known to the month or year only: they could be the same day."""
    span = case(
        {
            "day": literal_column("interval '0'"),
            "month": literal_column("interval '1 month -1 day'"),
        },
        value=FOUND.c.birth_precision,
        else_=literal_column("interval '1 year -1 day'"),
    )
    return and_(
        FOUND.c.birth_date.between(
            bindparam("birth_from", type_=Date), bindparam("birth_latest", type_=Date)
        ),
        FOUND.c.birth_date + span >= bindparam("birth_earliest", type_=Date),
    )


SEARCH: Mapping[str, ConditionMaker] = {
    "name": lambda _: FOUND.c.name_key == bindparam("name", type_=Text),
    "name_similar": lambda _: FOUND.c.name_key.op("%", is_comparison=True)(
        bindparam("name_similar", type_=Text)
    ),
    "date_of_birth": _may_be_born,
    "sex": lambda _: FOUND.c.sex == bindparam("sex", type_=Text),
    "old_id_9": lambda _: FOUND.c.old_id_9 == bindparam("old_id_9", type_=Text),
    "commune": functools.partial(_lives_in, "commune"),
    "province": functools.partial(_lives_in, "province"),
}
