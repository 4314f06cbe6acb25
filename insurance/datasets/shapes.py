"""How rows become JSON-ready values: per field the columns it needs and what makes the value."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from databases import plans
from databases.changes.versions import AsOf
from databases.plans import Json, Reading
from insurance.rules import health, participation
from insurance.values import Contribution, Days, Scheme

Entries = Sequence[Sequence[Any]] | None
_SEXES = {"unknown": "0", "male": "1", "female": "2"}
_QCVN_109 = "109/2017"
_DECISION_1351 = "1351/2015"
_OBJECTS = "health_insurance_object"
_LEVELS = "health_insurance_benefit_level"


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _sex(value: str) -> Json:
    return plans.coded("sex", _QCVN_109, _SEXES[value])


def _country(code: str) -> Json:
    return plans.coded("country", "2020", code)


def _address(parts: Sequence[str | None]) -> Json:
    if not any(parts):
        return None
    street, commune, version, province = parts
    return {
        "street": street,
        "commune": plans.coded("commune", version, commune),
        "province": plans.coded("province", version, province),
    }


def _is_alive(as_of: AsOf, died_on: str | None) -> bool:
    day = _day(died_on)
    return day is None or as_of.valid_on <= day


def _object(code: str | None) -> Json:
    return plans.coded(_OBJECTS, _DECISION_1351, code)


def _cards(rows: Entries) -> Json:
    return [
        {
            "card_code": code,
            "object_code": _object(group),
            "valid_from": start,
            "valid_to": end,
            "facility_code": facility,
        }
        for code, group, start, end, facility in rows or ()
    ]


def _household(parts: Sequence[Any] | None) -> Json:
    if parts is None:
        return None
    number, ordinal, members = parts
    part = f"{health.household_part(ordinal):f}"
    return {"household_no": number, "members": members, "ordinal": ordinal, "premium_part": part}


def _benefits(rows: Entries) -> Json:
    names = ("decision_no", "kind", "amount", "valid_from", "valid_to", "payer", "account")
    return [dict(zip(names, row, strict=True)) for row in rows or ()]


def _is_valid(as_of: AsOf, start: str | None, end: str | None, died_on: str | None) -> bool:
    first = _day(start)
    if first is None:
        return False
    days = Days(first, _day(end))
    return health.is_card_valid(days, died_on=_day(died_on), on=as_of.valid_on)


def _level_of(as_of: AsOf, object_code: str | None) -> int | None:
    found = (
        None if object_code is None else health.find_benefit_level(object_code, on=as_of.valid_on)
    )
    return None if found is None else found.value


def _level(as_of: AsOf, object_code: str | None) -> Json:
    level = _level_of(as_of, object_code)
    return plans.coded(_LEVELS, _DECISION_1351, None if level is None else str(level))


def _percentage(as_of: AsOf, object_code: str | None) -> int | None:
    level = _level_of(as_of, object_code)
    return None if level is None else health.benefit_percentage(level)


def _payer(object_code: str | None) -> str | None:
    return None if object_code is None else health.find_payer(object_code)


def _facility(code: str | None, name: str | None) -> Json:
    return None if code is None else {"facility_code": code, "facility_name": name}


def _has_five_years(as_of: AsOf, day: str | None) -> bool:
    complete_on = _day(day)
    return complete_on is not None and complete_on <= as_of.valid_on


def _spells(rows: Entries) -> Json:
    names = ("salary", "allowance", "rate", "place_of_work", "job")
    return [
        {
            "scheme": scheme,
            "unit_code": unit,
            "object_code": _object(group),
            "valid_from": start,
            "valid_to": end,
            **dict(zip(names, rest, strict=True)),
        }
        for scheme, unit, group, start, end, *rest in rows or ()
    ]


def _contributions(rows: Entries) -> Json:
    names = ("scheme", "unit_code", "first_month", "end_month", "salary")
    return [dict(zip(names, row, strict=True)) for row in rows or ()]


def _paid(rows: Entries) -> list[Contribution]:
    return [
        Contribution(
            "", Scheme(scheme), unit, date.fromisoformat(first), date.fromisoformat(end), salary
        )
        for scheme, unit, first, end, salary in rows or ()
    ]


def _months(rows: Entries) -> Json:
    paid = sorted(_paid(rows), key=lambda one: one.scheme)
    grouped = itertools.groupby(paid, key=lambda one: one.scheme)
    return {scheme.value: participation.count_months(some) for scheme, some in grouped}


def _gaps(rows: Entries) -> Json:
    spells: dict[str, list[Days]] = {}
    for scheme, _unit, _group, start, end, *_ in rows or ():
        spells.setdefault(scheme, []).append(Days(date.fromisoformat(start), _day(end)))
    return [
        {"scheme": scheme, "from": gap.start.isoformat(), "to": gap.end and gap.end.isoformat()}
        for scheme in sorted(spells)
        for gap in participation.list_gaps(spells[scheme])
    ]


def _pension_months(as_of: AsOf, rows: Entries, paid_out_on: str | None) -> int:
    return participation.count_pension_months(
        _paid(rows), on=as_of.valid_on, paid_out_on=_day(paid_out_on)
    )


def _months_needed(as_of: AsOf, _number: str) -> int | None:
    return participation.pension_months_needed(as_of.valid_on)


def _has_pension_months(as_of: AsOf, rows: Entries, paid_out_on: str | None) -> bool | None:
    needed = participation.pension_months_needed(as_of.valid_on)
    return None if needed is None else _pension_months(as_of, rows, paid_out_on) >= needed


_BEARER: Mapping[str, Reading] = {
    **{name: Reading((name,)) for name in ("participant_no", "social_insurance_no", "pin")},
    "full_name": Reading(("full_name",)),
    "date_of_birth": Reading(("birth",)),
    "residence": Reading(("residence",), _address),
}
PARTICIPANT: Mapping[str, Reading] = {
    **_BEARER,
    "sex": Reading(("sex",), _sex),
    "nationality": Reading(("nationality_code",), _country),
    "phone": Reading(("phone",)),
    "merged_numbers": Reading(("merged_numbers",), lambda numbers: numbers or []),
    "death_date": Reading(("died_on",)),
    "is_alive": Reading(("died_on",), _is_alive, dated=True),
    "cards": Reading(("cards",), _cards),
    "household": Reading(("household",), _household),
    "benefit_decisions": Reading(("benefits",), _benefits),
}
ELIGIBILITY: Mapping[str, Reading] = {
    **_BEARER,
    "card_code": Reading(("card_code",)),
    "is_valid": Reading(("card_from", "card_to", "died_on"), _is_valid, dated=True),
    "benefit_level": Reading(("object_code",), _level, dated=True),
    "benefit_percentage": Reading(("object_code",), _percentage, dated=True),
    "payer": Reading(("object_code",), _payer),
    "object_code": Reading(("object_code",), _object),
    "initial_facility": Reading(("facility_code", "facility_name"), _facility),
    "valid_from": Reading(("card_from",)),
    "valid_to": Reading(("card_to",)),
    "five_years_on": Reading(("five_years_on",)),
    "has_five_years": Reading(("five_years_on",), _has_five_years, dated=True),
}
CONTRIBUTION: Mapping[str, Reading] = {
    **_BEARER,
    "spells": Reading(("spells",), _spells),
    "contributions": Reading(("contributions",), _contributions),
    "months": Reading(("contributions",), _months),
    "gaps": Reading(("spells",), _gaps),
    "pension_months": Reading(("contributions", "paid_out_on"), _pension_months, dated=True),
    "pension_months_needed": Reading(("participant_no",), _months_needed, dated=True),
    "has_pension_months": Reading(
        ("contributions", "paid_out_on"), _has_pension_months, dated=True
    ),
}
FACILITY: Mapping[str, Reading] = {
    **{name: Reading((name,)) for name in ("facility_code", "facility_name")},
    "address": Reading(("address",), _address),
}
EMPLOYER: Mapping[str, Reading] = {
    **{name: Reading((name,)) for name in ("unit_code", "enterprise_code", "employer_name")},
    "address": Reading(("address",), _address),
}
