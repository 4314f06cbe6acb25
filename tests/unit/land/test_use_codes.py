"""Codes of land use are looked up in their list, as firmly as the list is known."""

from collections.abc import Mapping

import pytest

from databases.code_lists.values import Confidence
from land import errors, values
from land.rules import use_codes
from land.rules.use_codes import UseList

KNOWN = {"ODT": Confidence.SOURCED, "DNG": Confidence.LOW}


def use(code: str | None) -> values.LandUse:
    return values.LandUse("08/2024", code, "đất", None)


def rules_for(code: str | None, lists: Mapping[str, UseList]) -> list[str]:
    return [one.rule for one in use_codes.require_known_codes([use(code)], lists)]


class TestRequireKnownCodes:
    @pytest.mark.parametrize("confidence", Confidence)
    def test_is_content_with_a_code_of_the_list(self, confidence: Confidence) -> None:
        assert rules_for("ODT", {"08/2024": UseList(confidence, KNOWN)}) == []

    @pytest.mark.parametrize("confidence", [Confidence.SOURCED, Confidence.HIGH])
    def test_refuses_a_code_that_a_well_known_list_lacks(self, confidence: Confidence) -> None:
        with pytest.raises(errors.WrongLandUse) as refused:
            rules_for("XYZ", {"08/2024": UseList(confidence, KNOWN)})

        assert refused.value.fields[0].rule == "land_use.unknown_code"

    @pytest.mark.parametrize("confidence", [Confidence.MEDIUM, Confidence.LOW])
    def test_warns_of_a_code_that_a_doubtful_list_lacks(self, confidence: Confidence) -> None:
        found = rules_for("XYZ", {"08/2024": UseList(confidence, KNOWN)})

        assert found == ["land_use.unknown_code"]

    def test_warns_of_a_code_on_which_published_lists_disagree(self) -> None:
        found = rules_for("DNG", {"08/2024": UseList(Confidence.HIGH, KNOWN)})

        assert found == ["land_use.disputed_code"]

    def test_warns_when_the_list_is_not_installed(self) -> None:
        assert rules_for("ODT", {}) == ["land_use.list_missing"]

    def test_asks_no_list_about_words(self) -> None:
        assert rules_for(None, {}) == []
