"""Taxpayers, their codes, duties and arrears."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from databases import identifiers
from databases.errors import FieldProblem
from finance import errors, legal
from finance.rules import amounts, nomenclature
from finance.values import Duty, Payment, Taxpayer, TaxpayerKind

_TAX_PERIOD = re.compile(r"[0-9]{4}(-(Q[1-4]|0[1-9]|1[0-2]))?", re.ASCII)
_PIN_LENGTH = 12


class DutyState(NamedTuple):
    """What is due and paid of one item and tax period."""

    amount: Decimal
    paid: Decimal
    due_on: date


def canonical_code(text: str, *, field: str = "taxpayer_code") -> str:
    """Give a tax code in its canonical form.

    Raises:
        MalformedIdentifier: neither a personal number nor an enterprise code.

    Source:
        Circular 105/2020/TT-BTC art. 5 (ten or thirteen digits); Circular 86/2024/TT-BTC (the
        personal number is the tax code of individuals from 01/07/2025 on, R-high).

    >>> canonical_code("0314409058002"), canonical_code("001190000001")
    ('0314409058-002', '001190000001')
    """
    if len(text) == _PIN_LENGTH and text.isdecimal():
        return identifiers.Pin.parse(text, field=field).number
    return str(identifiers.EnterpriseCode.parse(text, field=field))


def require_taxpayer(taxpayer: Taxpayer) -> tuple[FieldProblem, ...]:
    """Refuse a taxpayer whose codes do not fit the kind.

    Returns:
        a warning if an individual bears the personal number as tax code before it became one.

    Raises:
        MalformedIdentifier: a code does not have its form.
        IncompleteRecord: name missing, or a kind with codes of another.

    Source:
        Circular 105/2020/TT-BTC art. 5; Circular 86/2024/TT-BTC (the ten-digit personal codes
        were replaced by personal numbers on 01/07/2025, R-high).
    """
    code = canonical_code(taxpayer.taxpayer_code)
    is_individual = taxpayer.kind is TaxpayerKind.INDIVIDUAL
    problems = []
    if is_individual != (len(code) == _PIN_LENGTH):
        message = "An individual is known by the personal number, an organisation by its code."
        problems.append(FieldProblem("taxpayer_code", "taxpayer.kind", message))
    if taxpayer.former_codes and not is_individual:
        message = "Only individuals have former ten-digit codes."
        problems.append(FieldProblem("former_codes", "taxpayer.former_codes", message))
    if not taxpayer.name.strip():
        problems.append(FieldProblem("name", "name.empty", "The taxpayer's name is missing."))
    if problems:
        raise errors.IncompleteRecord("Correct the registration.", fields=problems)
    for former in taxpayer.former_codes:
        identifiers.EnterpriseCode.parse(former, field="former_codes")
    is_early = taxpayer.registered_on < legal.PIN_IS_TAX_CODE_FROM
    if is_individual and is_early and not taxpayer.former_codes:
        message = "Registered before personal numbers were tax codes: a former code is missing."
        return (FieldProblem("former_codes", "taxpayer.former_missing", message),)
    return ()


def require_duty(duty: Duty) -> tuple[FieldProblem, ...]:
    """Refuse a duty with an impossible item, period, amount or day.

    Returns:
        a warning if the item is one of expenditure.

    Raises:
        MalformedBudgetCode: item or tax period does not have its form.
        IncompleteRecord: negative, or due before it was assessed.

    Source:
        Law on Tax Administration 38/2019/QH14 arts 44, 55 (periods and days of payment; recalled,
        R-med); Circulars 324/2016/TT-BTC and 130/2025/TT-BTC (items of revenue).
    """
    doubts = _require_item_and_period(duty.item_code, duty.tax_period)
    is_possible = amounts.is_exact(duty.amount) and duty.amount >= 0
    if not is_possible or duty.due_on < duty.assessed_on:
        message = "A duty is not below zero, has two decimals at most, and is due after it is set."
        raise errors.IncompleteRecord.of_field("due_on", "duty.impossible", message)
    return doubts


def require_payment(payment: Payment) -> tuple[FieldProblem, ...]:
    """Refuse a payment of nothing or towards an impossible item or period.

    Raises:
        MalformedBudgetCode: item or tax period does not have its form.
        IncompleteRecord: the amount is not above zero.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 57 (payments name the duty they are for;
        recalled, R-med).
    """
    doubts = _require_item_and_period(payment.item_code, payment.tax_period)
    if not amounts.is_exact(payment.amount) or payment.amount <= 0:
        message = "A payment is above zero and has two decimals at most."
        raise errors.IncompleteRecord.of_field("amount", "payment.amount", message)
    return doubts


def payment_warnings(paid: Decimal, assessed: Decimal | None) -> tuple[FieldProblem, ...]:
    """Say that something was paid without, or above, a duty: it is kept and looked at.

    Args:
        paid: all payments towards the duty, with this one.
        assessed: None if no duty was assessed.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 60 (amounts paid in excess; recalled, R-high).
    """
    if assessed is None:
        message = "No duty of this item and period was assessed."
        return (FieldProblem("tax_period", "payment.no_duty", message),)
    if paid > assessed:
        return (FieldProblem("amount", "payment.excess", "More was paid than assessed."),)
    return ()


def arrears_of(duties: Iterable[DutyState], *, on: date) -> Decimal:
    """Add up what is overdue on a day; what was paid too much elsewhere is not set off.

    Source:
        Law on Tax Administration 38/2019/QH14 art. 59 (a duty is late from the day after its last
        day; recalled, R-high). Interest is not part of it.
    """
    late = (max(Decimal(0), d.amount - d.paid) for d in duties if d.due_on < on)
    return sum(late, Decimal(0))


def _require_item_and_period(item_code: str, tax_period: str) -> tuple[FieldProblem, ...]:
    nomenclature.item_of(item_code)
    if not _TAX_PERIOD.fullmatch(tax_period):
        message = "Write a tax period as 2026, 2026-Q1 or 2026-05."
        raise errors.MalformedBudgetCode.of_field("tax_period", "tax_period.shape", message)
    if nomenclature.is_expenditure_item(item_code):
        message = "This looks like an item of expenditure."
        return (FieldProblem("item_code", "item.not_revenue", message),)
    return ()
