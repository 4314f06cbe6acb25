from typing import Any

import pytest
from fhir.resources.R4B.coverage import Coverage
from fhir.resources.R4B.organization import Organization
from fhir.resources.R4B.patient import Patient

from sharing_api.protocols.fhir import resources, systems

_NAMES = resources.Names("card1", "person1")
_COVERAGE = {
    "card_code": "HT2010123456789",
    "is_valid": True,
    "benefit_level": {"code": "2", "list": "health_insurance_benefit_level", "version": "1"},
    "benefit_percentage": 80,
    "payer": "insurance_fund",
    "object_code": {"code": "HT", "list": "health_insurance_object", "version": "1"},
    "initial_facility": {"code": "01001", "name": "Bệnh viện Ví Dụ"},
    "valid_from": "2026-01-01",
    "valid_to": "2027-01-01",
    "five_years_on": "2024-05-01",
}
_PERSON = {
    "pin": "001190000001",
    "social_insurance_no": "0123456789",
    "full_name": "Nguyễn Thị Lan",
    "date_of_birth": "1990-02",
    "sex": {"code": "2", "list": "sex", "version": "109/2017"},
    "phone": "02400000000",
    "residence": {
        "street": "Số 1",
        "village": None,
        "commune": {"code": "00004", "list": "commune", "version": "19/2025"},
        "province": {"code": "01", "list": "province", "version": "19/2025"},
        "country": "VN",
    },
    "death_date": None,
    "is_alive": True,
}


class TestWriteCoverage:
    def test_writes_fhir(self) -> None:
        Coverage.model_validate(resources.write_coverage(_COVERAGE, _NAMES))

    def test_says_the_last_day_where_the_register_says_the_first_without(self) -> None:
        written = resources.write_coverage(_COVERAGE, _NAMES)

        assert written["period"] == {"start": "2026-01-01", "end": "2026-12-31"}

    def test_says_the_level_of_the_day_and_the_share_of_the_patient(self) -> None:
        written = resources.write_coverage(_COVERAGE, _NAMES)

        assert [one["value"] for one in written["class"]] == ["HT", "2"]
        assert written["costToBeneficiary"][0]["valueQuantity"]["value"] == 20

    @pytest.mark.parametrize(("is_valid", "status"), [(True, "active"), (False, "cancelled")])
    def test_says_whether_the_card_is_valid(self, is_valid: bool, status: str) -> None:
        written = resources.write_coverage({**_COVERAGE, "is_valid": is_valid}, _NAMES)

        assert written["status"] == status

    def test_says_nothing_that_was_not_granted(self) -> None:
        written = resources.write_coverage({"is_valid": True}, _NAMES)

        Coverage.model_validate(written)
        assert set(written) == {"resourceType", "id", "status", "beneficiary", "payor"}

    def test_does_not_pass_off_a_pseudonym_as_a_card(self) -> None:
        names = resources.Names("card1", "person1", frozenset({"card_code"}))

        written = resources.write_coverage({"is_valid": True, "card_code": "x"}, names)

        assert written["identifier"] == [{"system": systems.PSEUDONYM.uri, "value": "x"}]


class TestWritePatient:
    def test_writes_fhir(self) -> None:
        Patient.model_validate(resources.write_patient(_PERSON, _NAMES))

    def test_says_who_it_is(self) -> None:
        written = resources.write_patient(_PERSON, _NAMES)

        assert [one["value"] for one in written["identifier"]] == ["001190000001", "0123456789"]
        assert (written["gender"], written["birthDate"]) == ("female", "1990-02")
        assert written["name"] == [{"text": "Nguyễn Thị Lan"}]
        assert written["deceasedBoolean"] is False

    def test_says_the_day_of_death_once(self) -> None:
        dead = {**_PERSON, "death_date": "2025-01-01", "is_alive": False}

        written = resources.write_patient(dead, _NAMES)

        Patient.model_validate(written)
        assert written["deceasedDateTime"] == "2025-01-01"
        assert "deceasedBoolean" not in written

    @pytest.mark.parametrize("field", sorted(_PERSON))
    def test_can_do_without_every_field(self, field: str) -> None:
        left = {name: value for name, value in _PERSON.items() if name != field}

        Patient.model_validate(resources.write_patient(left, _NAMES))


class TestWriteOrganizations:
    @pytest.mark.parametrize(
        ("write", "record", "system"),
        [
            (
                resources.write_facility,
                {"facility_code": "01001", "facility_name": "Bệnh viện Ví Dụ"},
                systems.FACILITY,
            ),
            (
                resources.write_employer,
                {"unit_code": "YN0123Z", "employer_name": "Công ty Ví Dụ"},
                systems.UNIT_CODE,
            ),
        ],
    )
    def test_write_fhir(self, write: Any, record: Any, system: systems.IdentifierSystem) -> None:
        written = write({**record, "address": _PERSON["residence"]}, _NAMES)

        Organization.model_validate(written)
        assert written["identifier"][0]["system"] == system.uri
        assert written["address"][0]["city"] == "00004"
