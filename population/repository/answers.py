"""Reads what the register publishes: one statement per question, only the columns it needs.

A statement is built and rendered once for each set of columns; what is read for lists (relations,
household) comes as correlated subqueries, so that planning stays linear in what is asked and every
row is found through the index of current versions.
"""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from population import tables, values
from population.repository import conditions, rows

_p = tables.person.alias("p")
_DATE_LENGTH = {"day": 10, "month": 7, "year": 4}


def partial_text(day: ColumnElement[date], precision: ColumnElement[str]) -> ColumnElement[str]:
    """Write a day as far as it is known: YYYY-MM-DD, YYYY-MM or YYYY."""
    length = case(_DATE_LENGTH, value=precision)
    return func.left(statements.day_text(day), length)


def _place(source: FromClause, prefix: str = "") -> ColumnElement[Any]:
    return func.json_build_array(*(source.c[prefix + part] for part in rows.ADDRESS_PARTS))


def _residence(kind: values.ResidenceKind, at_change: bool) -> ColumnElement[Any]:
    source = tables.residence.alias("r_" + kind.value)
    return (
        select(_place(source))
        .where(
            source.c.pin == _p.c.pin,
            source.c.kind == kind.value,
            statements.is_held(source, at_change),
        )
        .scalar_subquery()
    )


def _id_card(at_change: bool) -> ColumnElement[Any]:
    source = tables.identity_card.alias("card")
    parts = func.json_build_array(
        source.c.card_type,
        statements.day_text(source.c.issued_on),
        source.c.issued_by,
        statements.day_text(source.c.expires_on),
    )
    return (
        select(parts)
        .where(source.c.pin == _p.c.pin, statements.is_held(source, at_change))
        .scalar_subquery()
    )


def _name_parts(source: FromClause) -> list[ColumnElement[str]]:
    return [source.c[part] for part in ("full_name", "family_name", "middle_name", "given_name")]


def _relations(at_change: bool) -> ColumnElement[Any]:
    kin = tables.kinship.alias("kin")
    relative = tables.person.alias("relative")
    entry = func.json_build_array(
        kin.c.role,
        func.coalesce(relative.c.full_name, kin.c.relative_full_name),
        *_name_parts(relative)[1:],
        kin.c.relative_pin,
        func.coalesce(relative.c.old_id_9, kin.c.relative_old_id_9),
        func.coalesce(
            relative.c.nationality_codes,
            func.array_remove(postgresql.array([kin.c.relative_nationality_code]), None),
        ),
    )
    joined = kin.outerjoin(
        relative,
        and_(relative.c.pin == kin.c.relative_pin, statements.is_held(relative, at_change)),
    )
    return (
        select(func.json_agg(postgresql.aggregate_order_by(entry, kin.c.role, kin.c.ordinal)))
        .select_from(joined)
        .where(kin.c.pin == _p.c.pin, statements.is_held(kin, at_change))
        .scalar_subquery()
    )


def _relation_to_head(at_change: bool) -> ColumnElement[Any]:
    own = tables.household_member.alias("own_role")
    return (
        select(own.c.relation_to_head)
        .where(own.c.pin == _p.c.pin, statements.is_held(own, at_change))
        .scalar_subquery()
    )


def _household(at_change: bool) -> ColumnElement[Any]:
    own = tables.household_member.alias("own")
    member = tables.household_member.alias("member")
    human = tables.person.alias("human")
    entry = func.json_build_array(
        member.c.household_id,
        member.c.relation_to_head,
        *_name_parts(human),
        member.c.pin,
        human.c.old_id_9,
    )
    joined = own.join(
        member,
        and_(member.c.household_id == own.c.household_id, statements.is_held(member, at_change)),
    ).join(human, and_(human.c.pin == member.c.pin, statements.is_held(human, at_change)))
    return (
        select(
            func.json_agg(postgresql.aggregate_order_by(entry, human.c.birth_date, member.c.pin))
        )
        .select_from(joined)
        .where(own.c.pin == _p.c.pin, statements.is_held(own, at_change))
        .scalar_subquery()
    )


_DERIVED: Mapping[str, ColumnMaker] = {
    "birth": lambda _: partial_text(_p.c.birth_date, _p.c.birth_precision),
    "loss": lambda _: partial_text(_p.c.loss_date, _p.c.loss_precision),
    **{
        place: functools.partial(lambda name, _: _place(_p, name + "_"), place)
        for place in tables.PLACES
    },
    **{
        kind.value + "_residence": functools.partial(_residence, kind)
        for kind in values.ResidenceKind
    },
    "id_card": _id_card,
    "relations": _relations,
    "relation_to_head": _relation_to_head,
    "household": _household,
}


def _asked_by_key(at_change: bool) -> Select[Any]:
    given = func.unnest(statements.asked_keys()).table_valued("key", name="given").render_derived()
    alias = tables.pin_alias.alias("alias")
    return select(
        given.c.key.label("key"), func.coalesce(alias.c.new_pin, given.c.key).label("pin")
    ).select_from(
        given.outerjoin(
            alias, and_(alias.c.old_pin == given.c.key, statements.is_known(alias, at_change))
        )
    )


def _asked_by_predicates(predicates: frozenset[str], at_change: bool) -> Select[Any]:
    wanted = [conditions.SEARCH[name](at_change) for name in sorted(predicates)]
    found = statements.found_keys(conditions.FOUND, "pin", wanted, at_change)
    pin = found.selected_columns.pin
    return found.with_only_columns(pin.label("key"), pin)


@functools.lru_cache(maxsize=1024)
def _statement(
    columns: tuple[str, ...], predicates: frozenset[str] | None, at_change: bool
) -> Statement:
    asked = (
        _asked_by_key(at_change)
        if predicates is None
        else _asked_by_predicates(predicates, at_change)
    ).cte("asked")
    # OFFSET 0 keeps the planner from joining: each key is one look-up in the index, be there one or
    # a thousand; a hash join over all persons was five times slower at a thousand keys.
    person = (
        select(*statements.list_columns(_p, _DERIVED, columns, at_change))
        .where(_p.c.pin == asked.c.pin, statements.is_held(_p, at_change))
        .correlate(asked)
        .offset(literal_column("0"))
        .lateral("person")
    )
    found = select(asked.c.key, person).select_from(asked.join(person, true()))
    return statements.render(found, head=tables.ledger.head)


def read_persons(
    session: Session, pins: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read persons by number, present or cancelled, as of a day and a change.

    Args:
        session: reading session; one statement runs in it.
        pins: numbers as asked.
        columns: columns of `person`, or names of what is read beside them, see `_DERIVED`.
        as_of: which state.

    Returns:
        rows of last change, number as asked, the columns; a single row whose number is None when
        nobody was found.
    """
    statement = _statement(columns, None, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(pins)})


def search_persons(
    session: Session,
    predicates: frozenset[str],
    parameters: Mapping[str, Any],
    columns: tuple[str, ...],
    as_of: AsOf,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Read the persons that satisfy all predicates, in order of their numbers, at most `limit`.

    Returns:
        rows as of `read_persons`, under their present numbers.
    """
    statement = _statement(columns, predicates, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})
