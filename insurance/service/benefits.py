"""Acts on benefit decisions, and the death that ends what a participant has."""

from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from insurance import errors, tables
from insurance.repository import rows, saving, states
from insurance.rules import participation
from insurance.values import TO_SURVIVORS, Benefit, BenefitKind

_DECIDED = "A decision of this number holds already on some of the days."


def register_benefit(
    session: Session, *, act: Act, participant_no: str, benefit: Benefit
) -> Recorded:
    """Record a benefit decision.

    Returns:
        the change; a warning where the register holds fewer months than a pension asks for.

    Raises:
        WrongBenefit: the amount is not above zero.
        BenefitAlreadyDecided: a decision of this number holds on some of the days.
        ParticipantDead: the participant is dead and the benefit is not for survivors.
        ParticipantNotFound, MalformedNumber, ImpossiblePeriod: see `acts`.
    """
    if benefit.amount <= 0:
        raise errors.WrongBenefit.of_field("amount", "benefit.amount", "Give an amount above zero.")
    change = ledger.open_act(session, tables.ledger, act, "benefit.registered")
    start = benefit.valid.start
    participant = states.get_participant(session, participant_no, start)
    if benefit.kind not in TO_SURVIVORS:
        participation.require_alive_throughout(participant, benefit.valid)
    row = {
        **rows.benefit_columns(benefit),
        "participant_no": participant.participant_no,
        "valid": periods.period(start, benefit.valid.end),
    }
    warnings = _list_warnings(session, participant.participant_no, benefit)
    refusal = errors.BenefitAlreadyDecided(_DECIDED)
    saving.add(session, tables.benefit, [row], change=change, refusal=refusal)
    return Recorded(change, participant.participant_no, warnings)


def _list_warnings(
    session: Session, participant_no: str, benefit: Benefit
) -> tuple[FieldProblem, ...]:
    if benefit.kind is not BenefitKind.RETIREMENT:
        return ()
    on = benefit.valid.start
    months = participation.count_pension_months(
        states.list_contributions(session, participant_no),
        on=on,
        paid_out_on=states.find_payout_day(session, participant_no),
    )
    return participation.list_pension_warnings(months, on=on)


def close_benefit(session: Session, *, act: Act, decision_no: str, on: date) -> Recorded:
    """End a benefit: the day is the first for which it is no longer paid.

    Raises:
        BenefitNotFound: no decision of this number holds on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "benefit.closed")
    key = {"decision_no": decision_no}
    if not stretches.close_stretch(session, tables.benefit, key, on=on, change=change):
        raise errors.BenefitNotFound("No decision of this number holds on this day.")
    return Recorded(change, decision_no)


def register_death(
    session: Session, *, act: Act, participant_no: str, died_on: date, on: date
) -> Recorded:
    """Record the notice of a death: spells, cover, cards and pay to the dead end with the day.

    Args:
        participant_no: a number that the dead bore.
        died_on: the day of death; it still counts as lived.
        on: the day of registration.

    Raises:
        ImpossibleDeath: before the birth, or after the registration.
        ParticipantDead: the death is registered already.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "death.registered")
    participant = states.get_participant(session, participant_no, on)
    if participant.died_on is not None:
        raise errors.ParticipantDead("The death of the participant is registered already.")
    participation.require_possible_death(participant.birth, died_on, on=on)
    number = participant.participant_no
    saving.record_death(session, number, died_on, change=change)
    return Recorded(change, number)
