"""Which form of data a caller gets."""

import pytest

from sharing_api import errors
from sharing_api.protocols.sdmx import media

GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
CSV = "application/vnd.sdmx.data+csv;version=1.0.0"


class TestChooseData:
    @pytest.mark.parametrize(
        ("accept", "chosen"),
        [
            ("", GENERIC),
            ("*/*", GENERIC),
            ("application/xml", GENERIC),
            ("application/vnd.sdmx.structurespecificdata+xml", SPECIFIC),
            ("application/vnd.sdmx.structurespecificdata+xml; version=2.1", SPECIFIC),
            ("text/csv", CSV),
            (f"{GENERIC};q=0.5, {CSV};q=0.9", CSV),
            (f"application/json, {SPECIFIC};q=0.1", SPECIFIC),
        ],
    )
    def test_gives_generic_data_unless_another_form_is_preferred(
        self, accept: str, chosen: str
    ) -> None:
        assert media.choose_data(accept, "2.1").media_type == chosen

    @pytest.mark.parametrize(
        "accept",
        [
            "application/json",
            "application/vnd.sdmx.genericdata+xml;version=2.0",
            f"{GENERIC};q=0",
        ],
    )
    def test_refuses_what_is_not_offered(self, accept: str) -> None:
        with pytest.raises(errors.NotAcceptable):
            media.choose_data(accept, "2.1")

    def test_gives_structure_specific_data_in_3_0(self) -> None:
        chosen = media.choose_data("*/*", "3.0")

        assert chosen.media_type == "application/vnd.sdmx.data+xml;version=3.0.0"
