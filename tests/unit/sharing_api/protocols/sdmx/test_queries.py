"""Paths and parameters of data queries."""

from datetime import UTC, date, datetime

import pytest

from databases.errors import RegisterError
from sharing_api.protocols.sdmx import definitions, errors, queries


def read(key: str = "", **parameters: str) -> queries.DataQuery:
    flow = definitions.flows()["POPULATION"]
    return queries.read(flow, key, list(parameters.items()))


class TestReadFlowReference:
    @pytest.mark.parametrize(
        "reference",
        ["POPULATION", "VNNSO,POPULATION", "all,POPULATION,latest", "VNNSO,POPULATION,1.0.0"],
    )
    def test_finds_a_flow(self, reference: str) -> None:
        assert queries.read_flow_reference(reference).id == "POPULATION"

    @pytest.mark.parametrize("reference", ["NOWHERE", "ECB,POPULATION", "VNNSO,POPULATION,9.0"])
    def test_finds_nothing_of_another_name_agency_or_version(self, reference: str) -> None:
        with pytest.raises(errors.NoResults):
            queries.read_flow_reference(reference)

    def test_refuses_a_reference_of_four_parts(self) -> None:
        with pytest.raises(errors.QueryNotParsed):
            queries.read_flow_reference("a,b,c,d")


class TestRead:
    def test_joins_key_and_filters(self) -> None:
        flow = definitions.flows()["POPULATION"]
        query = queries.read(flow, "A.VN......", [("c[SEX]", "M,F")])

        assert query.conditions == {"FREQ": ("A",), "REF_AREA": ("VN",), "SEX": ("M", "F")}

    def test_takes_the_span_of_both_periods(self) -> None:
        query = read(startPeriod="2025-Q3", endPeriod="2026")

        assert (query.first_day, query.last_day) == (date(2025, 7, 1), date(2026, 12, 31))

    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2025", date(2025, 1, 1), date(2025, 12, 31)),
            ("ge:2025 le:2026", date(2025, 1, 1), date(2026, 12, 31)),
            ("ge:2025+lt:2026", date(2025, 1, 1), date(2025, 12, 31)),
            ("gt:2025", date(2026, 1, 1), None),
        ],
    )
    def test_reads_the_filter_of_time(
        self, text: str, first: date | None, last: date | None
    ) -> None:
        flow = definitions.flows()["POPULATION"]
        query = queries.read(flow, "", [("c[TIME_PERIOD]", text)])

        assert (query.first_day, query.last_day) == (first, last)

    @pytest.mark.parametrize("text", ["2026-03-02T08:00:00Z", "2026-03-02T15:00:00 07:00"])
    def test_reads_a_moment_although_its_plus_became_a_space(self, text: str) -> None:
        assert read(asOf=text).as_of == datetime(2026, 3, 2, 8, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("name", "value", "kind"),
        [
            ("startPeriod", "soon", errors.QueryNotParsed),
            ("asOf", "soon", errors.QueryNotParsed),
            ("detail", "much", errors.QueryNotParsed),
            ("includeHistory", "perhaps", errors.QueryNotParsed),
            ("firstNObservations", "0", errors.QueryNotParsed),
            ("lastNObservations", "-1", errors.QueryNotParsed),
            ("lastNObservations", "٣", errors.QueryNotParsed),
            ("dimensionAtObservation", "COLOUR", errors.QueryNotUnderstood),
            ("dimensionAtObservation", "SEX", errors.FeatureNotOffered),
            ("updatedAfter", "2026-01-01", errors.FeatureNotOffered),
            ("select", "*", errors.QueryNotParsed),
            ("c[COLOUR]", "red", errors.QueryNotUnderstood),
            ("c[TIME_PERIOD]", "co:2026", errors.FeatureNotOffered),
        ],
    )
    def test_refuses_a_wrong_parameter_by_its_name(
        self, name: str, value: str, kind: type[RegisterError]
    ) -> None:
        flow = definitions.flows()["POPULATION"]
        with pytest.raises(kind) as caught:
            queries.read(flow, "", [(name, value)])

        assert caught.value.fields[0].field == name

    def test_refuses_a_parameter_given_twice(self) -> None:
        flow = definitions.flows()["POPULATION"]
        with pytest.raises(errors.QueryNotParsed):
            queries.read(flow, "", [("detail", "full"), ("detail", "nodata")])
