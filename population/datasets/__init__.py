"""What the population register publishes: citizens, what they were recorded by, and counts."""

from collections.abc import Mapping

from databases import plans
from databases.datasets import Dataset
from databases.identifiers import Pin
from population.datasets import fields, identity_history, person_count, predicates, shapes
from population.repository import answers, walks


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
    fetch=plans.make_fetch(fields.FIELDS, shapes.READINGS, answers.read_persons),
    search=plans.make_search(
        fields.FIELDS, shapes.READINGS, predicates.PREDICATES, answers.search_persons
    ),
    territory_of=("permanent_residence",),
    walk=walks.walk_persons,
    subject="person",
    matched={
        "full_name": "full_name",
        "birth_date": "date_of_birth",
        "sex": "sex",
        "address": "permanent_residence",
        "telephone": "mobile_no",
        "personal_number": "pin",
        "old_card_number": "old_id_9",
    },
)
DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (CITIZEN, identity_history.IDENTITY_HISTORY, person_count.PERSON_COUNT)
}
