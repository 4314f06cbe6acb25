"""Cancelling a personal number and establishing another one."""

from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.identifiers import Pin, Sex
from databases.periods import PartialDate, period
from population import rules, tables
from population.repository import rows, saving, states
from population.service import acts
from population.values import AliasReason


def reestablish_number(
    session: Session,
    *,
    act: Act,
    pin: str,
    new_pin: str,
    reason: AliasReason,
    decided_on: date,
    birth: PartialDate | None = None,
    sex: Sex | None = None,
) -> Recorded:
    """Cancel a number; the person and all that is recorded of them go on under another one.

    What stood under the old number stays readable as of an earlier change. The old number leads to
    the new one from now on and is given to nobody again.

    Args:
        pin: number to be cancelled.
        new_pin: number to be borne instead.
        reason: ground of the decision.
        decided_on: day of the decision.
        birth: right date of birth, if it was wrong.
        sex: sex after it was determined anew, if it was.

    Raises:
        NoGroundForNewNumber, PinContradictsRecord, PinWasCancelled, PersonAlreadyRegistered,
        PersonNotFound, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "number.reestablished")
    number = Pin.parse(new_pin, field="new_pin")
    person = states.get_person(session, Pin.parse(pin).number, decided_on)
    new_birth, new_sex = birth or person.birth, sex or person.sex
    rules.require_ground_for_new_number(
        reason,
        year_changes=new_birth.earliest.year != person.birth.earliest.year,
        sex_changes=new_sex is not person.sex,
    )
    rules.require_pin_fits(number, birth=new_birth, sex=new_sex)
    acts.require_free_number(session, number.number)
    columns = {"pin": number.number, **rows.birth_columns(new_birth), "sex": new_sex.value}
    saving.reissue_person(session, person.pin, columns, first_day=new_birth.earliest, change=change)
    saving.move_number(session, person.pin, number.number, change=change)
    alias = {
        "old_pin": person.pin,
        "new_pin": number.number,
        "reason": reason.value,
        "decided_on": decided_on,
        "valid": period(None),
    }
    versions.add(session, tables.pin_alias, [alias], change=change)
    warnings = rules.list_pin_warnings(number, birth=new_birth, sex=new_sex)
    return Recorded(change, number.number, warnings)
