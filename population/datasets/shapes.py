"""How the values of fields are written: JSON-ready, codes with their list and version."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from databases import plans
from databases.changes.versions import AsOf
from databases.periods import PartialDate
from databases.plans import Json, Reading
from population import rules

_STANDARD = "109/2017"  # QCVN 109:2017/BTTTT
_SEXES = {"unknown": "0", "male": "1", "female": "2"}
_MARITAL = {"unknown": "0", "single": "1", "married": "2", "divorced": "3", "widowed": "3"}
_BLOOD = {"unknown": "00", "A": "01", "B": "02", "AB": "03", "O": "04"}


def _name(full: str, family: str | None, middle: str | None, given: str | None) -> Json:
    return {"full": full, "family": family, "middle": middle, "given": given}


def _translated(list_code: str, codes: Mapping[str, str], value: str) -> Json:
    return plans.coded(list_code, _STANDARD, codes[value])


def sex(value: str) -> Json:
    """Write a sex in the codes of QCVN 109."""
    return _translated("sex", _SEXES, value)


def _countries(codes: Sequence[str] | None) -> Json:
    return [plans.coded("country", "2020", code) for code in codes or ()]


def address(parts: Sequence[str | None] | None) -> Json:
    """Write an address; one without parts is none."""
    if parts is None or not any(parts):
        return None
    street, village, commune, version, province, country = parts
    return {
        "street": street,
        "village": village,
        "commune": None if commune is None else {"code": commune, "version": version},
        "province": None if province is None else {"code": province, "version": version},
        "country": country,
    }


def _id_card(parts: Sequence[str | None] | None) -> Json:
    if parts is None:
        return None
    return dict(zip(("type", "issued_on", "issued_by", "expires_on"), parts, strict=True))


def _relations(rows: Sequence[Sequence[Any]] | None) -> Json:
    return [
        {
            "role": role,
            "name": _name(full, family, middle, given),
            "pin": pin,
            "old_id_9": old_id,
            "nationality": _countries(countries),
        }
        for role, full, family, middle, given, pin, old_id, countries in rows or ()
    ]


def _relation_to_head(relation: str | None) -> Json:
    return plans.coded("relation_to_head", "1", relation)


def _household(rows: Sequence[Sequence[Any]] | None) -> Json:
    if not rows:
        return None
    members = [
        {
            "relation_to_head": _relation_to_head(row[1]),
            "name": _name(*row[2:6]),
            "pin": row[6],
            "old_id_9": row[7],
        }
        for row in rows
    ]
    head = next((m for m, row in zip(members, rows, strict=True) if row[1] == "HEAD"), None)
    return {"household_no": rows[0][0], "head": head, "members": members}


def _loss(happened: str | None, kind: str | None) -> Json:
    return None if kind is None else {"date": happened, "kind": kind}


def _is_alive(kind: str | None) -> bool | None:
    return {None: True, "missing": None}.get(kind, False)


def _age(as_of: AsOf, birth: str) -> int:
    return rules.age_on(PartialDate.parse(birth), as_of.valid_on)


def _is_adult(as_of: AsOf, birth: str) -> bool | None:
    return rules.is_adult(PartialDate.parse(birth), as_of.valid_on)


READINGS: Mapping[str, Reading] = {
    "pin": Reading(("pin",)),
    "birth_full_name": Reading(("full_name", "family_name", "middle_name", "given_name"), _name),
    "full_name": Reading(("full_name",)),
    "other_name": Reading(("other_name",)),
    "date_of_birth": Reading(("birth",)),
    "age": Reading(("birth",), _age, dated=True),
    "is_adult": Reading(("birth",), _is_adult, dated=True),
    "sex": Reading(("sex",), sex),
    "place_of_birth": Reading(("birth_place",), address),
    "birth_registration_place": Reading(("birth_registration",), address),
    "native_place": Reading(("native_place",), address),
    "ethnicity": Reading(
        ("ethnicity_code",), functools.partial(plans.coded, "ethnic_group", "121/1979")
    ),
    "religion": Reading(("religion_code",), functools.partial(plans.coded, "religion", _STANDARD)),
    "nationality": Reading(("nationality_codes",), _countries),
    "blood_group": Reading(("blood_group",), functools.partial(_translated, "blood_group", _BLOOD)),
    "marital_status": Reading(
        ("marital_status",), functools.partial(_translated, "marital_status", _MARITAL)
    ),
    "old_id_9": Reading(("old_id_9",)),
    "id_card": Reading(("id_card",), _id_card),
    "relations": Reading(("relations",), _relations),
    "permanent_residence": Reading(("permanent_residence",), address),
    "temporary_residence": Reading(("temporary_residence",), address),
    "current_residence": Reading(("current_residence",), address),
    "temporary_absence_status": Reading(("temporary_absence",)),
    "residence_file_no": Reading(("residence_file_no",)),
    "relation_to_head": Reading(("relation_to_head",), _relation_to_head),
    "household": Reading(("household",), _household),
    "death_or_missing_date": Reading(("loss", "loss_kind"), _loss),
    "is_alive": Reading(("loss_kind",), _is_alive),
    "mobile_no": Reading(("mobile_no",)),
    "email": Reading(("email",)),
    "other": Reading(("other",)),
}
