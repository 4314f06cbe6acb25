"""Reads what a person was ever recorded by: all versions, under all numbers, up to a change.

Other registers were filled from what this one said at the time: a name before it was corrected, a
card since replaced. Values come once each, those of the newest versions first.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from population import tables
from population.repository import answers, rows
from population.values import KinRole

_ANNULLED = "%.annulled"  # acts that take other acts back
_person = tables.person.alias("ever_person")
_residence = tables.residence.alias("ever_residence")
_kin = tables.kinship.alias("ever_kin")
_relative = tables.person.alias("relative")


def _was_recorded(source: FromClause, at_change: bool) -> ColumnElement[bool]:
    """Select the versions that were recorded by then, those that were ended among them.

    What was annulled was never the person's: it may be somebody else's, merged by mistake.
    """
    ending = tables.ledger.change.alias("ending")
    annulled = [ending.c.change_id == source.c.to_change, ending.c.act.like(_ANNULLED)]
    if not at_change:
        return ~exists().where(*annulled)
    change = bindparam("change", type_=BigInteger)
    return and_(
        source.c.from_change <= change, ~exists().where(*annulled, ending.c.change_id <= change)
    )


@functools.cache
def _asked(at_change: bool) -> Any:
    """Give each key with the number borne now, and with all numbers, the present one first."""
    given = func.unnest(statements.asked_keys()).table_valued("key", name="given").render_derived()
    alias, former = tables.pin_alias.alias("alias"), tables.pin_alias.alias("former")
    bearer = func.coalesce(alias.c.new_pin, given.c.key)
    numbers = (
        select(func.array_agg(aggregate_order_by(former.c.old_pin, former.c.from_change.desc())))
        .where(former.c.new_pin == bearer, statements.is_known(former, at_change))
        .scalar_subquery()
    )
    is_alias = and_(alias.c.old_pin == given.c.key, statements.is_known(alias, at_change))
    return (
        select(
            given.c.key.label("key"),
            bearer.label("pin"),
            func.array_prepend(bearer, numbers).label("pins"),
        )
        .select_from(given.outerjoin(alias, is_alias))
        .cte("asked")
    )


def _ever(
    source: FromClause,
    value: ColumnElement[Any],
    at_change: bool,
    *conditions: ColumnElement[bool],
    joined: FromClause | None = None,
) -> ColumnElement[Any]:
    """List the values of all versions of a person, each once."""
    asked = _asked(at_change)
    is_own = source.c.pin == func.any(asked.c.pins)
    ever = (
        select(
            func.to_jsonb(value).label("value"),
            func.max(source.c.from_change).label("recorded"),
            func.max(func.lower(source.c.valid, type_=Date)).label("began"),
        )
        .select_from(source if joined is None else joined)
        .where(is_own, _was_recorded(source, at_change), value.is_not(None), *conditions)
        .group_by(func.to_jsonb(value))
        .correlate(asked)
        .lateral("ever")
    )
    newest_first = aggregate_order_by(
        ever.c.value, ever.c.recorded.desc(), ever.c.began.desc().nulls_last(), ever.c.value
    )
    return select(func.jsonb_agg(newest_first)).select_from(ever).scalar_subquery()


def _kin_names(role: KinRole, at_change: bool) -> ColumnElement[Any]:
    is_relative = and_(
        _relative.c.pin == _kin.c.relative_pin, statements.is_held(_relative, at_change)
    )
    name = func.coalesce(_relative.c.full_name, _kin.c.relative_full_name)
    joined = _kin.outerjoin(_relative, is_relative)
    return _ever(_kin, name, at_change, _kin.c.role == role.value, joined=joined)


def _own(column: ColumnElement[Any]) -> ColumnMaker:
    return lambda at_change: _ever(_person, column, at_change)


_COLUMNS: Mapping[str, ColumnMaker] = {
    "pin": lambda at_change: _asked(at_change).c.pin,
    "pins": lambda at_change: _asked(at_change).c.pins,
    "names": _own(_person.c.full_name),
    "other_names": _own(_person.c.other_name),
    "births": _own(answers.partial_text(_person.c.birth_date, _person.c.birth_precision)),
    "sexes": _own(_person.c.sex),
    "old_cards": _own(_person.c.old_id_9),
    "telephones": _own(_person.c.mobile_no),
    "residences": lambda at_change: _ever(
        _residence,
        func.jsonb_build_array(*(_residence.c[part] for part in rows.ADDRESS_PARTS)),
        at_change,
    ),
    "fathers": functools.partial(_kin_names, KinRole.FATHER),
    "mothers": functools.partial(_kin_names, KinRole.MOTHER),
    "spouses": functools.partial(_kin_names, KinRole.SPOUSE),
}


@functools.lru_cache(maxsize=256)
def _statement(columns: tuple[str, ...], at_change: bool) -> Statement:
    asked = _asked(at_change)
    person = tables.person.alias("somebody")
    # OFFSET 0 keeps the planner from joining with all persons, see `answers`.
    somebody = (
        select(person.c.pin)
        .where(person.c.pin == asked.c.pin, statements.is_held(person, at_change))
        .correlate(asked)
        .offset(literal_column("0"))
        .lateral("held")
    )
    columns_of = [_COLUMNS[name](at_change).label("ever_" + name) for name in columns]
    found = select(asked.c.key, *columns_of).select_from(asked.join(somebody, true()))
    return statements.render(found, head=tables.ledger.head)


def read_identity_histories(
    session: Session, pins: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read what persons were ever recorded by, by number, present or cancelled.

    Args:
        session: reading session; one statement runs in it.
        pins: numbers as asked.
        columns: names of `_COLUMNS`.
        as_of: the person must be in the register on its day; what was recorded after its change
            is left out.

    Returns:
        rows as of `answers.read_persons`; a list without values is None.
    """
    statement = _statement(columns, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(pins)})
