"""The agreements of the demonstration."""

import pytest

from sharing_api import bootstrap
from sharing_api.disclosure import catalogue
from sharing_api.protocols import procedures


class TestListSampleAgreements:
    def test_names_the_system_whatever_else_stands_in_the_name_of_the_file(self) -> None:
        asked_by = [one.client_id for one in bootstrap.list_sample_agreements()]

        assert {"hanoi-one-stop", "hospital", "tax-registration"} <= set(asked_by)
        assert asked_by.count("tax-registration") > 1


class TestUsualLegalBasis:
    def test_is_the_first_of_the_first_agreement(self) -> None:
        first = bootstrap.list_sample_agreements()[0]

        assert bootstrap.usual_legal_basis(first.client_id) == first.content["legal_basis"][0]

    def test_is_empty_for_a_system_that_no_sample_knows(self) -> None:
        assert bootstrap.usual_legal_basis("somebody-else") == ""


class TestTheSampleAgreements:
    def test_have_one_for_each_procedure_that_covers_its_form(self) -> None:
        for procedure in procedures.load().values():
            (one,) = (
                sample.content
                for sample in bootstrap.list_sample_agreements()
                if procedure.name in sample.content["procedures"]
            )
            for asked in procedure.form:
                granted = one["datasets"][asked.dataset]["fields"]
                sources = catalogue.DATASETS[asked.dataset].fields[asked.field].sources
                assert {asked.field, *sources} <= granted.keys()

    @pytest.mark.parametrize("system", ["hospital", "land-map", "statistics-reader"])
    def test_leave_tools_of_a_field_one_use_so_that_they_need_no_header(self, system: str) -> None:
        samples = bootstrap.list_sample_agreements()
        (own,) = (one.content for one in samples if one.client_id == system)
        uses = {
            (purpose, basis)
            for one in samples
            if one.content["consumer"] == own["consumer"]
            if one.content["datasets"].keys() & own["datasets"].keys()
            for purpose in one.content["purposes"]
            for basis in one.content["legal_basis"]
        }

        assert len(uses) == 1
