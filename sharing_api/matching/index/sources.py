"""What the index keeps of a record: the texts by which a dataset is matched.

`population/citizen` says what holds today; `population/identity_history` says what somebody was
ever recorded by: former names, addresses, telephones and cards, and numbers borne before. Of
enterprises what holds today is published, and nothing of before: nobody finds a firm by its former
name.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sharing_api.disclosure import catalogue
from sharing_api.matching import records
from sharing_api.matching.fields.kinds import Encoded
from sharing_api.matching.files.registers import make_source
from sharing_api.matching.model import Kind, Model

Says = Mapping[str, str | list[str]]

MATCHED = tuple(name for name, one in catalogue.DATASETS.items() if one.matched)


def published_fields(dataset: str) -> tuple[str, ...]:
    """Name the published fields that are read of each record."""
    source = make_source(dataset)
    return tuple(sorted({source.key, *(one.published for one in source.fields.values())}))


def kinds_of(model: Model, dataset: str) -> dict[str, Kind]:
    """Give the kinds of the fields that are kept of a dataset, in their order."""
    source = make_source(dataset)
    return records.kinds_of(model, source.subject, list(source.fields))


def encoded(
    model: Model, dataset: str, values: Sequence[Sequence[Any]], fields: Collection[str]
) -> dict[str, Encoded]:
    """Give the fields of records of which the values were kept.

    Args:
        values: record by field, in the order of `kinds_of`.
        fields: those that are wanted; others of a record are left aside.
    """
    source = make_source(dataset)
    found = {}
    for place, name in enumerate(kinds_of(model, dataset)):
        if name in fields:
            own = source.fields[name.removesuffix(records.STREET)]
            found[name] = Encoded([one[place] for one in values], own.is_list)
    return found


def say(dataset: str, record: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Give what a record says: match field → text, or texts; what is not known is left out."""
    fields = make_source(dataset).fields
    return {name: said for name, one in fields.items() if (said := one.read(record))}
