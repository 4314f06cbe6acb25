"""Taxpayers, duties and payments."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from finance import errors, tables, values
from finance.repository import rows, states
from finance.rules import taxes as rules
from finance.service import acts


def register_taxpayer(session: Session, *, act: Act, taxpayer: values.Taxpayer) -> Recorded:
    """Register a taxpayer, with the former codes of an individual.

    Raises:
        MalformedIdentifier, IncompleteRecord: the registration breaks a rule.
        TaxpayerAlreadyRegistered: the code, or a former one, was given before.
    """
    warnings = rules.require_taxpayer(taxpayer)
    code = rules.canonical_code(taxpayer.taxpayer_code)
    change = ledger.open_act(session, tables.ledger, act, "taxpayer.registered")
    former_codes = [rules.canonical_code(former) for former in taxpayer.former_codes]
    if any(states.was_tax_code_given(session, one) for one in (code, *former_codes)):
        message = "This code, or a former code, belongs to a taxpayer already."
        raise errors.TaxpayerAlreadyRegistered(message)
    valid = periods.period(taxpayer.registered_on)
    row = {**rows.taxpayer_columns(taxpayer), "taxpayer_code": code, "valid": valid}
    aliases = [
        {"former_code": former, "taxpayer_code": code, "valid": valid} for former in former_codes
    ]
    versions.add(session, tables.taxpayer, [row], change=change)
    versions.add(session, tables.taxpayer_alias, aliases, change=change)
    return Recorded(change, code, warnings)


def correct_taxpayer(
    session: Session,
    *,
    act: Act,
    taxpayer_code: str,
    valid_from: date,
    valid_to: date | None,
    changes: Mapping[str, Any],
) -> Recorded:
    """Correct what was recorded wrongly of a taxpayer for the days of a half-open period.

    Raises:
        TaxpayerNotFound: no taxpayer of this code is registered on the first day.
        IncompleteRecord: the result breaks a rule, or a code would change.
    """
    change = ledger.open_act(session, tables.ledger, act, "taxpayer.corrected")
    code = _get_code(session, taxpayer_code, on=valid_from)
    key = {"taxpayer_code": code}
    fixed = ("taxpayer_code", "kind", "registered_on", "former_codes")
    valid = periods.period(valid_from, valid_to)
    replaced = acts.list_replaced(
        session, tables.taxpayer, key, changes, valid=valid, read=rows.taxpayer_of, fixed=fixed
    )
    for _, taxpayer in replaced:
        rules.require_taxpayer(taxpayer)
    columns = rows.named_columns(rows.taxpayer_columns(replaced[0][1]), changes)
    versions.amend(session, tables.taxpayer, key, columns, valid=valid, change=change)
    return Recorded(change, code)


def assess_duty(session: Session, *, act: Act, duty: values.Duty) -> Recorded:
    """Record a duty that was declared or assessed, from the day of assessment on.

    Raises:
        TaxpayerNotFound: no taxpayer of this code is registered on the day.
        DutyAlreadyAssessed: the duty of this item and period is recorded already.
        MalformedBudgetCode, IncompleteRecord: the duty breaks a rule.
    """
    warnings = rules.require_duty(duty)
    change = ledger.open_act(session, tables.ledger, act, "duty.assessed")
    code = _get_code(session, duty.taxpayer_code, on=duty.assessed_on)
    valid = periods.period(duty.assessed_on)
    row = {**dataclasses.asdict(duty), "taxpayer_code": code, "valid": valid}
    try:
        versions.add(session, tables.tax_duty, [row], change=change)
    except versions.OverlappingValidity as error:
        message = "The duty of this item and tax period is recorded: correct or annul it."
        raise errors.DutyAlreadyAssessed(message) from error
    return Recorded(change, code, warnings)


def record_payment(session: Session, *, act: Act, payment: values.Payment) -> Recorded:
    """Record a payment; one without or above a duty is kept and warned of.

    Raises:
        TaxpayerNotFound: no taxpayer of this code is registered on the day.
        PaymentAlreadyRecorded: a payment of this number was recorded before.
        MalformedBudgetCode, IncompleteRecord: the payment breaks a rule.
    """
    doubts = rules.require_payment(payment)
    change = ledger.open_act(session, tables.ledger, act, "payment.recorded")
    code = _get_code(session, payment.taxpayer_code, on=payment.paid_on)
    if states.is_known(session, tables.tax_payment, {"payment_no": payment.payment_no}):
        raise errors.PaymentAlreadyRecorded("A payment of this number was recorded before.")
    valid = periods.period(payment.paid_on)
    row = {**dataclasses.asdict(payment), "taxpayer_code": code, "valid": valid}
    versions.add(session, tables.tax_payment, [row], change=change)
    duty = {name: row[name] for name in versions.key_of(tables.tax_duty)}
    assessed = states.find_assessed(session, duty, on=payment.paid_on)
    warnings = rules.payment_warnings(states.add_up_payments(session, duty), assessed)
    return Recorded(change, code, (*doubts, *warnings))


def _get_code(session: Session, text: str, *, on: date) -> str:
    code = states.find_taxpayer_code(session, rules.canonical_code(text), on=on)
    if code is None:
        raise errors.TaxpayerNotFound("No taxpayer of this code is registered on this day.")
    return code
