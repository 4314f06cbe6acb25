"""What the FHIR service can do, as FHIR asks every service to say: its CapabilityStatement."""

from sharing_api.protocols.fhir import parameters, systems
from sharing_api.protocols.fhir.resources import SOURCES, Resource

_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_SUBMIT = "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit"
_DESCRIPTION = (
    "Questions to the national database on insurance, decided under an agreement, cut down to what "
    "it grants and logged. FHIR 4.0.1; messages are checked with the models of R4B (4.3.0), whose "
    "Coverage, Patient, Organization and CoverageEligibility resources have the same elements. "
    "Resource ids are names for the asking agency alone. To keep numbers out of addresses, search "
    "with POST _search. Identifier systems: "
    + "; ".join(
        f"{one.uri} ({one.title_vi}: {one.shape})" for one in systems.IDENTIFIER_SYSTEMS.values()
    )
)
_SECURITY = (
    "OAuth 2.0 client credentials with a signed assertion (private_key_jwt) at /v1/token; send "
    "Authorization: Bearer. Where an agency's agreements know several purposes or legal bases, say "
    "which in Exchange-Purpose and Exchange-Legal-Basis."
)


def document(base: str) -> Resource:
    """Write the statement of the service at an address."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-22",
        "publisher": "Operator of the exchange",
        "kind": "instance",
        "software": {"name": "National reference databases: sharing API", "version": "1.0.0"},
        "implementation": {"description": _DESCRIPTION, "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [{"coding": [{"system": _SERVICES, "code": "OAuth"}]}],
                    "description": _SECURITY,
                },
                "resource": [*(_searched(kind) for kind in SOURCES), _eligibility()],
            }
        ],
    }


def _searched(resource_type: str) -> Resource:
    return {
        "type": resource_type,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [
            {
                "name": name,
                "type": "reference" if name in parameters.OF_PATIENT else "token",
                "documentation": "Exactly one parameter, with one value or several.",
            }
            # Modifiers and chains are ways to write a parameter, not parameters.
            for name in sorted(parameters.CRITERIA[resource_type] - parameters.OF_PATIENT_BY_NUMBER)
        ],
    }


def _eligibility() -> Resource:
    return {
        "type": "CoverageEligibilityRequest",
        "interaction": [{"code": "create", "documentation": "Answered with the response at once."}],
        "operation": [{"name": "submit", "definition": _SUBMIT}],
    }
