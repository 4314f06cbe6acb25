"""Which dataset a resource comes from, and what of a record each of its elements says. Pure.

Nothing is made up: an element whose field was not granted, or has no value, is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sharing_api.protocols.fhir import systems
from sharing_api.protocols.fhir.systems import IdentifierSystem

Record = Mapping[str, Any]
Resource = dict[str, Any]

INSURER: Resource = {
    "identifier": {"system": systems.AGENCY.uri, "value": "G12"},
    "display": "Bộ Tài chính",
}
# Source: QCVN 109:2017/BTTTT, list of sexes, against FHIR's administrative-gender.
_GENDERS = {"1": "male", "2": "female"}


@dataclass(frozen=True, slots=True)
class Names:
    """How the asking agency knows a record.

    Args:
        resource_id, patient_id: ids of the resource and of the person it is about.
        pseudonyms: fields whose values are pseudonyms of the agreement.
    """

    resource_id: str
    patient_id: str
    pseudonyms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that gives resources of one type.

    Args:
        kind: what ids of these resources are bound to.
        systems: numbers that the dataset may be asked by.
        fields: those that the resource can carry.
        required: those without which FHIR lets there be no such resource.
    """

    kind: str
    resource_type: str
    dataset: str
    systems: tuple[IdentifierSystem, ...]
    fields: tuple[str, ...]
    required: tuple[str, ...]
    write: Callable[[Record, Names], Resource]


def write_coverage(record: Record, names: Names) -> Resource:
    """Write what an agency may see of a health card on the day asked for."""
    return _without_gaps(
        resourceType="Coverage",
        id=names.resource_id,
        extension=_extensions(record),
        identifier=_identifiers(record, names, card_code=systems.HEALTH_CARD),
        status="active" if record["is_valid"] else "cancelled",
        type=_concept(systems.PREMIUM_PAYER, record.get("payer")),
        beneficiary={"reference": f"Patient/{names.patient_id}"},
        period=write_period(record),
        payor=[INSURER],
        **{
            "class": [
                *_class("group", record.get("object_code")),
                *_class("plan", record.get("benefit_level")),
            ]
        },
        costToBeneficiary=_copayment(record.get("benefit_percentage")),
    )


def write_patient(record: Record, names: Names) -> Resource:
    """Write what an agency may see of a participant."""
    name, phone = record.get("full_name"), record.get("phone")
    return _without_gaps(
        resourceType="Patient",
        id=names.resource_id,
        identifier=_identifiers(
            record, names, pin=systems.PIN, social_insurance_no=systems.SOCIAL_INSURANCE_NUMBER
        ),
        name=[{"text": name}] if name else None,
        telecom=[{"system": "phone", "value": phone}] if phone else None,
        gender=_gender(record.get("sex")),
        birthDate=record.get("date_of_birth"),
        **_deceased(record),
        address=_addresses(record.get("residence")),
    )


def write_facility(record: Record, names: Names) -> Resource:
    """Write a treatment facility."""
    return _without_gaps(
        resourceType="Organization",
        id=names.resource_id,
        identifier=_identifiers(record, names, facility_code=systems.FACILITY),
        name=record.get("facility_name"),
        address=_addresses(record.get("address")),
    )


def write_employer(record: Record, names: Names) -> Resource:
    """Write an employer as the insurance office knows it."""
    return _without_gaps(
        resourceType="Organization",
        id=names.resource_id,
        identifier=_identifiers(
            record, names, unit_code=systems.UNIT_CODE, enterprise_code=systems.ENTERPRISE_CODE
        ),
        name=record.get("employer_name"),
        address=_addresses(record.get("address")),
    )


def write_period(record: Record) -> Resource:
    """Write the days of a card: FHIR counts the last day in, the register does not."""
    end = record.get("valid_to")
    last = end and (date.fromisoformat(end) - timedelta(days=1)).isoformat()
    return _without_gaps(start=record.get("valid_from"), end=last)


def _identifiers(record: Record, names: Names, **fields: IdentifierSystem) -> list[Resource]:
    """Write the numbers that are there; a pseudonym never claims to be the number it hides."""
    return [
        {
            "system": (systems.PSEUDONYM if name in names.pseudonyms else system).uri,
            "value": record[name],
        }
        for name, system in fields.items()
        if record.get(name)
    ]


def _extensions(record: Record) -> list[Resource]:
    found = []
    if record.get("five_years_on"):
        found.append({"url": systems.FIVE_YEARS_ON, "valueDate": record["five_years_on"]})
    facility = record.get("initial_facility") or {}
    if facility.get("code"):
        reference = _without_gaps(
            identifier={"system": systems.FACILITY.uri, "value": facility["code"]},
            display=facility.get("name"),
        )
        found.append({"url": systems.INITIAL_FACILITY, "valueReference": reference})
    return found


def _class(kind: str, code: Record | None) -> list[Resource]:
    if not code:
        return []
    return [
        _without_gaps(
            type={"coding": [{"system": systems.COVERAGE_CLASS, "code": kind}]},
            value=code["code"],
            name=code.get("name"),
        )
    ]


def _copayment(percentage: int | None) -> list[Resource]:
    if percentage is None:
        return []
    share = {"value": 100 - percentage, "unit": "%", "system": systems.UNITS, "code": "%"}
    return [{"type": _concept(systems.COPAY_TYPE, "copaypct"), "valueQuantity": share}]


def _concept(system: str, code: str | None) -> Resource | None:
    return {"coding": [{"system": system, "code": code}]} if code else None


def _gender(sex: Record | None) -> str | None:
    return _GENDERS.get(sex["code"], "unknown") if sex else None


def _deceased(record: Record) -> Resource:
    if record.get("death_date"):
        return {"deceasedDateTime": record["death_date"]}
    if record.get("is_alive") is not None:
        return {"deceasedBoolean": not record["is_alive"]}
    return {}


def _addresses(address: Record | None) -> list[Resource]:
    if not address:
        return []
    lines = [line for line in (address.get("street"), address.get("village")) if line]
    written = _without_gaps(
        line=lines,
        city=(address.get("commune") or {}).get("code"),
        state=(address.get("province") or {}).get("code"),
        country=address.get("country"),
    )
    return [written] if written else []


def _without_gaps(**elements: Any) -> Resource:
    return {name: value for name, value in elements.items() if value not in (None, [], {})}


COVERAGE = Source(
    kind="Coverage",
    resource_type="Coverage",
    dataset="insurance/eligibility",
    systems=(systems.HEALTH_CARD, systems.PIN, systems.SOCIAL_INSURANCE_NUMBER),
    fields=(
        "benefit_level",
        "benefit_percentage",
        "card_code",
        "five_years_on",
        "initial_facility",
        "is_valid",
        "object_code",
        "payer",
        "valid_from",
        "valid_to",
    ),
    required=("is_valid",),
    write=write_coverage,
)
PATIENT = Source(
    kind="Patient",
    resource_type="Patient",
    dataset="insurance/participant",
    systems=(systems.PIN, systems.SOCIAL_INSURANCE_NUMBER),
    fields=(
        "date_of_birth",
        "death_date",
        "full_name",
        "is_alive",
        "phone",
        "pin",
        "residence",
        "sex",
        "social_insurance_no",
    ),
    required=(),
    write=write_patient,
)
FACILITY = Source(
    kind="Organization/facility",
    resource_type="Organization",
    dataset="insurance/facility",
    systems=(systems.FACILITY,),
    fields=("address", "facility_code", "facility_name"),
    required=(),
    write=write_facility,
)
EMPLOYER = Source(
    kind="Organization/employer",
    resource_type="Organization",
    dataset="insurance/employer",
    systems=(systems.UNIT_CODE,),
    fields=("address", "employer_name", "enterprise_code", "unit_code"),
    required=(),
    write=write_employer,
)
SOURCES: Mapping[str, tuple[Source, ...]] = MappingProxyType(
    {"Coverage": (COVERAGE,), "Patient": (PATIENT,), "Organization": (FACILITY, EMPLOYER)}
)


def source_of(resource_type: str, dataset: str) -> Source:
    """Give the source of a type of resource that is a dataset."""
    return next(one for one in SOURCES[resource_type] if one.dataset == dataset)
