"""Smallest valid records of the population register; all people are invented."""

import dataclasses
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from population import service, values

ON = date(2026, 3, 2)
CITY = values.Address("Số 1, đường Tưởng Tượng", None, "00001", "124/2004", "01")
VILLAGE = values.Address("Số 2", "Thôn Mây", "00004", "19/2025", "01")


def make_pin(number: int, birth: str = "1990-05-06", sex: Sex = Sex.MALE) -> str:
    """Make the n-th number of a year and sex."""
    year = int(birth[:4])
    digit = 2 * ((year - 1900) // 100) + (1 if sex is Sex.FEMALE else 0)
    return f"001{digit}{year % 100:02d}{number:06d}"


def make_person(
    number: int = 1, birth: str = "1990-05-06", sex: Sex = Sex.MALE, **changes: Any
) -> values.Person:
    """Make a person; the number fits birth and sex."""
    person = values.Person(
        pin=make_pin(number, birth, sex),
        name=values.PersonName(f"Hoàng Văn Thử{number}", "Hoàng", "Văn", f"Thử{number}"),
        birth=PartialDate.parse(birth),
        sex=sex,
        marital_status=values.MaritalStatus.SINGLE,
    )
    return dataclasses.replace(person, **changes)


def register(session: Session, act: Act, *args: Any, **changes: Any) -> str:
    """Register a person and give the number."""
    person = make_person(*args, **changes)
    return service.register_birth(session, act=act, person=person, on=ON).key


def register_couple(session: Session, act: Act) -> tuple[str, str]:
    """Register a man and a woman, married since 2020."""
    man = register(session, act, 1)
    woman = register(session, act, 2, sex=Sex.FEMALE)
    service.register_marriage(
        session, act=act, first_pin=man, second_pin=woman, on=date(2020, 1, 1)
    )
    return man, woman
