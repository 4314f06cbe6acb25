"""The dataset `identity_history`: what a person was ever recorded by, for finding who is who.

A record of another register that was filled years ago is recognised by the name, the card or the
address of those years. What was recorded wrongly and corrected stands here too, for it was handed
on: an agreement about this dataset is for record matching only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from databases import datasets, plans
from databases.datasets import Dataset, Field, FieldType
from databases.identifiers import Pin
from databases.plans import Json, Reading
from population.datasets import shapes
from population.repository import identity_histories, walks

_ITEM = "Law on Identity 26/2023/QH15, art. 9, item {}"


def _field(name: str, kind: FieldType, item: int, title_vi: str, description: str) -> Field:
    law_item = _ITEM.format(item)
    return Field(name, kind, "basic", (), ("full",), None, law_item, title_vi, description)


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        _field(
            "pin",
            "text",
            3,
            "Số định danh cá nhân",
            "The personal identification number that the person bears now.",
        ),
        _field(
            "pins",
            "list",
            3,
            "Các số định danh cá nhân",
            "The number that the person bears now, and those borne before.",
        ),
        _field(
            "names",
            "list",
            1,
            "Các họ và tên, tên gọi khác đã ghi nhận",
            "Names of birth as they were recorded, then other names (item 2).",
        ),
        _field(
            "dates_of_birth",
            "list",
            4,
            "Các ngày sinh đã ghi nhận",
            "Dates of birth as they were recorded, each to the day, month or year.",
        ),
        _field("sexes", "list", 5, "Giới tính đã ghi nhận", "Sexes as they were recorded."),
        _field(
            "old_id_9s",
            "list",
            13,
            "Các số chứng minh nhân dân 9 số",
            "Numbers of nine-digit cards; not unique.",
        ),
        _field("mobile_nos", "list", 25, "Các số thuê bao di động", "Mobile subscriber numbers."),
        _field(
            "residences",
            "list",
            16,
            "Các nơi cư trú",
            "Places of permanent, temporary and current residence (items 16 to 18).",
        ),
        _field("father_names", "list", 15, "Họ tên cha", "Names of the father."),
        _field("mother_names", "list", 15, "Họ tên mẹ", "Names of the mother."),
        _field("spouse_names", "list", 15, "Họ tên vợ, chồng", "Names of spouses."),
    )
}


def _canonical_pin(text: str) -> str:
    return Pin.parse(text).number


def _listed(values: Sequence[Any] | None) -> Json:
    return list(values or ())


def _together(*lists: Sequence[str] | None) -> Json:
    return [value for values in lists for value in values or ()]


def _sexes(values: Sequence[str] | None) -> Json:
    return [shapes.sex(one) for one in values or ()]


def _residences(values: Sequence[Sequence[str | None]] | None) -> Json:
    return [address for parts in values or () if (address := shapes.address(parts)) is not None]


_READINGS: Mapping[str, Reading] = {
    "pin": Reading(("pin",)),
    "pins": Reading(("pins",), _listed),
    "names": Reading(("names", "other_names"), _together),
    "dates_of_birth": Reading(("births",), _listed),
    "sexes": Reading(("sexes",), _sexes),
    "old_id_9s": Reading(("old_cards",), _listed),
    "mobile_nos": Reading(("telephones",), _listed),
    "residences": Reading(("residences",), _residences),
    "father_names": Reading(("fathers",), _listed),
    "mother_names": Reading(("mothers",), _listed),
    "spouse_names": Reading(("spouses",), _listed),
}

IDENTITY_HISTORY = Dataset(
    name="identity_history",
    register="population",
    key="pin",
    key_rule=_canonical_pin,
    fields=FIELDS,
    predicates={},
    standard="identity_history",
    standard_version="1.0",
    fetch=plans.make_fetch(FIELDS, _READINGS, identity_histories.read_identity_histories),
    search=datasets.refuse_searches("Search the dataset citizen, then ask by number."),
    territory_of=(),
    walk=walks.walk_persons,
    subject="person",
    matched={
        "full_name": "names",
        "birth_date": "dates_of_birth",
        "sex": "sexes",
        "address": "residences",
        "telephone": "mobile_nos",
        "personal_number": "pins",
        "old_card_number": "old_id_9s",
        "father_name": "father_names",
        "mother_name": "mother_names",
        "spouse_name": "spouse_names",
    },
)
