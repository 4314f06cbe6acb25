"""What the law decides about health insurance: levels, cards, households, consecutive cover."""

import calendar
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from databases import periods
from databases.errors import FieldProblem
from databases.law import LegalNumber
from insurance import errors, legal
from insurance.values import (
    CardCode,
    CardForm,
    Days,
    ParticipantState,
    Payer,
    is_object_code,
)

_MONTHS = 12


def find_benefit_level(object_code: str, *, on: date) -> LegalNumber[int] | None:
    """Find the benefit level of a group on a day; None for a group or day the law leaves open.

    Source:
        Decision 1351/QĐ-BHXH art. 2; near-poor 3 to 2 and social pensioners 4 to 2 from 01/01/2026:
        Resolution 261/2025/QH15, letter 38/BYT-BH.
    """
    levels = legal.BENEFIT_LEVELS.get(object_code, ())
    return next((number for number in levels if number.holds_on(on)), None)


def benefit_percentage(level: int) -> int:
    """Give the part of the costs that the fund pays at a level, in percent.

    Source:
        Law on Health Insurance 25/2008/QH12 art. 22 as amended by Law 46/2014/QH13.
    """
    return legal.LEVEL_PERCENTAGES[level].value


def find_payer(object_code: str) -> Payer | None:
    """Find who pays the premium of a group; None for a group that is not known.

    Source:
        Law on Health Insurance 25/2008/QH12 art. 12; codes by Decision 1351/QĐ-BHXH.
    """
    return legal.PAYERS.get(object_code)


def list_object_warnings(object_code: str | None) -> tuple[FieldProblem, ...]:
    """List the doubts about a group's code: the list known here is a third party's.

    Source:
        Decision 1351/QĐ-BHXH art. 2 and its later amendments, read in secondary sources only.
    """
    if object_code is None or object_code in legal.PAYERS:
        return ()
    message = "The group is not in the list known here; its benefit level cannot be computed."
    return (FieldProblem("object_code", "object_code.unknown", message),)


def require_card_fits(card: CardCode, participant: ParticipantState, object_code: str) -> None:
    """Refuse a card whose code is not the holder's number or names another group.

    Raises:
        WrongTerms: the group has not two letters.
        CardContradictsParticipant: `fields` says which part.

    Source:
        Decision 1351/QĐ-BHXH art. 2; Decision 1666/QĐ-BHXH; Decree 188/2025/NĐ-CP: the code holds
        the social insurance number, or is the personal number.
    """
    if not is_object_code(object_code):
        message = "A group has two capital letters."
        raise errors.WrongTerms.of_field("object_code", "object_code.shape", message)
    is_personal = card.form is CardForm.PERSONAL
    fits = card.number == participant.pin if is_personal else card.number in participant.numbers
    problems = []
    if not fits:
        message = "The code does not hold a number of the participant."
        problems.append(FieldProblem("card_code", "card_code.other_number", message))
    if card.object_code not in (None, object_code):
        message = "The code names another group."
        problems.append(FieldProblem("object_code", "card_code.other_group", message))
    if problems:
        raise errors.CardContradictsParticipant("Check the card and its holder.", fields=problems)


def require_form_issued(form: CardForm, *, issued_on: date) -> None:
    """Refuse a card issued in a form that was not, or no longer, issued on the day.

    Raises:
        CardFormNotIssued: see there.

    Source:
        Decision 1666/QĐ-BHXH (10 digits from 01/04/2021); Decree 188/2025/NĐ-CP (12 digits from
        15/08/2025). Cards issued before stay valid.
    """
    start, end = legal.CARD_FORMS_ISSUED[form]
    if (start is not None and issued_on < start) or (end is not None and issued_on >= end):
        raise errors.CardFormNotIssued("No card of this form was issued on that day.")


def is_card_valid(valid: Days, *, died_on: date | None, on: date) -> bool:
    """Tell whether a card is valid on a day: inside its days, its holder not dead before.

    Source:
        Law on Health Insurance 25/2008/QH12 art. 16.
    """
    is_inside = valid.start <= on and (valid.end is None or on < valid.end)
    return is_inside and (died_on is None or on <= died_on)


def find_five_years_day(cover: Sequence[Days], *, on: date) -> date | None:
    """Find the day on which five consecutive years of cover are, or will be, complete.

    Args:
        cover: days of health cover of any kind, in any order.
        on: cover that starts later is left out.

    Returns:
        the day if cover goes on as it does; None without cover, or after a break that ended it.

    Source:
        Law on Health Insurance art. 22 cl. 1 pt. c as amended by Law 46/2014/QH13; a break of at
        most three months does not count: Decree 146/2018/NĐ-CP art. 12 cl. 5.
    """
    start: date | None = None
    covered_to: date | None = None
    for spell in sorted((one for one in cover if one.start <= on), key=lambda one: one.start):
        if covered_to is not None and spell.start > _may_pause_to(covered_to):
            start = None
        start = start or spell.start
        if spell.end is None:
            covered_to = None
            break
        covered_to = spell.end if covered_to is None else max(covered_to, spell.end)
    is_over = covered_to is not None and on > _may_pause_to(covered_to)
    if start is None or is_over:
        return None
    return periods.anniversary(start, legal.CONSECUTIVE_YEARS.value)


def _may_pause_to(day: date) -> date:
    """Give the last day on which cover that ended on a day may be taken up again."""
    months = day.year * _MONTHS + day.month - 1 + legal.CONSECUTIVE_GAP_MONTHS.value
    year, month = divmod(months, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def require_members(participant_nos: Sequence[str]) -> None:
    """Refuse a household without members, or one that names a person twice.

    Raises:
        WrongHousehold: see there.

    Source:
        Law on Health Insurance 25/2008/QH12 art. 12 cl. 5 as amended by Law 46/2014/QH13.
    """
    if not participant_nos or len(set(participant_nos)) != len(participant_nos):
        raise errors.WrongHousehold("Name each member of the household once.")


def household_part(ordinal: int) -> Decimal:
    """Give the part of the first member's premium that the member of a position pays.

    Args:
        ordinal: position in the household, from 1; all after the fifth pay as the fifth.

    Source:
        Decree 146/2018/NĐ-CP art. 7; kept by Decree 188/2025/NĐ-CP.
    """
    parts = legal.HOUSEHOLD_PARTS
    return parts[min(ordinal, len(parts)) - 1].value


def find_household_premium(ordinal: int, *, on: date) -> int | None:
    """Find the monthly premium of a member in whole VND, half rounded up; None without a base.

    Source:
        Law on Health Insurance 25/2008/QH12 art. 13; Decree 146/2018/NĐ-CP art. 7.
    """
    base = next((number for number in legal.REFERENCE_LEVELS if number.holds_on(on)), None)
    if base is None or not legal.HOUSEHOLD_RATE.holds_on(on):
        return None
    exact = base.value * legal.HOUSEHOLD_RATE.value * household_part(ordinal)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
