"""Acts on health cards."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from insurance import errors, tables
from insurance.repository import rows, saving, states
from insurance.rules import health
from insurance.service import acts
from insurance.values import Card, CardCode, ParticipantState, require_facility_code

_ISSUED = "The card holds already on some of the days; close or replace it."


def register_card(session: Session, *, act: Act, participant_no: str, card: Card) -> Recorded:
    """Record the issue of a health card; cards of other forms stay valid beside it.

    The day of five consecutive years is computed from the register's cover if it is not given.

    Raises:
        MalformedNumber: the code has none of the three forms, or the facility not five digits.
        CardContradictsParticipant: the code is not the holder's, or names another group.
        CardFormNotIssued: the form was not issued on the day of issue.
        CardAlreadyIssued: the card holds on some of the days.
        ParticipantNotFound, ParticipantDead, ImpossiblePeriod: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "card.registered")
    participant = acts.get_living(session, participant_no, card.valid.start)
    warnings = _issue(session, participant, card, change=change)
    return Recorded(change, participant.participant_no, warnings)


def register_replacement(session: Session, *, act: Act, replaced_code: str, card: Card) -> Recorded:
    """Record that a card takes the place of another of the same holder from its first day on.

    Args:
        replaced_code: code of the card that ends; the same code if it is printed anew.
        card: the card that takes its place.

    Raises:
        CardNotFound: the card to be replaced does not hold on the day.
        MalformedNumber, CardContradictsParticipant, CardFormNotIssued, CardAlreadyIssued: see
            `register_card`.
    """
    change = ledger.open_act(session, tables.ledger, act, "card.replaced")
    on = card.valid.start
    held = _get_card(session, replaced_code, on)
    stretches.close_stretch(session, tables.health_card, _key(held), on=on, change=change)
    participant = acts.get_living(session, held["participant_no"], on)
    warnings = _issue(session, participant, card, change=change)
    return Recorded(change, participant.participant_no, warnings)


def close_card(session: Session, *, act: Act, card_code: str, on: date) -> Recorded:
    """End a card: the day is the first on which it is no longer valid.

    Raises:
        CardNotFound: the card does not hold on the day.
        MalformedNumber: the code has none of the three forms.
    """
    change = ledger.open_act(session, tables.ledger, act, "card.closed")
    held = _get_card(session, card_code, on)
    stretches.close_stretch(session, tables.health_card, _key(held), on=on, change=change)
    return Recorded(change, held["participant_no"])


def _issue(
    session: Session, participant: ParticipantState, card: Card, *, change: int
) -> tuple[FieldProblem, ...]:
    code = CardCode.parse(card.code)
    health.require_card_fits(code, participant, card.object_code)
    health.require_form_issued(code.form, issued_on=card.issued_on)
    if card.facility_code is not None:
        require_facility_code(card.facility_code)
    row = {
        **rows.card_columns(code, card),
        "participant_no": participant.participant_no,
        "five_years_on": card.five_years_on or _five_years_on(session, participant, card),
        "valid": periods.period(card.valid.start, card.valid.end),
    }
    refusal = errors.CardAlreadyIssued(_ISSUED)
    saving.add(session, tables.health_card, [row], change=change, refusal=refusal)
    return (
        *health.list_object_warnings(card.object_code),
        *acts.list_facility_warnings(session, card.facility_code, card.valid.start),
    )


def _five_years_on(session: Session, participant: ParticipantState, card: Card) -> date | None:
    cover = states.list_cover_days(session, participant.participant_no)
    return health.find_five_years_day(cover, on=card.valid.start)


def _get_card(session: Session, card_code: str, on: date) -> dict[str, str]:
    key = {"card_code": CardCode.parse(card_code).text}
    row = versions.find_on(session, tables.health_card, key, on)
    if row is None:
        raise errors.CardNotFound("No card of this code is registered on this day.")
    return row


def _key(card: Mapping[str, str]) -> dict[str, str]:
    return {"card_code": card["card_code"]}
