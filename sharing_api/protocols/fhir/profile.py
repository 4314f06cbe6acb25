"""The part of FHIR that is spoken here, as JSON Schema: compiled once, checked in microseconds.

Messages are held against it before they leave; a request that fits it needs no slower look. That
all of it is FHIR 4.0.1 is proved by the tests, element by element, against the models of R4B.
"""

from collections.abc import Mapping
from typing import Any, Final

from sharing_api.standards import validate

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "pattern": r"\S"}
_ID: Final[Schema] = {"type": "string", "pattern": r"^[A-Za-z0-9.-]{1,64}$"}
_URI: Final[Schema] = {"type": "string", "pattern": r"^\S+$"}
_CODE: Final[Schema] = {"type": "string", "pattern": r"^[^\s]+( [^\s]+)*$"}
_DAY: Final[Schema] = {"type": "string", "format": "date", "pattern": "^[1-9]"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time", "pattern": "^[1-9]"}
_PARTIAL_DATE: Final[Schema] = {"anyOf": [{"type": "string", "pattern": "^[1-9][0-9]{3}$"},
    {"type": "string", "pattern": "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$"}, _DAY]}  # fmt: skip
_TRUTH: Final[Schema] = {"type": "boolean"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 2_147_483_647}


def _of(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _many(schema: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": schema}


def _element(*required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _resource(name: str, /, *required: str, **properties: Schema) -> Schema:
    kind = {"resourceType": {"const": name}}
    return _element("resourceType", *required, **kind, **properties)


DEFINITIONS: Final[Mapping[str, Schema]] = {
    "Identifier": _element(system=_URI, value=_TEXT),
    "Reference": _element(reference=_TEXT, identifier=_of("Identifier"), display=_TEXT),
    "Coding": _element(system=_URI, version=_TEXT, code=_CODE),
    "CodeableConcept": _element(coding=_many(_of("Coding"))),
    "Period": _element(start=_DAY, end=_DAY),
    "Quantity": _element(value=_COUNT, unit=_TEXT, system=_URI, code=_CODE),
    "Extension": _element("url", url=_URI, valueDate=_DAY, valueReference=_of("Reference")),
    "HumanName": _element(text=_TEXT),
    "ContactPoint": _element(system=_CODE, value=_TEXT),
    "Address": _element(line=_many(_TEXT), city=_TEXT, state=_TEXT, country=_TEXT),
    "CoverageClass": _element(
        "type", "value", type=_of("CodeableConcept"), value=_TEXT, name=_TEXT
    ),
    "CoverageCostToBeneficiary": _element(
        type=_of("CodeableConcept"), valueQuantity=_of("Quantity")
    ),
    "Coverage": _resource(
        *("Coverage", "status", "beneficiary", "payor"),
        id=_ID,
        extension=_many(_of("Extension")),
        identifier=_many(_of("Identifier")),
        status={"enum": ["active", "cancelled"]},
        type=_of("CodeableConcept"),
        beneficiary=_of("Reference"),
        period=_of("Period"),
        payor=_many(_of("Reference")),
        costToBeneficiary=_many(_of("CoverageCostToBeneficiary")),
        **{"class": _many(_of("CoverageClass"))},
    ),
    "Patient": _resource(
        "Patient",
        id=_ID,
        identifier=_many(_of("Identifier")),
        name=_many(_of("HumanName")),
        telecom=_many(_of("ContactPoint")),
        gender={"enum": ["male", "female", "unknown"]},
        birthDate=_PARTIAL_DATE,
        deceasedBoolean=_TRUTH,
        deceasedDateTime=_DAY,
        address=_many(_of("Address")),
    ),
    "Organization": _resource(
        "Organization",
        id=_ID,
        identifier=_many(_of("Identifier")),
        name=_TEXT,
        address=_many(_of("Address")),
    ),
    "CoverageEligibilityResponseInsuranceItemBenefit": _element(
        "type", type=_of("CodeableConcept"), allowedString=_TEXT, allowedUnsignedInt=_COUNT
    ),
    "CoverageEligibilityResponseInsuranceItem": _element(
        benefit=_many(_of("CoverageEligibilityResponseInsuranceItemBenefit"))
    ),
    "CoverageEligibilityResponseInsurance": _element(
        "coverage",
        coverage=_of("Reference"),
        inforce=_TRUTH,
        item=_many(_of("CoverageEligibilityResponseInsuranceItem")),
    ),
    "CoverageEligibilityResponse": _resource(
        *("CoverageEligibilityResponse", "status", "purpose", "patient", "created"),
        *("request", "outcome", "insurer"),
        identifier=_many(_of("Identifier")),
        status={"const": "active"},
        purpose=_many({"enum": ["validation", "benefits"]}),
        patient=_of("Reference"),
        servicedDate=_DAY,
        created=_MOMENT,
        request=_of("Reference"),
        outcome={"const": "complete"},
        insurer=_of("Reference"),
        insurance=_many(_of("CoverageEligibilityResponseInsurance")),
    ),
    "CoverageEligibilityRequestInsurance": _element("coverage", coverage=_of("Reference")),
    "CoverageEligibilityRequest": _resource(
        *("CoverageEligibilityRequest", "status", "purpose", "patient", "created", "insurer"),
        identifier=_many(_of("Identifier")),
        status={"const": "active"},
        purpose=_many({"enum": ["validation", "benefits"]}),
        patient=_of("Reference"),
        servicedDate=_DAY,
        created=_DAY,
        insurer=_of("Reference"),
        provider=_of("Reference"),
        insurance={**_many(_of("CoverageEligibilityRequestInsurance")), "maxItems": 1},
    ),
    "BundleLink": _element("relation", "url", relation=_TEXT, url=_URI),
    "BundleEntrySearch": _element(mode={"const": "match"}),
    "BundleEntry": _element(
        fullUrl=_URI,
        resource={"anyOf": [_of("Coverage"), _of("Patient"), _of("Organization")]},
        search=_of("BundleEntrySearch"),
    ),
    "Bundle": _resource(
        *("Bundle", "type"),
        type={"const": "searchset"},
        total=_COUNT,
        link=_many(_of("BundleLink")),
        entry=_many(_of("BundleEntry")),
    ),
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VALIDATORS = {
    name: validate.compile_schema({"$schema": _DIALECT, "$defs": DEFINITIONS, **_of(name)})
    for name, schema in DEFINITIONS.items()
    if "resourceType" in schema["properties"]
}


def is_spoken(resource: Mapping[str, Any]) -> bool:
    """Test whether a resource of a type that is spoken here fits the profile."""
    return _VALIDATORS[resource["resourceType"]].is_valid(resource)
