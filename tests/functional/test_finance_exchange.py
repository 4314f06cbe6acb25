"""The finance register through the exchange: answers, refusals, and the Fiscal Data Package."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import frictionless
import httpx2
import pytest

from command_line.exporter import budgets
from databases.changes.ledger import Act
from finance import service
from sharing_api.client import ExchangeRefused
from sharing_api.standards import validate
from tests.factories import exchange as questions
from tests.factories import finance as make
from tests.functional.conftest import Exchange

SECOND = "1054021"
CASES = {
    "budget_unit": make.SCHOOL,
    "budget_execution": f"{make.SCHOOL}-{make.YEAR}",
    "taxpayer": "0314409058",
    "customs_declaration": "105123456780",
    "public_asset": "TS-1054007-01",
}
FIELDS = {
    "budget_unit": ["unit_code", "name_vi", "is_open"],
    "budget_execution": ["budget_id", "totals"],
    "taxpayer": ["taxpayer_code", "has_arrears"],
    "customs_declaration": ["declaration_no", "customs_value"],
    "public_asset": ["asset_code", "parcel_id"],
}
DAY = "2026-06-08"


@pytest.fixture(scope="module", autouse=True)
def _records(exchange: Exchange) -> None:
    """Two schools with budgets and a house, a person with a duty and an import."""
    at = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    act = Act("test.recorded", at, "tester", "a test", "none", "invented")
    with exchange.databases.writing("finance") as session:
        for number, code in enumerate((make.SCHOOL, SECOND)):
            make.register_unit(session, act, unit_code=code)
            make.allocate(session, act, make.amount(1000), unit_code=code)
            key = make.make_key(unit_code=code)
            entry = make.make_entry(600, entry_no=f"0011-{number}", key=key)
            service.record_execution(session, act=act, entry=entry)
        service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())
        service.assess_duty(session, act=act, duty=make.make_duty())
        declaration = make.make_declaration()
        service.register_customs_declaration(session, act=act, declaration=declaration)
        service.register_public_asset(session, act=act, asset=make.make_asset())


def ask(
    exchange: Exchange, name: str, operation: str, client: str = "full", **members: Any
) -> httpx2.Response:
    message = questions.make_message(**{"fields": FIELDS.get(name, []), "valid_on": DAY, **members})
    return exchange.ask(f"finance/{name}", operation, message, client)


class TestLookUp:
    @pytest.mark.parametrize("name", CASES)
    def test_is_answered_in_the_standard_and_logged(self, exchange: Exchange, name: str) -> None:
        with exchange.logged() as rows:
            response = ask(exchange, name, "look-up", key=CASES[name])

        assert response.status_code == 200, response.text
        validate.validate_message(name, "1.0", response.json())
        (record,) = response.json()["records"]
        assert set(record) == set(FIELDS[name])
        assert [row["rule"] for row in rows] == ["found"]

    @pytest.mark.parametrize("name", CASES)
    def test_without_an_agreement_is_refused(self, exchange: Exchange, name: str) -> None:
        response = ask(exchange, name, "look-up", "by-key", key=CASES[name])

        assert response.status_code == 403

    def test_by_a_former_code_names_the_taxpayer_of_today(self, exchange: Exchange) -> None:
        response = ask(exchange, "taxpayer", "look-up", key="0314409058")

        (record,) = response.json()["records"]
        assert record == {"taxpayer_code": "096085000001", "has_arrears": True}

    @pytest.mark.parametrize("key", ["105400", "1054007-2026", "x"])
    def test_of_a_malformed_key_says_so(self, exchange: Exchange, key: str) -> None:
        response = ask(exchange, "budget_unit", "look-up", key=key)

        assert response.status_code in (400, 422)
        assert response.json()["fields"][0]["field"] == "key"


class TestSearch:
    def test_in_budgets_leaves_one_entry(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            response = ask(exchange, "budget_execution", "search", predicates={"year": make.YEAR})

        assert response.json()["count"] == 2, response.text
        assert len(rows) == 1

    def test_in_declarations_leaves_one_for_each(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            response = ask(
                exchange,
                "customs_declaration",
                "search",
                predicates={"taxpayer_code": "096085000001"},
            )

        assert response.json()["count"] == len(rows) == 1

    def test_of_a_malformed_period_says_so(self, exchange: Exchange) -> None:
        response = ask(exchange, "budget_execution", "search", predicates={"period": "2026-99"})

        assert response.status_code == 422
        assert response.json()["fields"][0]["field"] == "period"


class TestExport:
    question: ClassVar = {
        "purpose": questions.PURPOSE,
        "legal_basis": questions.LAW,
        "valid_on": DAY,
    }

    def test_is_a_valid_fiscal_data_package(self, exchange: Exchange, tmp_path: Path) -> None:
        rows = budgets.export_year(exchange.client("full"), make.YEAR, tmp_path, self.question)

        report = frictionless.validate(str(tmp_path / "datapackage.json"))
        assert report.valid, report.flatten(["type", "message"])
        assert rows == 4
        with (tmp_path / "budget.csv").open(encoding="utf-8", newline="") as stream:
            written = list(csv.DictReader(stream))
        executed = [row for row in written if row["phase"] == "execution"]
        assert [
            (row["unit_code"], row["item_code"], row["amount"], row["cofog_code"], row["gfsm_code"])
            for row in executed
        ] == [
            (make.SCHOOL, "6001", "600", "09", "2111"),
            (SECOND, "6001", "600", "09", "2111"),
        ]

    def test_that_was_altered_is_not_valid(self, exchange: Exchange, tmp_path: Path) -> None:
        budgets.export_year(exchange.client("full"), make.YEAR, tmp_path, self.question)
        table = tmp_path / "budget.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("600", "x", 1), "utf-8")

        report = frictionless.validate(str(tmp_path / "datapackage.json"))

        assert not report.valid

    def test_reads_page_by_page_one_state(self, exchange: Exchange, tmp_path: Path) -> None:
        whole, paged = tmp_path / "whole", tmp_path / "paged"
        client = exchange.client("full")
        budgets.export_year(client, make.YEAR, whole, self.question)

        budgets.export_year(client, make.YEAR, paged, {**self.question, "limit": 1})

        assert (paged / "budget.csv").read_bytes() == (whole / "budget.csv").read_bytes()
        receipts = sorted((paged / "receipts").iterdir())
        assert len(receipts) == 3
        answers = [json.loads((one / "answer.json").read_text("utf-8")) for one in receipts]
        assert len({answer["change"] for answer in answers}) == 1
        assert all((one / "receipt.jws").is_file() for one in receipts)

    def test_without_an_agreement_is_refused(self, exchange: Exchange, tmp_path: Path) -> None:
        with pytest.raises(ExchangeRefused):
            budgets.export_year(exchange.client("by-key"), make.YEAR, tmp_path, self.question)

        assert not (tmp_path / "datapackage.json").exists()
