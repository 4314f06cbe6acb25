"""Eligibility: whether a card is valid on a day and at which level, and nothing else about anybody.

What is asked is what is given: `validation` asks whether the card is valid, `benefits` asks for
the level too. The register is asked for these fields only, whatever else an agreement grants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.fhir import eligibility_request, forms, systems
from sharing_api.protocols.fhir.resources import COVERAGE, INSURER, PATIENT, Resource, Source

_MEDIA = frozenset({"application/json", "application/fhir+json"})
# A patient named beside a card is compared with the register, by the field of the number given.
_CLAIMS = {systems.PIN.uri: "pin", systems.SOCIAL_INSURANCE_NUMBER.uri: "social_insurance_no"}
_BY_REFERENCE = "participant_no"
_URI = "urn:ietf:rfc:3986"


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that a reference names; the system is empty for an id of ours."""

    system: str
    value: str


class Eligibility(forms.Interaction):
    """One request for eligibility, from its resource to the response."""

    key_at = f"{eligibility_request.RESOURCE_TYPE}.insurance[0].coverage"
    _request: Mapping[str, Any] = {}

    def read(self, incoming: Incoming) -> Asked:
        """Make a question of a CoverageEligibilityRequest.

        Raises:
            Malformed, UnsupportedMedia: the body cannot be read.
            ResourceInvalid: it breaks FHIR, or asks what is not answered here.
            RecordNotFound: a reference that the exchange never gave to this agency.
        """
        forms.require_json(incoming, forms.read_format(incoming))
        media = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in _MEDIA:
            raise errors.UnsupportedMedia("Send the request as application/fhir+json.")
        self._request = eligibility_request.read(incoming.body)
        card, patient = self._card(incoming), self._patient(incoming)
        asked_by = card or patient
        if asked_by is None:
            raise eligibility_request.refusal(
                "patient", "Name the card, or the patient by number or by our id."
            )
        if card is None:
            self.key_at = f"{eligibility_request.RESOURCE_TYPE}.patient"
        claims = {}
        if card and patient and card.value != patient.value:
            claims = {_CLAIMS.get(patient.system, _BY_REFERENCE): patient.value}
        fields = {
            name
            for purpose in self._request["purpose"]
            for name in eligibility_request.FIELDS[purpose]
        }
        return Asked(
            dataset=COVERAGE.dataset,
            operation="look-up",
            fields=tuple(sorted(fields)),
            purpose="",
            legal_basis="",
            keys=(asked_by.value,),
            claims=claims,
            valid_on=eligibility_request.read_day(self._request),
        )

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the response."""
        (key,) = inquiry.records
        record, names = inquiry.records[key], self._names(inquiry, COVERAGE, key)
        own_identifier = self._request.get("identifier")
        asked_in = own_identifier[0] if own_identifier else {"display": "the request of this call"}
        insurance: Resource = {
            "coverage": {"reference": f"Coverage/{names.resource_id}"},
            "inforce": bool(record["is_valid"]),
        }
        benefits = _benefits(record)
        if benefits:
            insurance["item"] = [{"benefit": benefits}]
        return forms.render(
            {
                "resourceType": "CoverageEligibilityResponse",
                "identifier": [{"system": _URI, "value": inquiry.urn}],
                "status": "active",
                "purpose": self._request["purpose"],
                "patient": {"reference": f"Patient/{names.patient_id}"},
                "servicedDate": inquiry.valid_on.isoformat(),
                "created": moment(inquiry.received_at),
                "request": {"identifier": asked_in} if own_identifier else asked_in,
                "outcome": "complete",
                "insurer": INSURER,
                "insurance": [insurance],
            }
        )

    def _card(self, incoming: Incoming) -> _Number | None:
        insurance = self._request.get("insurance", ())
        if not insurance:
            return None
        place = "insurance[0].coverage"
        found = self._number(incoming, COVERAGE, insurance[0]["coverage"], place)
        if found is None:
            raise eligibility_request.refusal(place, "Name the card by its number or by our id.")
        return found

    def _patient(self, incoming: Incoming) -> _Number | None:
        return self._number(incoming, PATIENT, self._request["patient"], "patient")

    def _number(
        self, incoming: Incoming, source: Source, named: Mapping[str, Any], place: str
    ) -> _Number | None:
        """Read whom or what a reference names; None when it has but a display text."""
        if "reference" in named:
            kind, _, resource_id = named["reference"].rpartition("/")
            if kind not in (source.resource_type, _ours(incoming, source)):
                raise eligibility_request.refusal(
                    f"{place}.reference", "This names no resource of the exchange."
                )
            return _Number(
                "", self._references.open(incoming.caller.agency, source.kind, resource_id)
            )
        if "identifier" not in named:
            return None
        identifier = named["identifier"]
        system, value = identifier.get("system"), identifier.get("value")
        if system not in {one.uri for one in source.systems} or not value:
            known = " or ".join(one.uri for one in source.systems)
            raise eligibility_request.refusal(
                f"{place}.identifier", f"Give value and system: {known}."
            )
        return _Number(system, value)


def _benefits(record: Mapping[str, Any]) -> list[Resource]:
    found: list[Resource] = []
    level, percentage = record.get("benefit_level"), record.get("benefit_percentage")
    if level:
        found.append({"type": _benefit("level"), "allowedString": level["code"]})
    if percentage is not None:
        found.append({"type": _benefit("fund-percentage"), "allowedUnsignedInt": percentage})
    return found


def _benefit(code: str) -> Resource:
    return {"coding": [{"system": systems.BENEFIT, "code": code}]}


def _ours(incoming: Incoming, source: Source) -> str:
    return f"{forms.base_of(incoming)}/{source.resource_type}"
