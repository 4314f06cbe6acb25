"""Time periods of SDMX as days."""

from datetime import date

import pytest

from sharing_api.protocols.sdmx import errors, periods


class TestRead:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-A1", "2026-01-01", "2026-12-31"),
            ("2026-S2", "2026-07-01", "2026-12-31"),
            ("2026-T2", "2026-05-01", "2026-08-31"),
            ("2026-Q1", "2026-01-01", "2026-03-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-M02", "2026-02-01", "2026-02-28"),
            ("2026-05-31", "2026-05-31", "2026-05-31"),
        ],
    )
    def test_gives_first_and_last_day(self, text: str, first: str, last: str) -> None:
        days = periods.read(text, "startPeriod")

        assert days == (date.fromisoformat(first), date.fromisoformat(last))

    @pytest.mark.parametrize(
        "text", ["", "26", "2026-13", "2026-02-30", "2026-Q5", "2026-Q0", "2026-X1", "٢٠٢٦", "0999"]
    )
    def test_refuses_what_is_no_period_and_names_the_parameter(self, text: str) -> None:
        with pytest.raises(errors.QueryNotParsed) as caught:
            periods.read(text, "startPeriod")

        assert caught.value.fields[0].field == "startPeriod"
