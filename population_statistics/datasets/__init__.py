"""What the population statistics register publishes: figures, and for auditors their detail."""

from collections.abc import Mapping

from databases import plans, predicate_values
from databases.datasets import Dataset
from population_statistics.datasets import fields, predicates, publication, shapes
from population_statistics.repository import answers

_SEARCH_LIMIT = 100_000


def _canonical_key(text: str) -> str:
    return predicate_values.require_text("key", text)


OBSERVATION = Dataset(
    name="observation",
    register="population_statistics",
    key="observation_key",
    key_rule=_canonical_key,
    fields=fields.FIELDS,
    predicates=predicates.PREDICATES,
    standard="observation",
    standard_version="1.0",
    fetch=plans.make_fetch(fields.FIELDS, shapes.READINGS, answers.read_observations),
    search=plans.make_search(
        fields.FIELDS, shapes.READINGS, predicates.PREDICATES, answers.search_observations
    ),
    territory_of=(),
    search_limit=_SEARCH_LIMIT,
    is_personal=False,
)
DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset for dataset in (OBSERVATION, publication.PUBLICATION)
}
