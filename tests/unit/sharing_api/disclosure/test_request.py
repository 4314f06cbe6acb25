import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from databases.errors import Invalid, RegisterError
from sharing_api import errors
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import catalogue, forms, request
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.settings import MAX_BODY_BYTES
from tests.factories.exchange import make_message

NOW = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # already the third of March in Viet Nam
CALLER = Caller("H90", "one-stop", 2_000_000_000)
PIN = "001190000001"


def read(
    body: bytes | Mapping[str, Any],
    operation: str = "look-up",
    headers: Mapping[str, str] | None = None,
    dataset: str = "population/citizen",
) -> Inquiry:
    return request.read(
        CALLER,
        dataset_name=dataset,
        operation=operation,
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers=headers or {},
        now=NOW,
    )


def look_up(**changes: Any) -> dict[str, Any]:
    return make_message(**{"key": PIN, "fields": ["full_name"], **changes})


class TestReadJson:
    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"{", id="cut"),
            pytest.param(b'{"a": 1} x', id="more_after"),
            pytest.param(b'{"a": NaN}', id="nan"),
            pytest.param(b'{"a": -Infinity}', id="infinity"),
            pytest.param(b'{"a": 1, "a": 1}', id="member_twice"),
            pytest.param(b'{"b": {"a": 1, "\\u0061": 2}}', id="member_twice_escaped"),
            pytest.param('{"a": "Hoà"}'.encode("latin-1"), id="latin_1"),
            pytest.param('{"a": 1}'.encode("utf-16"), id="utf_16"),
            pytest.param(b"\xef\xbb\xbf{}", id="byte_order_mark"),
            pytest.param(b"[" * 100_000, id="open_deep"),
            pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep"),
            pytest.param(b'{"a": ' + b"9" * 10_000 + b"}", id="huge_number"),
        ],
    )
    def test_refuses_what_two_readers_could_understand_differently(self, body: bytes) -> None:
        with pytest.raises(errors.Malformed):
            request.read_json(body)

    def test_takes_a_body_of_the_largest_size_and_no_byte_more(self) -> None:
        body = b'"' + b"x" * (MAX_BODY_BYTES - 2) + b'"'

        assert len(request.read_json(body)) == MAX_BODY_BYTES - 2
        with pytest.raises(errors.TooLarge):
            request.read_json(body + b" ")


class TestRead:
    def test_makes_an_inquiry(self) -> None:
        body = json.dumps(look_up(claims={"sex": "2"}, procedure="2.000")).encode()

        inquiry = read(body)

        question = inquiry.question
        assert (question.consumer, question.dataset) == ("H90", "population/citizen")
        assert (question.fields, question.claims) == (("full_name",), ("sex",))
        assert question.procedure == "2.000"
        assert inquiry.keys == (PIN,)
        assert (inquiry.client, inquiry.officer) == ("one-stop", "cb-01")
        assert inquiry.case_reference == "H-7"
        assert inquiry.request_hash == hashlib.sha256(body).digest()
        assert inquiry.limit == 0

    def test_counts_days_as_viet_nam_does(self) -> None:
        assert read(look_up()).valid_on == date(2026, 3, 3)
        assert read(look_up(valid_on="2025-06-30")).valid_on == date(2025, 6, 30)

    def test_reads_the_state_as_number_or_moment(self) -> None:
        assert read(look_up()).as_of is None
        assert read(look_up(as_of=7)).as_of == 7
        assert read(look_up(as_of="2026-03-02T15:30:00+07:00")).as_of == datetime(
            2026, 3, 2, 8, 30, tzinfo=UTC
        )

    def test_keeps_headers_of_x_road_only(self) -> None:
        inquiry = read(look_up(), headers={"x-road-id": "7", "x-other": "8"})

        assert inquiry.transport == {"x-road-id": "7"}

    def test_asks_for_each_key_of_a_batch_once(self) -> None:
        message = make_message(keys=[PIN, "001190000002"], fields=["full_name"])

        assert read(message, "batch").keys == (PIN, "001190000002")

    def test_names_every_malformed_key_of_a_batch(self) -> None:
        message = make_message(keys=[PIN, "12", "x" * 12], fields=["full_name"])

        with pytest.raises(request.InvalidKey) as caught:
            read(message, "batch")
        assert [(one.field, one.rule) for one in caught.value.fields] == [
            ("keys/1", "pin.shape"),
            ("keys/2", "pin.shape"),
        ]

    def test_gives_the_search_its_provinces_and_limit(self) -> None:
        province = {"code": "96", "version": "19/2025"}
        message = make_message(predicates={"province": province}, fields=["pin"], limit=3)

        inquiry = read(message, "search")

        assert inquiry.question.provinces == (("19/2025", "96"),)
        assert (inquiry.limit, inquiry.keys) == (3, ())

    def test_asks_for_no_more_records_than_the_standard_of_searches_holds(self) -> None:
        message = make_message(predicates={"flow": "POPULATION"}, fields=["obs_value"])

        inquiry = read(message, "search", dataset="population_statistics/observation")

        assert inquiry.limit == 1000 < catalogue.DATASETS[inquiry.question.dataset].search_limit

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"officer": "\ud800"}, id="half_a_character"),
            pytest.param({"key": "\ud800"}, id="half_a_character_in_key"),
            pytest.param({"claims": {"full_name": "\udfff"}}, id="half_a_character_in_claim"),
            pytest.param({"valid_on": "0000-01-01"}, id="year_0"),
            pytest.param({"valid_on": "2025-02-29"}, id="no_such_day"),
            pytest.param({"as_of": "2016-12-31T23:59:60Z"}, id="leap_second"),
            pytest.param({"as_of": "2026-03-02"}, id="day_for_moment"),
            pytest.param({"as_of": 0}, id="change_0"),
            pytest.param({"as_of": 10**30}, id="change_too_large"),
            pytest.param({"as_of": True}, id="change_true"),
            pytest.param({"fields": []}, id="no_fields"),
            pytest.param({"more": 1}, id="unknown_member"),
            pytest.param({"officer": "a\nb"}, id="new_line"),
            pytest.param({"purpose": ""}, id="no_purpose"),
            pytest.param({"claims": {}}, id="no_claims"),
            pytest.param({"claims": {"A" * 70: "x"}}, id="claim_of_no_name"),
        ],
    )
    def test_refuses_with_a_problem_what_breaks_rules(self, changes: dict[str, Any]) -> None:
        with pytest.raises(RegisterError) as caught:
            read(look_up(**changes))
        assert isinstance(caught.value, (errors.Malformed, Invalid))

    @pytest.mark.parametrize("moment", ["2026-03-02t08:30:00z", "2026-03-02T08:30:00.123456789Z"])
    def test_reads_rare_forms_of_a_moment(self, moment: str) -> None:
        as_of = read(look_up(as_of=moment)).as_of

        assert isinstance(as_of, datetime)
        assert as_of.replace(microsecond=0) == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)

    @pytest.mark.parametrize("depth", [10, 200, 900, 3_000, 20_000])
    def test_refuses_nesting_of_any_depth(self, depth: int) -> None:
        body = b'{"claims": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"

        with pytest.raises(RegisterError):
            read(body)

    @pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"true"])
    def test_refuses_what_is_no_object(self, body: bytes) -> None:
        with pytest.raises(request.InvalidQuestion):
            read(body)

    @pytest.mark.parametrize("value", ["x" * 256, "a\x7fb", "a\tb"])
    def test_refuses_a_transport_header_that_cannot_be_logged(self, value: str) -> None:
        with pytest.raises(errors.Malformed):
            read(look_up(), headers={"x-road-client": value})


class TestChoose:
    @pytest.mark.parametrize(
        ("accept", "operation", "form"),
        [
            ("*/*", "look-up", forms.JSON),
            ("application/json", "verify", forms.JSON),
            ("application/xml", "look-up", forms.XML),
            ("text/xml;q=0.9", "search", forms.XML),
            ("application/xml, application/json", "batch", forms.JSON),
        ],
    )
    def test_gives_json_unless_xml_alone_is_taken(
        self, accept: str, operation: str, form: Form
    ) -> None:
        assert forms.choose(accept, operation, catalogue.DATASETS["population/citizen"]) is form

    def test_gives_no_xml_of_a_standard_without_it(self) -> None:
        dataset = catalogue.DATASETS["insurance/eligibility"]

        with pytest.raises(errors.NotAcceptable):
            forms.choose("application/xml", "look-up", dataset)

    @pytest.mark.parametrize(
        ("accept", "operation"), [("text/html", "look-up"), ("application/xml", "verify")]
    )
    def test_refuses_forms_that_are_not_given(self, accept: str, operation: str) -> None:
        with pytest.raises(errors.NotAcceptable):
            forms.choose(accept, operation, catalogue.DATASETS["population/citizen"])
