"""What the index keeps of a record: the texts that are compared, and what it was called otherwise.

Registers publish what holds today. Of former values they publish these: a citizen's other name
(`other_name`), the number of the card before (`old_id_9`), and cancelled personal numbers, which
are records of their own that give their bearer's. Former addresses, telephones and names of a
civil-status change are in no published field, so nobody is found by them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sharing_api.disclosure import catalogue
from sharing_api.matching.files.registers import Source, make_source

__all__ = ["make_source"]

MATCHED = tuple(name for name, one in catalogue.DATASETS.items() if one.matched and one.walk)


def published_fields(dataset: str) -> tuple[str, ...]:
    """Name the published fields that are read of each record."""
    source = make_source(dataset)
    further = (
        one for some in catalogue.DATASETS[dataset].matched_otherwise.values() for one in some
    )
    return tuple(sorted({source.key, *(one for one, _ in source.fields.values()), *further}))


def list_variants(dataset: str, record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Give what a record says, by match field: as it is, then as it is called otherwise."""
    source = make_source(dataset)
    said = _say(source, record)
    yield said
    for name, further in catalogue.DATASETS[dataset].matched_otherwise.items():
        write: Callable[[Any], str] = source.fields[name][1]
        for published in further:
            other = write(record.get(published))
            if other and other != said.get(name):
                yield {**said, name: other}


def _say(source: Source, record: Mapping[str, Any]) -> dict[str, str]:
    said = {name: write(record.get(one)) for name, (one, write) in source.fields.items()}
    return {name: value for name, value in said.items() if value}
