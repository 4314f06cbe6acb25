"""Reads what the register publishes: one statement per question, only the columns it needs.

A statement is built and rendered once for each set of columns; what is read beside a participant
stands in `entries`.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Alias,
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
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from insurance import tables
from insurance.repository import conditions, entries
from insurance.values import CardForm

_p = entries.PARTICIPANT
_facility = tables.facility.alias("facility_asked")
_employer = tables.employer.alias("employer_asked")


def _card_columns(card: FromClause) -> Mapping[str, ColumnMaker]:
    """Give what is read of a participant and the card chosen for the answer."""
    first, after_last = entries.day_columns(card)
    return {
        **entries.DERIVED,
        **{
            name: functools.partial(lambda column, _: column, card.c[name])
            for name in ("card_code", "object_code", "facility_code")
        },
        "facility_name": functools.partial(_facility_name, card),
        "five_years_on": lambda _: statements.day_text(card.c.five_years_on),
        "card_from": lambda _: first,
        "card_to": lambda _: after_last,
    }


def _facility_name(card: FromClause, at_change: bool) -> ColumnElement[Any]:
    source = tables.facility.alias("facility")
    return (
        select(source.c.facility_name)
        .where(
            source.c.facility_code == card.c.facility_code, statements.is_held(source, at_change)
        )
        .scalar_subquery()
    )


def _bearer_of(key: ColumnElement[str], at_change: bool) -> ColumnElement[Any]:
    """Find whose number it is: of a card, of a person, of a book that was merged or stands."""
    card, person = tables.health_card.alias("asked_card"), tables.participant.alias("asked_person")
    alias = tables.book_alias.alias("asked_alias")
    by_card = select(card.c.participant_no).where(
        card.c.card_code == key, statements.is_known(card, at_change)
    )
    by_pin = select(person.c.participant_no).where(
        person.c.pin == key, statements.is_held(person, at_change)
    )
    by_alias = select(alias.c.new_no).where(
        alias.c.old_no == key, statements.is_known(alias, at_change)
    )
    return case(
        (func.length(key) == CardForm.GROUPED.value, by_card.limit(1).scalar_subquery()),
        (func.length(key) == CardForm.PERSONAL.value, by_pin.limit(1).scalar_subquery()),
        else_=func.coalesce(by_alias.scalar_subquery(), key),
    )


def _asked_by_key(at_change: bool) -> Select[Any]:
    given = func.unnest(statements.asked_keys()).table_valued("key", name="given").render_derived()
    return select(given.c.key, _bearer_of(given.c.key, at_change).label("participant_no"))


def _asked_by_predicates(predicates: frozenset[str], at_change: bool) -> Select[Any]:
    wanted = [conditions.SEARCH[name](at_change) for name in sorted(predicates)]
    found = statements.found_keys(conditions.FOUND, "participant_no", wanted, at_change)
    number = found.selected_columns.participant_no
    return found.with_only_columns(number.label("key"), number)


def _card_asked_for(key: ColumnElement[str], at_change: bool) -> Any:
    """Choose one card: the one asked for, else one valid on the day, else the newest."""
    source = tables.health_card.alias("any_card")
    return (
        select(source)
        .where(
            source.c.participant_no == _p.c.participant_no, statements.is_known(source, at_change)
        )
        .order_by(
            (source.c.card_code == key).desc(),
            statements.is_held(source, at_change).desc(),
            func.lower(source.c.valid).desc(),
            source.c.card_code,
        )
        .limit(literal_column("1"))
        .lateral("card")
    )


@functools.lru_cache(maxsize=1024)
def _participant_statement(
    columns: tuple[str, ...], predicates: frozenset[str] | None, at_change: bool
) -> Statement:
    asked = (
        _asked_by_key(at_change)
        if predicates is None
        else _asked_by_predicates(predicates, at_change)
    ).cte("asked")
    # OFFSET 0 keeps the planner from joining: each key is one look-up in the index.
    person = (
        select(*statements.list_columns(_p, entries.DERIVED, columns, at_change))
        .where(_p.c.participant_no == asked.c.participant_no, statements.is_held(_p, at_change))
        .correlate(asked)
        .offset(literal_column("0"))
        .lateral("person")
    )
    found = select(asked.c.key, person).select_from(asked.join(person, true()))
    return statements.render(found, head=tables.ledger.head)


@functools.lru_cache(maxsize=256)
def _eligibility_statement(columns: tuple[str, ...], at_change: bool) -> Statement:
    asked = _asked_by_key(at_change).cte("asked")
    card = _card_asked_for(asked.c.key, at_change)
    read = statements.list_columns(_p, _card_columns(card), columns, at_change)
    person = (
        select(*read)
        .select_from(_p.outerjoin(card, true()))
        .where(_p.c.participant_no == asked.c.participant_no, statements.is_held(_p, at_change))
        .correlate(asked)
        .offset(literal_column("0"))
        .lateral("person")
    )
    found = select(asked.c.key, person).select_from(asked.join(person, true()))
    return statements.render(found, head=tables.ledger.head)


@functools.lru_cache(maxsize=256)
def _body_statement(
    source: Alias, key: str, columns: tuple[str, ...], is_search: bool, at_change: bool
) -> Statement:
    keys = statements.asked_keys()
    if is_search:
        wanted = conditions.EMPLOYER_SEARCH["enterprise_code"](at_change)
        found = statements.found_keys(conditions.FOUND_EMPLOYER, key, [wanted], at_change)
        keys = func.array(found.scalar_subquery())
    derived = {"address": lambda _: entries.address_column(source)}
    read = statements.list_columns(source, derived, columns, at_change)
    bodies = (
        select(source.c[key].label("key"), *read)
        .where(and_(source.c[key] == func.any(keys), statements.is_held(source, at_change)))
        .order_by(source.c[key])
    )
    return statements.render(bodies, head=tables.ledger.head)


def read_participants(
    session: Session, numbers: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read participants by number, merged number or personal number, as of a day and a change.

    Args:
        session: reading session; one statement runs in it.
        numbers: as asked.
        columns: columns of `participant`, or names of what is read beside them, see `entries`.
        as_of: which state.

    Returns:
        rows of last change, number as asked, the columns; a single row whose number is None when
        nobody was found.
    """
    statement = _participant_statement(columns, None, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(numbers)})


def search_participants(
    session: Session,
    predicates: frozenset[str],
    parameters: Mapping[str, Any],
    columns: tuple[str, ...],
    as_of: AsOf,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Read the participants that satisfy all predicates, in order of numbers, at most `limit`."""
    statement = _participant_statement(columns, predicates, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})


def read_eligibility(
    session: Session, codes: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read participants with one card each, by card code of any form or by number."""
    statement = _eligibility_statement(columns, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(codes)})


def read_facilities(
    session: Session, codes: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read treatment facilities by code."""
    at_change = as_of.change is not None
    statement = _body_statement(_facility, "facility_code", columns, False, at_change)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(codes)})


def read_employers(
    session: Session, codes: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read employers by unit code."""
    statement = _body_statement(_employer, "unit_code", columns, False, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(codes)})


def search_employers(
    session: Session,
    predicates: frozenset[str],
    parameters: Mapping[str, Any],
    columns: tuple[str, ...],
    as_of: AsOf,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Read the units of an enterprise, in order of unit codes, at most `limit`."""
    statement = _body_statement(_employer, "unit_code", columns, True, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})
