"""Every dataset and operation over HTTP: who may ask, what is answered, what the log keeps."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from lxml import etree

from sharing_api.disclosure import catalogue
from sharing_api.standards import validate
from tests.functional import cases, world
from tests.functional.conftest import Exchange, read_receipt, require_entry, require_problem
from tests.functional.world import ASKABLE, CASES, question

CITIZEN = "population/citizen"
SINGLE = [(name, op) for name, op in ASKABLE if op in ("look-up", "verify")]
PLACED = [name for name in CASES if cases.dataset_of(name).territory_of]
IN_XML = [name for name in CASES if cases.dataset_of(name).standard in ("citizen", "enterprise")]
each = pytest.mark.parametrize(("dataset", "operation"), ASKABLE)
pytestmark = pytest.mark.usefixtures("every_register")


class TestCases:
    def test_are_there_for_every_dataset(self) -> None:
        assert CASES.keys() | cases.ASKED_ELSEWHERE == catalogue.DATASETS.keys()


def records(response: httpx2.Response) -> list[dict[str, Any]]:
    return list(response.json()["records"])


def look_up(exchange: Exchange, key: str, *fields: str, **more: Any) -> httpx2.Response:
    client = more.pop("client", "full")
    message = question(CITIZEN, "look-up", key, fields=list(fields), **more)
    return exchange.ask(CITIZEN, "look-up", message, client)


class TestAnswer:
    @each
    def test_is_given_and_logged(self, exchange: Exchange, dataset: str, operation: str) -> None:
        case = CASES[dataset]

        with exchange.logged() as rows:
            response = exchange.ask(dataset, operation, question(dataset, operation))

        assert response.status_code == 200, response.text
        assert response.headers["exchange-receipt"].count(".") == 2
        assert response.headers["cache-control"] == "no-store"
        name, _, version = response.json()["standard"].partition("/")
        assert f'profile="{name}/{version}"' in response.headers["content-type"]
        validate.validate_message(name, version, response.json())
        assert (case.secret in response.text) is (operation != "verify")
        (row,) = rows
        # A search in records about nobody leaves one entry without a subject.
        is_told = operation != "search" or cases.dataset_of(dataset).is_personal
        require_entry(exchange, row, dataset, case.inside if is_told else None)
        assert (row["decision"], row["rule"], row["agency"]) == ("permitted", "found", "H90")
        asked = case.claims if operation == "verify" else case.fields
        assert row["fields"] == sorted(asked)
        assert row["register_change"] == response.json()["change"] > 0

    @pytest.mark.parametrize("dataset", CASES)
    def test_of_a_verification_is_yes_or_no_alone(self, exchange: Exchange, dataset: str) -> None:
        case = CASES[dataset]
        wrong = dict.fromkeys(case.claims, "ai khác")

        right = exchange.ask(dataset, "verify", question(dataset, "verify"))
        other = exchange.ask(dataset, "verify", question(dataset, "verify", claims=wrong))

        assert right.json()["results"] == dict.fromkeys(case.claims, True)
        assert other.json()["results"] == dict.fromkeys(case.claims, False)

    @pytest.mark.parametrize("dataset", CASES)
    def test_of_a_batch_has_an_entry_for_each_subject(
        self, exchange: Exchange, dataset: str
    ) -> None:
        case = CASES[dataset]
        keys = (case.inside, case.unknown, case.outside)

        with exchange.logged() as rows:
            response = exchange.ask(dataset, "batch", question(dataset, "batch", *keys))

        answers = response.json()["answers"]
        assert [(one["key"], one["status"]) for one in answers] == [
            (case.inside, "found"),
            (case.unknown, "not_found"),
            (case.outside, "found"),
        ]
        assert [row["rule"] for row in rows] == ["found", "not_found", "found"]
        assert [bool(row["fields"]) for row in rows] == [True, False, True]
        assert len({row["answer_id"] for row in rows}) == 1
        assert [row["entry_id"] for row in rows] == sorted(row["entry_id"] for row in rows)
        for row, key in zip(rows, keys, strict=True):
            require_entry(exchange, row, dataset, key)

    def test_of_a_search_that_finds_nobody_leaves_one_entry(self, exchange: Exchange) -> None:
        message = question(CITIZEN, "search", predicates={"name": "Không Ai Cả"})

        with exchange.logged() as rows:
            response = exchange.ask(CITIZEN, "search", message)

        assert records(response) == []
        (row,) = rows
        require_entry(exchange, row, CITIZEN, None)
        assert (row["rule"], row["fields"]) == ("nothing_found", [])

    def test_has_the_formats_that_are_granted(self, exchange: Exchange) -> None:
        fields = ("pin", "birth_full_name", "date_of_birth", "old_id_9")

        (record,) = records(look_up(exchange, world.LAN, *fields, client="veiled"))

        assert record.pop("pin") not in (world.LAN, None)
        assert record == {
            "birth_full_name": "N. T. L.",
            "date_of_birth": "1990",
            "old_id_9": False,
        }

    @pytest.mark.parametrize("dataset", IN_XML)
    def test_in_xml_is_valid_against_the_published_schema(
        self, exchange: Exchange, dataset: str
    ) -> None:
        case = CASES[dataset]

        response = exchange.ask(
            dataset, "look-up", question(dataset, "look-up"), accept="application/xml"
        )

        assert response.status_code == 200, response.text
        name = cases.dataset_of(dataset).standard
        assert response.headers["content-type"] == f'application/xml; profile="{name}/1.0"'
        schema = etree.XMLSchema(file=f"standards/{name}/1.0/schema.xsd")
        document = etree.fromstring(response.content)
        assert schema.validate(document), schema.error_log
        assert case.secret in etree.tostring(document, encoding="unicode")

    def test_of_a_problem_is_in_xml_where_xml_is_asked_for(self, exchange: Exchange) -> None:
        message = question(CITIZEN, "look-up", world.NOBODY)

        response = exchange.ask(CITIZEN, "look-up", message, accept="application/xml")

        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+xml"
        schema = etree.XMLSchema(file="standards/problem/1.0/schema.xsd")
        assert schema.validate(etree.fromstring(response.content))


class TestNotFound:
    @pytest.mark.parametrize(("dataset", "operation"), SINGLE)
    def test_is_told_and_logged(self, exchange: Exchange, dataset: str, operation: str) -> None:
        case = CASES[dataset]
        message = question(dataset, operation, case.unknown)

        with exchange.logged() as rows:
            response = exchange.ask(dataset, operation, message)

        require_problem(response, 404, "exchange.record_not_found")
        (row,) = rows
        require_entry(exchange, row, dataset, case.unknown)
        assert (row["decision"], row["rule"], row["fields"]) == ("permitted", "not_found", [])

    @pytest.mark.parametrize(("dataset", "operation"), SINGLE)
    def test_outside_the_territory_looks_exactly_like_unknown(
        self, exchange: Exchange, dataset: str, operation: str
    ) -> None:
        case = CASES[dataset]

        with exchange.logged() as rows:
            outside, unknown = (
                exchange.ask(dataset, operation, question(dataset, operation, key), "ca-mau")
                for key in (case.outside, case.unknown)
            )

        assert looks(outside) == looks(unknown)
        assert case.secret not in outside.text
        assert [row["rule"] for row in rows] == ["outside_territory", "not_found"]

    def test_with_wrong_claims_looks_exactly_like_unknown(self, exchange: Exchange) -> None:
        claims = {"full_name": "Ai Khác"}

        wrong = look_up(exchange, world.LAN, "sex", claims=claims, client="stating")
        unknown = look_up(exchange, world.NOBODY, "sex", claims=claims, client="stating")
        right = {"full_name": "nguyen thi lan"}

        assert looks(wrong) == looks(unknown)
        assert look_up(exchange, world.LAN, "sex", claims=right, client="stating").is_success


def looks(response: httpx2.Response) -> tuple[Any, ...]:
    """What a caller can see of an answer, but for the ids and times that always differ."""
    document = response.json()
    document.pop("instance")
    payload = read_receipt(response)
    for name in ("entry_id", "leaf_hash", "iat", "request_hash", "answer_hash"):
        payload.pop(name)
    headers = {k: v for k, v in response.headers.items() if k not in ("date", "exchange-receipt")}
    size = len(response.content), len(response.headers["exchange-receipt"])
    return response.status_code, document, headers, size, payload


class TestTerritory:
    @pytest.mark.parametrize("dataset", PLACED)
    def test_lets_those_inside_through(self, exchange: Exchange, dataset: str) -> None:
        response = exchange.ask(dataset, "look-up", question(dataset, "look-up"), "ca-mau")

        assert response.status_code == 200, response.text

    def test_reaches_what_a_province_was_before_the_reform(self, exchange: Exchange) -> None:
        response = look_up(exchange, world.MO, "permanent_residence", client="ca-mau")

        (record,) = records(response)
        assert record["permanent_residence"]["province"]["code"] == "95"

    def test_cuts_batches_and_searches_down(self, exchange: Exchange) -> None:
        batch = question(CITIZEN, "batch", world.LAN, world.TU)
        search = question(CITIZEN, "search", predicates={"name": "Nguyễn Thị Lan"})

        with exchange.logged() as rows:
            cut = exchange.ask(CITIZEN, "batch", batch, "ca-mau").json()
            found = exchange.ask(CITIZEN, "search", search, "ca-mau").json()

        assert [one["status"] for one in cut["answers"]] == ["not_found", "found"]
        assert (found["count"], found["records"]) == (0, [])
        assert [row["rule"] for row in rows] == ["outside_territory", "found", "nothing_found"]
        assert rows[-1]["subject_tag"] is None

    def test_refuses_a_search_elsewhere_before_any_read(
        self, exchange: Exchange, statements: list[tuple[str, str]]
    ) -> None:
        hanoi = {"name": "Nguyễn Thị Lan", "province": {"code": "01", "version": "19/2025"}}

        response = exchange.ask(
            CITIZEN, "search", question(CITIZEN, "search", predicates=hanoi), "ca-mau"
        )

        (field,) = require_problem(response, 403)["fields"]
        assert field["rule"] == "territory.not_granted"
        assert "population" not in {database for database, _ in statements}


class TestAsOf:
    def test_reads_a_day_before_the_reform(self, exchange: Exchange) -> None:
        day = (world.REFORM - timedelta(days=1)).isoformat()

        (before,) = records(look_up(exchange, world.TU, "permanent_residence", valid_on=day))
        (after,) = records(look_up(exchange, world.TU, "permanent_residence"))

        assert before["permanent_residence"]["province"]["code"] == "95"
        assert before["permanent_residence"]["province"]["version"] == "124/2004"
        assert after["permanent_residence"]["province"]["code"] == "96"

    def test_reads_what_stood_before_a_correction(self, exchange: Exchange) -> None:
        corrected = exchange.changes["corrected"]

        (was,) = records(look_up(exchange, world.LAN, "full_name", as_of=corrected - 1))
        (became,) = records(look_up(exchange, world.LAN, "full_name", as_of=corrected))
        (stands,) = records(look_up(exchange, world.LAN, "full_name"))

        assert was["full_name"] == "Nguyễn Thị Lam"
        assert became["full_name"] == stands["full_name"] == "Nguyễn Thị Lan"

    def test_names_the_change_that_was_asked_for(self, exchange: Exchange) -> None:
        number = exchange.changes["corrected"] - 1

        response = look_up(exchange, world.LAN, "full_name", as_of=number)

        assert response.json()["change"] == read_receipt(response)["change"] == number

    def test_knows_nobody_before_they_were_entered(self, exchange: Exchange) -> None:
        require_problem(look_up(exchange, world.MO, "full_name", as_of=1), 404)

    @pytest.mark.parametrize("as_of", [10**9, "1999-01-01T00:00:00Z"])
    def test_refuses_a_state_that_the_register_never_had(
        self, exchange: Exchange, as_of: Any
    ) -> None:
        response = look_up(exchange, world.LAN, "full_name", as_of=as_of)

        require_problem(response, 404, "changes.change_not_found")
