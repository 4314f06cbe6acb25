"""What the law decides about spells, salaries, contribution months and the time for a pension."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from databases.errors import FieldProblem
from databases.law import LegalNumber
from databases.periods import PartialDate
from insurance import errors, legal
from insurance.values import (
    Contribution,
    Days,
    ParticipantState,
    SalaryBound,
    Scheme,
    Terms,
    is_object_code,
)

_PENSION_SCHEMES = frozenset({Scheme.COMPULSORY, Scheme.VOLUNTARY})
_MONTHS = 12


def require_alive(participant: ParticipantState, on: date) -> None:
    """Refuse an act on a participant who is dead on its day; the day of death itself is lived.

    Raises:
        ParticipantDead: the death lies before the day.

    Source:
        Civil Code 91/2015/QH13, art. 16, cl. 3: legal capacity ends with death.
    """
    if participant.died_on is not None and participant.died_on < on:
        raise errors.ParticipantDead("The participant is registered as dead before that day.")


def require_alive_throughout(participant: ParticipantState, days: Days) -> None:
    """Refuse what would go on after the death of a participant; the day of death itself is lived.

    Raises:
        ParticipantDead: the death is known, and lies before the last of the days.

    Source:
        Civil Code 91/2015/QH13, art. 16, cl. 3: legal capacity ends with death.
    """
    died_on = participant.died_on
    if died_on is not None and (days.end is None or days.end > died_on + timedelta(days=1)):
        message = "The participant is registered as dead: end it with the day after the death."
        raise errors.ParticipantDead(message)


def require_possible_death(birth: PartialDate, died_on: date, *, on: date) -> None:
    """Refuse a death before the birth or after the day of its registration.

    Raises:
        ImpossibleDeath: the days do not fit.

    Source:
        Follows from registering what has happened; no article of its own.
    """
    if died_on < birth.earliest or died_on > on:
        raise errors.ImpossibleDeath("A death lies after the birth and before its registration.")


def may_run_side_by_side(scheme: Scheme) -> bool:
    """Tell whether a person may be insured under a scheme through several units at once.

    Source:
        Law on Occupational Safety and Hygiene 84/2015/QH13 art. 43 cl. 2 (every employer insures
        against accidents); Law on Social Insurance 41/2024/QH15: other schemes once.
    """
    return scheme is Scheme.ACCIDENT


def require_no_overlap(scheme: Scheme, held: Iterable[Days], new: Days) -> None:
    """Refuse a spell on days on which the person is insured under the scheme already.

    Args:
        scheme: of the spells.
        held: spells of the person under the scheme, through any unit.
        new: the spell to be registered.

    Raises:
        SpellOverlaps: a day is shared.

    Source:
        Law on Social Insurance 41/2024/QH15 (a person has one book; article not verified); the
        exception see `may_run_side_by_side`.
    """
    if may_run_side_by_side(scheme):
        return
    if any(_share_a_day(one, new) for one in held):
        raise errors.SpellOverlaps("Close the earlier spell of this scheme first.")


def _share_a_day(one: Days, other: Days) -> bool:
    starts_before_end = one.end is None or other.start < one.end
    return starts_before_end and (other.end is None or one.start < other.end)


def list_gaps(spells: Sequence[Days]) -> tuple[Days, ...]:
    """List the days between spells of a scheme on which the person did not take part, in order.

    Source:
        Follows from recording participation by days; no article of its own.
    """
    gaps = []
    covered_to: date | None = None
    for spell in sorted(spells, key=lambda one: one.start):
        if covered_to is not None and covered_to < spell.start:
            gaps.append(Days(covered_to, spell.start))
        if spell.end is None:
            break
        covered_to = spell.end if covered_to is None else max(covered_to, spell.end)
    return tuple(gaps)


def require_salary(
    scheme: Scheme, amount: int | None, *, on: date, field: str = "salary_amount"
) -> tuple[FieldProblem, ...]:
    """Refuse a contribution salary outside the bounds of the law of the day.

    Args:
        scheme: bounds of voluntary insurance are others and are not checked; nor is the cap of
            unemployment insurance, which hangs on the minimum wage of the region.
        amount: VND a month; None where the scheme knows no salary.
        on: the first day for which it is declared.
        field: name of the input.

    Returns:
        what is outside of bounds whose number could not be verified.

    Raises:
        SalaryOutsideBounds: below the floor or above the cap, and both are certain.

    Source:
        Law on Social Insurance 41/2024/QH15 art. 31 (floor: reference level, cap: 20 times); before
        01/07/2025 58/2014/QH13 art. 89 (cap only). Unemployment: Law on Employment 38/2013/QH13
        art. 58 (20 minimum wages of the region; not held by the register).
    """
    levels = [number for number in legal.REFERENCE_LEVELS if number.holds_on(on)]
    if amount is None or scheme is Scheme.VOLUNTARY or not levels:
        return ()
    level = levels[0]
    floor, cap = legal.SALARY_FLOOR_TIMES, legal.SALARY_CAP_TIMES
    problems = []
    if floor.holds_on(on) and amount < floor.value * level.value:
        message = "The salary is below the reference level of the day."
        problems.append(FieldProblem(field, "salary.floor", message))
    has_cap = scheme is not Scheme.UNEMPLOYMENT and cap.holds_on(on)
    if has_cap and amount > cap.value * level.value:
        message = "The salary is above 20 times the reference level of the day."
        problems.append(FieldProblem(field, "salary.cap", message))
    if problems and level.may_refuse:
        raise errors.SalaryOutsideBounds("Declare a salary inside the bounds.", fields=problems)
    return tuple(problems)


def require_terms(terms: Terms) -> None:
    """Refuse terms that no spell can have.

    Raises:
        WrongTerms: `fields` lists each problem.

    Source:
        Follows from what salaries, parts of them and codes of two letters (Decision 1351/QĐ-BHXH
        art. 2) are.
    """
    checks = (
        ("salary_amount", terms.salary_amount is None or terms.salary_amount > 0),
        ("allowance_amount", (terms.allowance_amount or 0) >= 0),
        ("rate", terms.rate is None or 0 <= terms.rate <= 1),
        ("object_code", terms.object_code is None or is_object_code(terms.object_code)),
    )
    message = "No spell can have this."
    problems = [
        FieldProblem(name, "terms.impossible", message) for name, fits in checks if not fits
    ]
    if problems:
        raise errors.WrongTerms("Correct the terms of the spell.", fields=problems)


def list_salary_bounds() -> tuple[SalaryBound, ...]:
    """List the bounds that a salary is refused by, for rows that are checked all at once.

    Source:
        See `require_salary`; days on which a number is not certain have no bound.
    """
    bounds = []
    floor, cap = legal.SALARY_FLOOR_TIMES, legal.SALARY_CAP_TIMES
    for level in (one for one in legal.REFERENCE_LEVELS if one.may_refuse):
        # The floor came in the middle of a level's time.
        for start, end in itertools.pairwise(_parts(level, floor.valid_from)):
            lowest = floor.value * level.value if floor.holds_on(start) else 0
            bounds.append(SalaryBound(Days(start, end), lowest, cap.value * level.value))
    return tuple(bounds)


def _parts(level: LegalNumber[int], cut: date) -> list[date]:
    end = level.valid_to or date.max
    inside = [cut] if level.valid_from < cut < end else []
    return [level.valid_from, *inside, end]


def list_rate_warnings(
    scheme: Scheme, rate: Decimal | None, *, on: date
) -> tuple[FieldProblem, ...]:
    """List the doubts about a rate that is not that of the law of the day.

    Source:
        Law on Social Insurance 41/2024/QH15, Law on Employment, Law on Health Insurance: see
        `legal.RATES`. Groups with other rates exist, so that this never refuses.
    """
    usual = legal.RATES[scheme]
    allowed = {usual.value}
    if scheme is Scheme.ACCIDENT:
        allowed.add(legal.ACCIDENT_RATE_REDUCED.value)
    if rate is None or not usual.holds_on(on) or rate in allowed:
        return ()
    return (FieldProblem("rate", "rate.unusual", "The law of the day has another rate."),)


def require_whole_months(contribution: Contribution) -> None:
    """Refuse a contribution that is not for whole months or of nothing.

    Raises:
        WrongContribution: a bound is not the first of a month, the end is not after the start, or
            the salary is not above zero.

    Source:
        Law on Social Insurance 41/2024/QH15 (contributions are monthly; article not verified).
    """
    bounds = (contribution.first_month, contribution.end_month)
    if any(day.day != 1 for day in bounds) or bounds[0] >= bounds[1]:
        raise errors.WrongContribution.of_field(
            "first_month", "contribution.months", "Give the first day of the first and next month."
        )
    if contribution.salary_amount <= 0:
        raise errors.WrongContribution.of_field(
            "salary_amount", "contribution.salary", "A contribution is paid on a salary above zero."
        )


def count_months(contributions: Iterable[Contribution]) -> int:
    """Count the months paid; a month that was paid twice counts once.

    Source:
        Law on Social Insurance 41/2024/QH15 (time of contribution in months; article not verified).
    """
    return len(set(itertools.chain.from_iterable(map(_months_of, contributions))))


def count_pension_months(
    contributions: Iterable[Contribution], *, on: date, paid_out_on: date | None = None
) -> int:
    """Count the months that count towards a pension on a day.

    Args:
        contributions: of one person in all schemes; only those for retirement count.
        on: months that start on it or later do not count yet.
        paid_out_on: day of a one-time payment: months before it are used up.

    Source:
        Law on Social Insurance 41/2024/QH15 art. 98 (compulsory and voluntary months add up); that
        months paid out do not count follows from the one-time payment (article not verified).
    """
    last = _index(on)
    first = 0 if paid_out_on is None else _index(paid_out_on)
    months = {
        month
        for one in contributions
        if one.scheme in _PENSION_SCHEMES
        for month in _months_of(one)
    }
    return sum(first <= month < last for month in months)


def pension_months_needed(on: date) -> int | None:
    """Give the months of contribution that a pension asks for; None before the law known here.

    Source:
        Law on Social Insurance 58/2014/QH13 art. 54 (20 years), 41/2024/QH15 art. 98 (15 years from
        01/07/2025).
    """
    years = next((number.value for number in legal.PENSION_YEARS if number.holds_on(on)), None)
    return None if years is None else years * _MONTHS


def list_pension_warnings(months: int, *, on: date) -> tuple[FieldProblem, ...]:
    """List the doubts about a pension decided on the months that the register holds.

    It never refuses: months from before the register may stand in paper books only.

    Source:
        See `pension_months_needed`.
    """
    needed = pension_months_needed(on)
    if needed is None or months >= needed:
        return ()
    message = "The register holds fewer months than the law of the day asks for."
    return (FieldProblem("kind", "benefit.pension_months", message),)


def _index(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


def _months_of(contribution: Contribution) -> range:
    return range(_index(contribution.first_month), _index(contribution.end_month))
