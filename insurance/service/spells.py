"""Acts on spells of participation."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from insurance import errors, tables
from insurance.repository import rows, saving, states
from insurance.rules import health, participation
from insurance.service import acts
from insurance.values import Days, Scheme, Terms, require_unit_code

_OVERLAPS = "Close the earlier spell of this scheme first."


def register_spell(
    session: Session,
    *,
    act: Act,
    participant_no: str,
    scheme: Scheme,
    unit_code: str,
    days: Days,
    terms: Terms,
) -> Recorded:
    """Register that somebody is insured under a scheme through a unit.

    Args:
        participant_no: a number that the participant bears or bore, or the personal number.
        scheme: the scheme.
        unit_code: employer, or body that collects from who has none.
        days: of the spell.
        terms: from its first day on.

    Returns:
        the change; warnings of what the law of the day leaves open.

    Raises:
        SpellOverlaps: the participant is insured under the scheme on some of the days.
        WrongTerms: no spell can have such terms.
        SalaryOutsideBounds: below the floor or above the cap of the first day.
        ParticipantNotFound, ParticipantDead, MalformedNumber, ImpossiblePeriod: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "spell.registered")
    participant = acts.get_living(session, participant_no, days.start)
    participation.require_alive_throughout(participant, days)
    held = states.list_spell_days(session, participant.participant_no, scheme)
    participation.require_no_overlap(scheme, held, days)
    warnings = (
        *_check_terms(scheme, terms, days.start),
        *acts.list_unit_warnings(session, unit_code, days.start),
    )
    row = {
        **_key(participant.participant_no, scheme, require_unit_code(unit_code)),
        **rows.terms_columns(terms),
        "valid": periods.period(days.start, days.end),
    }
    refusal = errors.SpellOverlaps(_OVERLAPS)
    saving.add(session, tables.spell, [row], change=change, refusal=refusal)
    return Recorded(change, participant.participant_no, warnings)


def _key(participant_no: str, scheme: Scheme, unit_code: str) -> dict[str, str]:
    return {"participant_no": participant_no, "scheme": scheme.value, "unit_code": unit_code}


def _check_terms(scheme: Scheme, terms: Terms, on: date) -> tuple[FieldProblem, ...]:
    participation.require_terms(terms)
    return (
        *participation.require_salary(scheme, terms.salary_amount, on=on),
        *participation.list_rate_warnings(scheme, terms.rate, on=on),
        *health.list_object_warnings(terms.object_code),
    )


def amend_spell(
    session: Session,
    *,
    act: Act,
    participant_no: str,
    scheme: Scheme,
    unit_code: str,
    on: date,
    changes: Mapping[str, Any],
) -> Recorded:
    """Record that the terms of a spell changed from a day on, such as the salary.

    Args:
        changes: names of `values.Terms` with their new values.

    Raises:
        SpellNotFound: no spell of the scheme and unit is registered on the day.
        WrongTerms: no spell can have such terms.
        SalaryOutsideBounds: below the floor or above the cap of the day.
        IncompleteParticipant: a name is none of the terms.
        ParticipantNotFound, ParticipantDead, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "spell.amended")
    participant = acts.get_living(session, participant_no, on)
    key = _key(participant.participant_no, scheme, unit_code)
    stretch = stretches.find_stretch(session, tables.spell, key, on)
    if stretch is None:
        raise errors.SpellNotFound("No such spell holds on this day.")
    # Not beyond its end: the unit may have taken the participant on again later, on other terms.
    days = Days(on, stretch.upper)
    warnings = _write_terms(session, key, scheme, days, changes, change=change)
    return Recorded(change, participant.participant_no, warnings)


def correct_spell(
    session: Session,
    *,
    act: Act,
    participant_no: str,
    scheme: Scheme,
    unit_code: str,
    days: Days,
    changes: Mapping[str, Any],
) -> Recorded:
    """Correct terms that were recorded wrongly for some days; what is named replaces what was.

    Raises:
        SpellNotFound: no spell of the scheme and unit is registered on the first day.
        WrongTerms: no spell can have such terms.
        SalaryOutsideBounds: below the floor or above the cap of the first day.
        IncompleteParticipant: a name is none of the terms.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "spell.corrected")
    participant = states.get_participant(session, participant_no, days.start)
    key = _key(participant.participant_no, scheme, unit_code)
    warnings = _write_terms(session, key, scheme, days, changes, change=change)
    return Recorded(change, participant.participant_no, warnings)


def _write_terms(
    session: Session,
    key: Mapping[str, Any],
    scheme: Scheme,
    days: Days,
    changes: Mapping[str, Any],
    *,
    change: int,
) -> tuple[FieldProblem, ...]:
    known = {field.name for field in dataclasses.fields(Terms)}
    unknown = sorted(changes.keys() - known)
    if unknown:
        problems = [FieldProblem(n, "terms.unknown", "No such term.") for n in unknown]
        raise errors.IncompleteParticipant("Name only terms of a spell.", fields=problems)
    held = rows.terms_of(states.get_spell(session, key, days.start))
    warnings = _check_terms(scheme, dataclasses.replace(held, **changes), days.start)
    valid = periods.period(days.start, days.end)
    versions.amend(session, tables.spell, key, changes, valid=valid, change=change)
    return warnings


def close_spell(
    session: Session,
    *,
    act: Act,
    participant_no: str,
    scheme: Scheme,
    unit_code: str,
    on: date,
) -> Recorded:
    """End a spell: the day is the first on which it no longer holds.

    Raises:
        SpellNotFound: no spell of the scheme and unit holds on the day.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "spell.closed")
    participant = states.get_participant(session, participant_no, on)
    key = _key(participant.participant_no, scheme, unit_code)
    if not stretches.close_stretch(session, tables.spell, key, on=on, change=change):
        raise errors.SpellNotFound("No such spell holds on this day.")
    return Recorded(change, participant.participant_no)
