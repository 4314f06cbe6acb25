"""Groups of people whom errors of data hit unevenly: matching is judged for each of them apart."""

from collections.abc import Mapping

import numpy as np

from sharing_api.matching.fields.categories import Sexes
from sharing_api.matching.fields.dates import Dates
from sharing_api.matching.fields.kinds import Flags
from sharing_api.matching.fields.numbers import Numbers, Telephones
from sharing_api.matching.fields.person_name import PersonNames
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
        if isinstance(field, Sexes) and "women" not in found:
            found["women"] = field.is_value("female")
        elif isinstance(field, Dates) and "the elderly" not in found:
            found["the elderly"] = (field.year > 0) & (field.year < _ELDERLY_BORN_BEFORE)
        elif isinstance(field, PersonNames) and "names of minorities" not in found:
            found["names of minorities"] = field.begins_with(_MINORITY_WORDS)
    numbers = [
        field
        for field in records.fields.values()
        if isinstance(field, Numbers) and not isinstance(field, Telephones)
    ]
    if numbers:
        found["no number"] = np.all([~field.is_known for field in numbers], axis=0)
    return {name: flags for name, flags in found.items() if flags.any()}
