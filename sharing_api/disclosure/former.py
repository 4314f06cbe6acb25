"""Datasets as they were published once, so that an answer of then can be made again.

The adapters are records in the publication itself (`databases.datasets.FormerField`): a field that
has another name now is read by that one and told by its former one.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.versions import AsOf
from databases.datasets import Dataset, FetchResult, FormerField


def as_published_then(dataset: Dataset, standard: str) -> Dataset:
    """Give a dataset with its former fields, under the version of its standard of then.

    Args:
        standard: name and version; another name than the dataset's changes nothing.
    """
    name, _, version = standard.partition("/")
    if name == dataset.standard and version:
        dataset = dataclasses.replace(dataset, standard_version=version)
    if not dataset.former:
        return dataset
    return dataclasses.replace(
        dataset,
        fields={**dataset.fields, **{one.field.name: one.field for one in dataset.former}},
        fetch=_fetching(dataset),
        search=_searching(dataset),
    )


def find_dropped(dataset: Dataset, names: Iterable[str]) -> tuple[FormerField, ...]:
    """Find the fields among some that were dropped and that nothing says any more."""
    asked = set(names)
    return tuple(one for one in dataset.former if not one.now and one.field.name in asked)


def _fetching(dataset: Dataset) -> Any:
    read = dataset.fetch

    def fetch(
        session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
    ) -> FetchResult:
        return _told(dataset, fields, read(session, keys, _now(dataset, fields), as_of))

    return fetch


def _searching(dataset: Dataset) -> Any:
    read = dataset.search

    def search(
        session: Session, asked: Mapping[str, Any], fields: frozenset[str], as_of: AsOf, limit: int
    ) -> FetchResult:
        return _told(dataset, fields, read(session, asked, _now(dataset, fields), as_of, limit))

    return search


def _now(dataset: Dataset, fields: frozenset[str]) -> frozenset[str]:
    """Name the fields that are to be read now; what was dropped is not."""
    names = {one.field.name: one.now for one in dataset.former}
    return frozenset(filter(None, (names.get(name, name) for name in fields)))


def _told(dataset: Dataset, fields: frozenset[str], result: FetchResult) -> FetchResult:
    renamed = {one.field.name: one.now for one in dataset.former if one.field.name in fields}
    records = {
        key: {**record, **{then: record.get(now) for then, now in renamed.items()}}
        for key, record in result.records.items()
    }
    return dataclasses.replace(result, records=records)
