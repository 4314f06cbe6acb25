from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from sharing_api.protocols.fhir import profile


def _elements(name: str) -> dict[str, bool]:
    """Name the elements of a model of R4B, and whether FHIR requires them."""
    model: Any = get_fhir_model_class(name)
    return {
        one.alias or field: one.is_required()
        or bool((one.json_schema_extra or {}).get("element_required"))
        for field, one in model.model_fields.items()
    }


class TestDefinitions:
    @pytest.mark.parametrize("name", profile.DEFINITIONS)
    def test_know_no_element_that_fhir_does_not_have(self, name: str) -> None:
        spoken = set(profile.DEFINITIONS[name]["properties"]) - {"resourceType"}

        assert spoken <= _elements(name).keys()

    @pytest.mark.parametrize("name", profile.DEFINITIONS)
    def test_require_what_fhir_requires(self, name: str) -> None:
        required = {element for element, is_required in _elements(name).items() if is_required}

        assert required <= set(profile.DEFINITIONS[name]["required"])


class TestIsSpoken:
    @pytest.mark.parametrize(
        ("changes", "is_spoken"),
        [
            ({}, True),
            ({"birthDate": "1990"}, True),
            ({"birthDate": "1990-13"}, False),
            ({"birthDate": "0000"}, False),
            ({"colour": "blue"}, False),
            ({"name": []}, False),
            ({"name": [{}]}, False),
            ({"id": "a_b"}, False),
            ({"gender": "2"}, False),
        ],
    )
    def test_holds_values_to_their_form(self, changes: dict[str, Any], is_spoken: bool) -> None:
        patient = {"resourceType": "Patient", "id": "1", "birthDate": "1990-02-28", **changes}

        assert profile.is_spoken(patient) is is_spoken
