"""Smallest valid records of the insurance register; all people are invented."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from insurance import service, values
from insurance.values import Days, Scheme

UNIT, OTHER_UNIT = "YN0123Z", "YN0456Z"
FACILITY = "96001"
PLACE = values.Address("Ấp Mây", "32002", "19/2025", "96")
SALARY = 8_000_000


def number(position: int) -> str:
    """Make the n-th social insurance number."""
    return f"96{position:08d}"


def pin(position: int) -> str:
    """Make the n-th personal number of a man born in 1985."""
    return f"096085{position:06d}"


def make_participant(position: int = 1, **changes: Any) -> values.Participant:
    """Make a participant with both numbers."""
    participant = values.Participant(
        full_name=f"Lê Văn Thử{position}",
        birth=PartialDate.parse("1985-05-06"),
        sex=Sex.MALE,
        social_insurance_no=number(position),
        pin=pin(position),
        address=PLACE,
    )
    return dataclasses.replace(participant, **changes)


def register(session: Session, act: Act, position: int = 1, **changes: Any) -> str:
    """Register a participant and give the number."""
    participant = make_participant(position, **changes)
    return service.register_participant(session, act=act, participant=participant).key


def register_bodies(session: Session, act: Act) -> None:
    """Register a facility and two employers."""
    on = date(2010, 1, 1)
    service.register_facility(
        session, act=act, facility_code=FACILITY, name="Trạm y tế Mây", address=PLACE, on=on
    )
    for unit in (UNIT, OTHER_UNIT):
        service.register_employer(
            session,
            act=act,
            unit_code=unit,
            name="Công ty Hoàng Hôn",
            address=PLACE,
            on=on,
            enterprise_code="0100233488",
        )


def make_terms(**changes: Any) -> values.Terms:
    """Make terms with a salary; a rate may be given as text."""
    if "rate" in changes:
        changes["rate"] = Decimal(changes["rate"])
    return dataclasses.replace(values.Terms(salary_amount=SALARY), **changes)


def spell(
    session: Session,
    act: Act,
    participant_no: str,
    start: date,
    end: date | None = None,
    **changes: Any,
) -> int:
    """Register a spell and give the number of the change."""
    return service.register_spell(
        session,
        act=act,
        participant_no=participant_no,
        scheme=changes.pop("scheme", Scheme.COMPULSORY),
        unit_code=changes.pop("unit_code", UNIT),
        days=Days(start, end),
        terms=make_terms(**changes),
    ).change


def make_contribution(
    participant_no: str, first_month: date, end_month: date, **changes: Any
) -> values.Contribution:
    """Make whole months paid by a unit under compulsory insurance."""
    contribution = values.Contribution(
        participant_no, Scheme.COMPULSORY, UNIT, first_month, end_month, SALARY
    )
    return dataclasses.replace(contribution, **changes)


def make_card(code: str, **changes: Any) -> values.Card:
    """Make a card issued in the form that its code has."""
    issued = {15: date(2020, 1, 1), 10: date(2021, 4, 1), 12: date(2025, 8, 15)}[len(code)]
    card = values.Card(code, "DN", issued, Days(issued), facility_code=FACILITY)
    return dataclasses.replace(card, **changes)


def card(session: Session, act: Act, participant_no: str, code: str, **changes: Any) -> int:
    """Register a card and give the number of the change."""
    made = make_card(code, **changes)
    return service.register_card(session, act=act, participant_no=participant_no, card=made).change
