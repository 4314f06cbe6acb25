"""What the index keeps of a record: the texts by which a dataset is matched.

`population/citizen` says what holds today; `population/identity_history` says what somebody was
ever recorded by: former names, addresses, telephones and cards, and numbers borne before. Of
enterprises what holds today is published, and nothing of before: nobody finds a firm by its former
name.
"""

from collections.abc import Mapping
from typing import Any

from sharing_api.disclosure import catalogue
from sharing_api.matching.files.registers import make_source

Says = Mapping[str, str | list[str]]

MATCHED = tuple(name for name, one in catalogue.DATASETS.items() if one.matched)


def published_fields(dataset: str) -> tuple[str, ...]:
    """Name the published fields that are read of each record."""
    source = make_source(dataset)
    return tuple(sorted({source.key, *(one.published for one in source.fields.values())}))


def say(dataset: str, record: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Give what a record says: match field → text, or texts; what is not known is left out."""
    fields = make_source(dataset).fields
    return {name: said for name, one in fields.items() if (said := one.read(record))}
