"""Acts on health cover by household."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act, Recorded
from insurance import errors, tables
from insurance.repository import saving, states
from insurance.rules import health, participation
from insurance.service import acts
from insurance.values import Days

_COVERED = "A member is covered with a household on some of the days, or the position is taken."


def register_household_cover(
    session: Session, *, act: Act, household_no: str, members: Sequence[str], days: Days
) -> Recorded:
    """Register the members of a household that take health insurance together.

    Args:
        household_no: number of the household.
        members: numbers of participants, in the order in which premiums decrease.
        days: of the cover, the same for all.

    Returns:
        the change, under the first member's number.

    Raises:
        WrongHousehold: no member, or one person twice.
        AlreadyCovered: a member has household cover on some of the days.
        ParticipantNotFound, ParticipantDead, MalformedNumber, ImpossiblePeriod: see `acts`.
    """
    valid = periods.period(days.start, days.end)
    change = ledger.open_act(session, tables.ledger, act, "household_cover.registered")
    living = [acts.get_living(session, one, days.start) for one in members]
    for participant in living:
        participation.require_alive_throughout(participant, days)
    found = [participant.participant_no for participant in living]
    health.require_members(found)
    prepared = [
        {
            "participant_no": number,
            "household_no": household_no,
            "ordinal": ordinal,
            "valid": valid,
        }
        for ordinal, number in enumerate(found, start=1)
    ]
    refusal = errors.AlreadyCovered(_COVERED)
    saving.add(session, tables.household_cover, prepared, change=change, refusal=refusal)
    return Recorded(change, found[0])


def close_household_cover(session: Session, *, act: Act, participant_no: str, on: date) -> Recorded:
    """End the household cover of one member from a day on; the others keep their positions.

    Raises:
        NothingToAmend: the member has no household cover on the day.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "household_cover.closed")
    number = states.get_participant(session, participant_no, on).participant_no
    key = {"participant_no": number}
    if not stretches.close_stretch(session, tables.household_cover, key, on=on, change=change):
        raise versions.NothingToAmend("No household cover is registered on this day.")
    return Recorded(change, number)
