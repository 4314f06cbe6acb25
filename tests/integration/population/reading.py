"""Reads of what acts have left in the register, as the exchange sees it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.versions import AsOf
from population.datasets import CITIZEN
from tests.factories import population as factory

ON = factory.ON


def read(session: Session, pin: str, *fields: str, on: date = ON, change: int | None = None) -> Any:
    found = CITIZEN.fetch(session, [pin], frozenset(fields), AsOf(on, change)).records
    record = found.get(pin)
    return record if record is None or len(fields) != 1 else record[fields[0]]
