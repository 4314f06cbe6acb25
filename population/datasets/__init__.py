"""What the population register publishes: the dataset `citizen`, one record per person."""

from collections.abc import Mapping

from databases.datasets import Dataset
from databases.identifiers import Pin
from population.datasets import citizen, fields, predicates


def _canonical_pin(text: str) -> str:
    return Pin.parse(text).number


CITIZEN = Dataset(
    name="citizen",
    register="population",
    key="pin",
    key_rule=_canonical_pin,
    fields=fields.FIELDS,
    predicates=predicates.PREDICATES,
    standard="citizen",
    standard_version="1.0",
    fetch=citizen.fetch,
    search=citizen.search,
    territory_of=("permanent_residence",),
)
DATASETS: Mapping[str, Dataset] = {CITIZEN.name: CITIZEN}
