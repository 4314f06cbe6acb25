"""The agreements of the demonstration."""

from sharing_api import bootstrap


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
