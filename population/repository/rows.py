"""Turns values into rows of the tables and back."""

from collections.abc import Callable, Mapping
from typing import Any

from databases import vietnamese
from databases.identifiers import Sex
from databases.periods import PartialDate, Precision
from population.values import Address, Loss, LossKind, MaritalStatus, Person, PersonName

Columns = dict[str, Any]
ADDRESS_PARTS = (
    "street",
    "village",
    "commune_code",
    "commune_version",
    "province_code",
    "country_code",
)


def address_columns(address: Address | None, prefix: str = "") -> Columns:
    """Give the columns of an address; all are empty where there is none."""
    return {
        prefix + part: None if address is None else getattr(address, part) for part in ADDRESS_PARTS
    }


def name_columns(name: PersonName) -> Columns:
    """Give the columns of a name, its comparison key included."""
    return {
        "full_name": vietnamese.nfc(name.full),
        "family_name": vietnamese.nfc(name.family),
        "middle_name": vietnamese.nfc(name.middle),
        "given_name": vietnamese.nfc(name.given),
        "name_key": vietnamese.name_key(name.full),
    }


def birth_columns(birth: PartialDate) -> Columns:
    """Give the columns of a date of birth."""
    return {"birth_date": birth.earliest, "birth_precision": birth.precision.value}


def loss_columns(loss: Loss | None) -> Columns:
    """Give the columns of a death or disappearance; all are empty for the living."""
    return {
        "loss_kind": None if loss is None else loss.kind.value,
        "loss_date": None if loss is None else loss.happened.earliest,
        "loss_precision": None if loss is None else loss.happened.precision.value,
    }


def _plain(column: str) -> Callable[[Any], Columns]:
    return lambda value: {column: value}


ITEMS: Mapping[str, Callable[[Any], Columns]] = {
    "name": name_columns,
    "other_name": _plain("other_name"),
    "birth": birth_columns,
    "sex": _plain("sex"),
    "place_of_birth": lambda value: address_columns(value, "birth_place_"),
    "birth_registration_place": lambda value: address_columns(value, "birth_registration_"),
    "native_place": lambda value: address_columns(value, "native_place_"),
    "ethnicity_code": _plain("ethnicity_code"),
    "religion_code": _plain("religion_code"),
    "nationality_codes": lambda value: {"nationality_codes": list(value)},
    "blood_group": _plain("blood_group"),
    "marital_status": _plain("marital_status"),
    "old_id_9": _plain("old_id_9"),
    "residence_file_no": _plain("residence_file_no"),
    "mobile_no": _plain("mobile_no"),
    "email": _plain("email"),
    "temporary_absence": _plain("temporary_absence"),
    "other": lambda value: {"other": dict(value)},
}


def person_columns(person: Person) -> Columns:
    """Give all columns of a person who is alive."""
    columns: Columns = {"pin": person.pin, **loss_columns(None)}
    for item, make in ITEMS.items():
        columns.update(make(getattr(person, item)))
    return columns


def birth_of(row: Mapping[str, Any]) -> PartialDate:
    """Read the date of birth of a row."""
    return PartialDate(row["birth_date"], Precision(row["birth_precision"]))


def loss_of(row: Mapping[str, Any]) -> Loss | None:
    """Read the death or disappearance of a row."""
    if row["loss_kind"] is None:
        return None
    happened = PartialDate(row["loss_date"], Precision(row["loss_precision"]))
    return Loss(LossKind(row["loss_kind"]), happened)


def sex_of(row: Mapping[str, Any]) -> Sex:
    """Read the sex of a row."""
    return Sex(row["sex"])


def marital_status_of(row: Mapping[str, Any]) -> MaritalStatus:
    """Read the marital status of a row."""
    return MaritalStatus(row["marital_status"])
