"""Every refusal over HTTP: what it names, that it is logged, and that nothing was read for it."""

from typing import Any

import pytest

from tests.functional import world
from tests.functional.conftest import Exchange, read_receipt, require_entry, require_problem
from tests.functional.world import ASKABLE, CASES, question

CITIZEN = "population/citizen"
MALFORMED = [(name, op) for name, op in ASKABLE if op != "search" and CASES[name].malformed]
each = pytest.mark.parametrize(("dataset", "operation"), ASKABLE)
pytestmark = pytest.mark.usefixtures("every_register")


class TestRefusal:
    def refused(
        self, exchange: Exchange, dataset: str, operation: str, client: str, **changes: Any
    ) -> dict[str, str]:
        message = question(dataset, operation, **changes)
        with exchange.logged() as rows:
            response = exchange.ask(dataset, operation, message, client)
        document = require_problem(response, 403, "exchange.refused")
        (row,) = rows
        require_entry(
            exchange, row, dataset, None if operation == "search" else CASES[dataset].inside
        )
        (field,) = document["fields"]
        assert (row["decision"], row["rule"], row["fields"]) == ("refused", field["rule"], [])
        assert row["register_change"] == 0
        assert read_receipt(response)["rule"] == field["rule"]
        return dict(field)

    @each
    def test_of_an_agency_without_agreement(
        self, exchange: Exchange, dataset: str, operation: str
    ) -> None:
        field = self.refused(exchange, dataset, operation, "stranger")

        assert (field["field"], field["rule"]) == ("agreement", "agreement.none")

    @each
    def test_under_an_expired_agreement(
        self, exchange: Exchange, dataset: str, operation: str
    ) -> None:
        assert self.refused(exchange, dataset, operation, "late")["rule"] == "agreement.expired"

    @each
    def test_of_an_operation(self, exchange: Exchange, dataset: str, operation: str) -> None:
        client = "by-words" if operation in ("look-up", "batch") else "by-key"

        field = self.refused(exchange, dataset, operation, client)

        assert (field["field"], field["rule"]) == ("operation", "operation.not_granted")

    @each
    @pytest.mark.parametrize("member", ["purpose", "legal_basis"])
    def test_of_a_purpose_or_legal_basis(
        self, exchange: Exchange, dataset: str, operation: str, member: str
    ) -> None:
        # The log keeps what was asked, so the entry is looked at here and not in `refused`.
        message = question(dataset, operation, **{member: "something else"})

        with exchange.logged() as rows:
            response = exchange.ask(dataset, operation, message)

        (field,) = require_problem(response, 403)["fields"]
        assert (field["field"], field["rule"]) == (member, f"{member}.not_granted")
        assert [row[member] for row in rows] == ["something else"]

    @each
    def test_of_a_procedure(self, exchange: Exchange, dataset: str, operation: str) -> None:
        field = self.refused(exchange, dataset, operation, "careful", procedure="9.999")

        assert (field["field"], field["rule"]) == ("procedure", "procedure.not_granted")

    @each
    def test_of_a_field(
        self,
        exchange: Exchange,
        dataset: str,
        operation: str,
        statements: list[tuple[str, str]],
    ) -> None:
        name = CASES[dataset].ungranted
        client = "by-key" if operation in ("look-up", "batch") else "by-words"
        changes = (
            {"claims": {name: "x"}}
            if operation == "verify"
            else {"fields": [*CASES[dataset].fields, name]}
        )

        field = self.refused(exchange, dataset, operation, client, **changes)

        assert (field["field"], field["rule"]) == (f"fields.{name}", "field.not_granted")
        assert {database for database, _ in statements} == {"exchange"}

    def test_of_a_predicate(self, exchange: Exchange) -> None:
        predicates = {"name": "Ngô Văn Tư", "old_id_9": "123456789"}

        field = self.refused(exchange, CITIZEN, "search", "by-words", predicates=predicates)

        assert (field["field"], field["rule"]) == (
            "predicates.old_id_9",
            "predicate.not_granted",
        )

    def test_is_the_same_whoever_is_asked_for(self, exchange: Exchange) -> None:
        seen = {
            len(
                exchange.ask(
                    CITIZEN, "look-up", question(CITIZEN, "look-up", key), "by-words"
                ).content
            )
            for key in (world.LAN, world.TU, world.NOBODY)
        }

        assert len(seen) == 1


class TestMalformedKey:
    @pytest.mark.parametrize(("dataset", "operation"), MALFORMED)
    def test_is_refused_with_its_rule(
        self, exchange: Exchange, dataset: str, operation: str
    ) -> None:
        case = CASES[dataset]
        malformed = case.malformed or ""

        with exchange.logged() as rows:
            response = exchange.ask(dataset, operation, question(dataset, operation, malformed))

        document = require_problem(response, 422)
        assert [one["rule"] for one in document["fields"]] == [case.rule]
        assert malformed not in response.text
        assert rows == []
