"""A correction to try: deaths that are notified late, after statistics were published."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.periods import PartialDate
from population import service
from sample_country import draws, lives
from sample_country.country import Country
from sample_country.households import CHILD, REFERENCE_DAY
from sample_country.names import MALE

HAPPENED_ON = REFERENCE_DAY - timedelta(days=20)
_YOUNGEST, _OLDEST = 20, 24  # one group of ages


def list_pins(drawn: Country) -> Iterable[str]:
    """List whose death may be notified: unmarried men from 20 to 24 who live with their parents.

    Those of one province stand together, the province with most of them first: fewer than five
    corrections in a cell would wait for more before a figure shows them.
    """
    structure = drawn.persons.structure
    ages = HAPPENED_ON.year - draws.years_of(drawn.persons.born)
    chosen = (
        (structure.role == CHILD)
        & (structure.sex == MALE)
        & (ages > _YOUNGEST)
        & (ages <= _OLDEST)
        & (drawn.events.loss == lives.ALIVE)
        & (drawn.events.married_on == lives.NEVER)
    )
    homes = drawn.persons.home[structure.household[chosen]]
    provinces = drawn.places.commune_province[homes]
    _, position, count = np.unique(provinces, return_inverse=True, return_counts=True)
    order = np.lexsort((provinces, -count[position]))
    return (f"{number:012d}" for number in drawn.persons.pin[chosen][order].tolist())


def notify(session: Session, pin: str, now: datetime) -> int:
    """Register the death of a person.

    Returns:
        number of the change.

    Raises:
        PersonNotAlive: it is registered already.
    """
    act = Act(
        name="",
        recorded_at=now,
        recorded_by="sample country",
        reason="a death that was notified late",
        legal_basis="Law on Civil Status 60/2014/QH13",
        source_document="invented notice",
    )
    happened = PartialDate.parse(HAPPENED_ON.isoformat())
    return service.register_death(
        session, act=act, pin=pin, happened=happened, on=now.date()
    ).change
