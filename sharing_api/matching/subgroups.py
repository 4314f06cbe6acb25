"""Groups of people whom errors of data hit unevenly: matching is judged for each of them apart."""

from collections.abc import Iterator, Mapping

import numpy as np

from sharing_api.matching.fields.categories import Sexes
from sharing_api.matching.fields.dates import Dates
from sharing_api.matching.fields.kinds import Field, Flags
from sharing_api.matching.fields.numbers import Numbers, Telephones
from sharing_api.matching.fields.person_name import PersonNames
from sharing_api.matching.fields.several import Several, values_of
from sharing_api.matching.records import Records

_ELDERLY_BORN_BEFORE = 1966  # sixty in the year of the reform; old papers often know the year only
# First words of names of Ê Đê, Gia Rai, Khmer, Mông, Thái and Khơ Mú, folded. Source: hoten.org for
# Nghệ An and the names of the sample country; there is no official list, and many share them.
_MINORITY_WORDS = frozenset(
    {"y", "h", "thach", "son", "danh", "chau", "giang", "vang", "sung", "lau", "lo", "ca", "quang"}
    | {"vi", "moong", "cut", "xeo", "nie", "eban", "mlo", "ksor", "siu", "rmah", "kpa", "lang"}
    | {"kha", "xong", "thi", "tong"}
)


def list_subgroups(records: Records) -> Mapping[str, Flags]:
    """Tell which records belong to which group, for the groups that the fields can tell."""
    found: dict[str, Flags] = {}
    for field in records.fields.values():
        for name, flags in _groups_of(field):
            found.setdefault(name, flags)
    numbers = [
        field
        for field in records.fields.values()
        if isinstance(values_of(field), Numbers) and not isinstance(values_of(field), Telephones)
    ]
    if numbers:
        found["no number"] = np.all([~field.is_known for field in numbers], axis=0)
    return {name: flags for name, flags in found.items() if flags.any()}


def _groups_of(field: Field) -> Iterator[tuple[str, Flags]]:
    """Tell of a field who belongs to which group; with one of several values one belongs to it."""
    values = values_of(field)
    if isinstance(values, Sexes):
        name, flags = "women", values.is_value("female")
    elif isinstance(values, Dates):
        name, flags = "the elderly", (values.year > 0) & (values.year < _ELDERLY_BORN_BEFORE)
    elif isinstance(values, PersonNames):
        name, flags = "names of minorities", values.begins_with(_MINORITY_WORDS)
    else:
        return
    yield name, field.any_of(flags) if isinstance(field, Several) else flags
