"""The list of land uses and the law agree on its versions."""

import pytest

from databases.code_lists import reading
from databases.code_lists.catalogue import Catalogue
from land import legal


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return reading.load_catalogue()


class TestLandUses:
    @pytest.mark.parametrize("regime", legal.LAND_USE_REGIMES)
    def test_have_the_days_of_the_law(self, catalogue: Catalogue, regime: str) -> None:
        version = catalogue.get_version("land_use", regime)

        assert (version.valid_from, version.valid_to) == legal.LAND_USE_REGIMES[regime]

    def test_know_every_use_whose_term_is_bound(self, catalogue: Catalogue) -> None:
        known = {
            code.code
            for regime in legal.LAND_USE_REGIMES
            for code in catalogue.list_codes("land_use", regime)
        }

        assert known >= legal.TERM_BOUND_USES

    def test_mark_codes_on_which_published_lists_disagree(self, catalogue: Catalogue) -> None:
        low = {
            code.code
            for code in catalogue.list_codes("land_use", "08/2024")
            if code.confidence.value == "R-low"
        }

        assert {"DNG", "DSK", "SKN", "DPC", "DSH"} <= low
