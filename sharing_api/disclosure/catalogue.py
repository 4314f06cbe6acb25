"""What the registers publish, in one place: the corridor knows no dataset but these."""

from collections.abc import Mapping
from types import MappingProxyType

from databases.datasets import Dataset
from enterprise import datasets as enterprise_datasets
from finance import datasets as finance_datasets
from insurance import datasets as insurance_datasets
from land import datasets as land_datasets
from population import datasets as population_datasets
from population_statistics import datasets as population_statistics_datasets
from sharing_api.agreements.values import DatasetFacts, FieldFacts


def name_of(dataset: Dataset) -> str:
    """Name a dataset as agreements do: `register/dataset`."""
    return f"{dataset.register}/{dataset.name}"


DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        name_of(dataset): dataset
        for dataset in (
            *enterprise_datasets.DATASETS.values(),
            *finance_datasets.DATASETS.values(),
            *insurance_datasets.DATASETS.values(),
            *land_datasets.DATASETS.values(),
            *population_datasets.DATASETS.values(),
            *population_statistics_datasets.DATASETS.values(),
        )
    }
)


def facts_of(dataset: Dataset) -> DatasetFacts:
    """Give what the decision must know of a dataset."""
    return DatasetFacts(
        name=name_of(dataset),
        fields={
            one.name: FieldFacts(tuple(one.sources), frozenset(one.formats))
            for one in dataset.fields.values()
        },
        predicates={one.name: tuple(one.fields) for one in dataset.predicates.values()},
        matched=dataset.matched,
    )


FACTS: Mapping[str, DatasetFacts] = MappingProxyType(
    {name: facts_of(dataset) for name, dataset in DATASETS.items()}
)
