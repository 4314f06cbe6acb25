"""What the registers publish, in one place: the corridor knows no dataset but these."""

from collections.abc import Mapping
from types import MappingProxyType

from databases.datasets import Dataset
from enterprise import datasets as enterprise_datasets
from population import datasets as population_datasets
from sharing_api.agreements.values import DatasetFacts, FieldFacts


def name_of(dataset: Dataset) -> str:
    """Name a dataset as agreements do: `register/dataset`."""
    return f"{dataset.register}/{dataset.name}"


DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        name_of(dataset): dataset
        for dataset in (
            *population_datasets.DATASETS.values(),
            *enterprise_datasets.DATASETS.values(),
        )
    }
)

FACTS: Mapping[str, DatasetFacts] = MappingProxyType(
    {
        name: DatasetFacts(
            name=name,
            fields={
                one.name: FieldFacts(tuple(one.sources), frozenset(one.formats))
                for one in dataset.fields.values()
            },
            predicates={one.name: tuple(one.fields) for one in dataset.predicates.values()},
        )
        for name, dataset in DATASETS.items()
    }
)
