"""What is read beside a participant: lists and values of other tables, one subquery each.

Lists come in a fixed order, so that the same state always gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, case, cast, func, select
from sqlalchemy.dialects import postgresql

from databases import statements
from databases.statements import ColumnMaker
from insurance import tables
from insurance.values import BenefitKind

PARTICIPANT = tables.participant.alias("p")
_DATE_LENGTH = {"day": 10, "month": 7, "year": 4}


def _birth(_: bool) -> ColumnElement[Any]:
    length = case(_DATE_LENGTH, value=PARTICIPANT.c.birth_precision)
    return func.left(statements.day_text(PARTICIPANT.c.birth_date), length)


def address_column(source: FromClause) -> ColumnElement[Any]:
    """Give the parts of an address."""
    names = ("street", "commune_code", "commune_version", "province_code")
    return func.json_build_array(*(source.c[name] for name in names))


def day_columns(source: FromClause) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Give the first day and the day after the last one, as messages write them."""
    lower, upper = func.lower(source.c.valid), func.upper(source.c.valid)
    return statements.day_text(lower), statements.day_text(upper)


def _listed(
    source: FromClause,
    at_change: bool,
    entry: Sequence[ColumnElement[Any]],
    order: Sequence[ColumnElement[Any]],
) -> ColumnElement[Any]:
    """List all known versions of a participant: they are its history."""
    aggregated = postgresql.aggregate_order_by(func.json_build_array(*entry), *order)
    return (
        select(func.json_agg(aggregated))
        .where(
            source.c.participant_no == PARTICIPANT.c.participant_no,
            statements.is_known(source, at_change),
        )
        .scalar_subquery()
    )


def _spells(at_change: bool) -> ColumnElement[Any]:
    source = tables.spell.alias("spell")
    rate = cast(func.trim_scale(source.c.rate), Text)
    entry = [
        source.c.scheme,
        source.c.unit_code,
        source.c.object_code,
        *day_columns(source),
        source.c.salary_amount,
        source.c.allowance_amount,
        rate,
        source.c.place_of_work,
        source.c.job,
    ]
    order = [func.lower(source.c.valid), source.c.scheme, source.c.unit_code]
    return _listed(source, at_change, entry, order)


def _contributions(at_change: bool) -> ColumnElement[Any]:
    source = tables.contribution.alias("contribution")
    entry = [source.c.scheme, source.c.unit_code, *day_columns(source), source.c.salary_amount]
    order = [func.lower(source.c.valid), source.c.scheme, source.c.unit_code]
    return _listed(source, at_change, entry, order)


def _cards(at_change: bool) -> ColumnElement[Any]:
    source = tables.health_card.alias("any_card")
    entry = [source.c.card_code, source.c.object_code, *day_columns(source), source.c.facility_code]
    order = [func.lower(source.c.valid).desc(), source.c.card_code]
    return _listed(source, at_change, entry, order)


def _benefits(at_change: bool) -> ColumnElement[Any]:
    source = tables.benefit.alias("benefit")
    entry = [
        source.c.decision_no,
        source.c.kind,
        source.c.amount,
        *day_columns(source),
        source.c.payer,
        source.c.account,
    ]
    return _listed(source, at_change, entry, [func.lower(source.c.valid), source.c.decision_no])


def _paid_out_on(at_change: bool) -> ColumnElement[Any]:
    source = tables.benefit.alias("payout")
    return (
        select(statements.day_text(func.max(func.lower(source.c.valid))))
        .where(
            source.c.participant_no == PARTICIPANT.c.participant_no,
            source.c.kind == BenefitKind.ONE_TIME.value,
            statements.is_known(source, at_change),
        )
        .scalar_subquery()
    )


def _merged_numbers(at_change: bool) -> ColumnElement[Any]:
    source = tables.book_alias.alias("merged")
    listed = postgresql.aggregate_order_by(source.c.old_no, source.c.old_no)
    return (
        select(func.json_agg(listed))
        .where(
            source.c.new_no == PARTICIPANT.c.participant_no, statements.is_known(source, at_change)
        )
        .scalar_subquery()
    )


def _household(at_change: bool) -> ColumnElement[Any]:
    own = tables.household_cover.alias("own")
    member = tables.household_cover.alias("member")
    members = (
        select(func.count())
        .where(member.c.household_no == own.c.household_no, statements.is_held(member, at_change))
        .correlate(own)
        .scalar_subquery()
    )
    return (
        select(func.json_build_array(own.c.household_no, own.c.ordinal, members))
        .where(
            own.c.participant_no == PARTICIPANT.c.participant_no, statements.is_held(own, at_change)
        )
        .scalar_subquery()
    )


DERIVED: Mapping[str, ColumnMaker] = {
    "birth": _birth,
    "died_on": lambda _: statements.day_text(PARTICIPANT.c.died_on),
    "residence": lambda _: address_column(PARTICIPANT),
    "merged_numbers": _merged_numbers,
    "cards": _cards,
    "household": _household,
    "benefits": _benefits,
    "spells": _spells,
    "contributions": _contributions,
    "paid_out_on": _paid_out_on,
}
