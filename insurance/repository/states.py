"""Reads what the rules need to know; current knowledge, inside the writing transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from databases.changes import versions
from insurance import errors, tables
from insurance.repository import rows
from insurance.values import (
    BenefitKind,
    CardForm,
    Contribution,
    Days,
    ParticipantState,
    Scheme,
    require_participant_no,
)


def find_present_no(session: Session, number: str) -> str | None:
    """Find the participant that bears a number now: a number, a merged one or a personal number."""
    if len(number) == CardForm.PERSONAL:
        return _find_by_pin(session, number)
    merged = _find_merged_into(session, number)
    if merged is not None:
        return merged
    participant = tables.participant
    known = select(participant.c.participant_no).where(
        participant.c.participant_no == number, participant.c.to_change.is_(None)
    )
    return session.execute(known.limit(1)).scalar_one_or_none()


def _find_merged_into(session: Session, number: str) -> str | None:
    alias = tables.book_alias
    into = select(alias.c.new_no).where(alias.c.old_no == number, alias.c.to_change.is_(None))
    found: str | None = session.execute(into).scalar_one_or_none()
    return found


def is_number_merged(session: Session, number: str) -> bool:
    """Tell whether the book of a number was merged into another."""
    return _find_merged_into(session, number) is not None


def _find_by_pin(session: Session, pin: str) -> str | None:
    participant = tables.participant
    known = select(participant.c.participant_no).where(
        participant.c.pin == pin, participant.c.to_change.is_(None)
    )
    return session.execute(known.limit(1)).scalar_one_or_none()


def get_participant(session: Session, number: str, on: date) -> ParticipantState:
    """Get what the rules need to know of a participant on a day.

    Raises:
        MalformedNumber: neither a social insurance number nor a personal number.
        ParticipantNotFound: nobody bears the number on the day.
    """
    present = find_present_no(session, require_participant_no(number))
    key = {"participant_no": present}
    row = versions.find_on(session, tables.participant, key, on) if present else None
    if row is None:
        raise errors.ParticipantNotFound("No participant has this number on this day.")
    own = row["social_insurance_no"]
    return ParticipantState(
        participant_no=row["participant_no"],
        pin=row["pin"],
        numbers=frozenset([*_merged_numbers(session, row["participant_no"]), *([own] * bool(own))]),
        birth=rows.birth_of(row),
        died_on=row["died_on"],
    )


def _merged_numbers(session: Session, participant_no: str) -> list[str]:
    alias = tables.book_alias
    statement = select(alias.c.old_no).where(
        alias.c.new_no == participant_no, alias.c.to_change.is_(None)
    )
    return list(session.execute(statement).scalars())


def list_spell_days(session: Session, participant_no: str, scheme: Scheme) -> list[Days]:
    """List the days of the spells of a participant under a scheme, through any unit."""
    key = {"participant_no": participant_no, "scheme": scheme.value}
    return [rows.days_of(row) for row in versions.list_current(session, tables.spell, key)]


def get_spell(session: Session, key: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Get the version of a spell that holds on a day.

    Raises:
        SpellNotFound: there is none.
    """
    row = versions.find_on(session, tables.spell, key, on)
    if row is None:
        raise errors.SpellNotFound("No spell of this scheme and unit is registered on this day.")
    return row


def list_cover_days(session: Session, participant_no: str) -> list[Days]:
    """List the days of health cover of any kind."""
    key = {"participant_no": participant_no}
    covers = versions.list_current(session, tables.household_cover, key)
    return [
        *list_spell_days(session, participant_no, Scheme.HEALTH),
        *(rows.days_of(row) for row in covers),
    ]


def list_contributions(session: Session, participant_no: str) -> list[Contribution]:
    """List the months paid of a participant."""
    key = {"participant_no": participant_no}
    found = versions.list_current(session, tables.contribution, key)
    return [rows.contribution_of(row) for row in found]


def find_payout_day(session: Session, participant_no: str) -> date | None:
    """Find the day of the last one-time payment."""
    benefit = tables.benefit
    statement = select(func.max(func.lower(benefit.c.valid))).where(
        benefit.c.participant_no == participant_no,
        benefit.c.kind == BenefitKind.ONE_TIME.value,
        benefit.c.to_change.is_(None),
    )
    return session.execute(statement).scalar_one_or_none()


def is_employer_known(session: Session, unit_code: str, on: date) -> bool:
    """Tell whether an employer of this code is registered on a day."""
    return versions.find_on(session, tables.employer, {"unit_code": unit_code}, on) is not None


def is_facility_known(session: Session, facility_code: str, on: date) -> bool:
    """Tell whether a facility of this code is registered on a day."""
    key = {"facility_code": facility_code}
    return versions.find_on(session, tables.facility, key, on) is not None
