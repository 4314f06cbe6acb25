"""Journal lines of a staged file: whole entries are recorded, or none of their lines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from finance import service
from finance.repository import states
from tests.factories import finance as make

BUDGET = f"{make.SCHOOL}-{make.YEAR}"
TODAY = date(2026, 6, 8)
STAGING = "pg_temp.load_staging"
CASH = make.make_key(account_code="1112", item_code="0000", category_code="000")


@pytest.fixture
def session(finance_session: Session, act: Act) -> Session:
    make.register_unit(finance_session, act)
    make.allocate(finance_session, act, make.amount(1000))
    return finance_session


def pay(entry_no: str, amount: int, **changes: Any) -> list[dict[str, Any]]:
    """Make the two lines of an entry that pays wages."""
    shared = {
        "entry_no": entry_no,
        "budget_year": make.YEAR,
        "posted_on": date(2026, 5, 20),
        "amount": amount,
        "description": "Lương",
        **changes,
    }
    return [
        {
            "line_id": f"{entry_no}/1",
            "budget_key": str(make.KEY),
            "side": "debit",
            "effect": "expenditure",
            **shared,
        },
        {
            **shared,
            "line_id": f"{entry_no}/2",
            "budget_key": str(CASH),
            "side": "credit",
            "effect": "balance",
        },
    ]


def load(session: Session, act: Act, *entries: list[dict[str, Any]]) -> dict[str, str]:
    """Load entries; give the outcome of each line."""
    typed = ", ".join(f"{name} {kind}" for name, kind in service.STAGING_COLUMNS.items())
    session.execute(text("DROP TABLE IF EXISTS pg_temp.load_staging"))
    session.execute(text(f"CREATE TEMPORARY TABLE load_staging ({typed})"))
    names = ", ".join(f":{name}" for name in service.STAGING_COLUMNS)
    rows = [line for entry in entries for line in entry]
    session.execute(text(f"INSERT INTO {STAGING} VALUES ({names})"), rows)
    service.load_staged(session, act=act, staging_table=STAGING, on=TODAY)
    found = session.execute(text("SELECT line_id, outcome FROM pg_temp.merge_outcome"))
    return {row.line_id: row.outcome for row in found}


def spent(session: Session) -> Decimal:
    return sum(states.list_spent(session, [BUDGET]).get(BUDGET, {}).values(), Decimal(0))


class TestLoadStaged:
    def test_records_good_entries_in_one_change(self, session: Session, act: Act) -> None:
        outcomes = load(session, act, pay("a", 600), pay("b", 400))

        assert set(outcomes.values()) == {"inserted"}
        assert spent(session) == 1000

    def test_records_nothing_twice(self, session: Session, act: Act) -> None:
        load(session, act, pay("a", 600))

        outcomes = load(session, act, pay("a", 600))

        assert set(outcomes.values()) == {"unchanged"}
        assert spent(session) == 600

    def test_refuses_other_lines_under_a_known_number(self, session: Session, act: Act) -> None:
        load(session, act, pay("a", 600))

        outcomes = load(session, act, pay("a", 100))

        assert set(outcomes.values()) == {"entry_known"}

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"budget_key": str(make.make_key(chapter_code="412"))}, "key_not_valid"),
            ({"budget_key": str(make.KEY)[:-1]}, "key_not_valid"),
            ({"budget_key": str(make.make_key(unit_code="9999999"))}, "unit_not_open"),
            ({"posted_on": date(2018, 2, 1)}, "unit_not_open"),
            ({"posted_on": date(2025, 12, 31)}, "posted_outside_year"),
            (
                {"budget_key": str(make.make_key(category_code="072"))},
                "allocation_exceeded",
            ),
        ],
    )
    def test_refuses_an_entry_and_records_the_others(
        self, session: Session, act: Act, changes: dict[str, Any], rule: str
    ) -> None:
        outcomes = load(session, act, pay("a", 600, **changes), pay("b", 100))

        assert outcomes["a/1"] == rule
        assert outcomes["a/2"] != "inserted"
        assert outcomes["b/1"] == outcomes["b/2"] == "inserted"
        assert spent(session) == 100

    def test_refuses_entries_that_do_not_balance(self, session: Session, act: Act) -> None:
        debit, credit = pay("a", 600)

        outcomes = load(session, act, [debit, {**credit, "amount": 599}], pay("b", 100))

        assert [outcomes[line] for line in ("a/1", "b/1")] == ["entry_not_balanced", "inserted"]

    def test_refuses_a_closed_period(self, session: Session, act: Act) -> None:
        service.close_period(
            session, act=act, period_code="2026-05", on=date(2026, 1, 1), decision_no="K-1"
        )

        outcomes = load(session, act, pay("a", 1), pay("b", 1, posted_on=date(2026, 4, 30)))

        assert [outcomes[line] for line in ("a/1", "b/1")] == ["period_closed", "inserted"]

    def test_refuses_a_settled_budget(self, session: Session, act: Act) -> None:
        load(session, act, pay("a", 600))
        service.register_settlement(
            session,
            act=act,
            unit_code=make.SCHOOL,
            budget_year=make.YEAR,
            amounts=[make.amount(600)],
            on=TODAY,
            decision_no="QT-1",
        )

        assert load(session, act, pay("b", 1))["b/1"] == "budget_settled"

    def test_counts_what_is_spent_already(self, session: Session, act: Act) -> None:
        service.record_execution(session, act=act, entry=make.make_entry(600))

        assert load(session, act, pay("a", 401))["a/1"] == "allocation_exceeded"
        assert load(session, act, pay("a", 400))["a/1"] == "inserted"

    def test_refuses_all_entries_that_exceed_together(self, session: Session, act: Act) -> None:
        outcomes = load(session, act, pay("a", 600), pay("b", 401))

        assert outcomes["a/1"] == outcomes["b/1"] == "allocation_exceeded"
        assert spent(session) == 0

    def test_needs_no_change_when_nothing_is_new(self, session: Session, act: Act) -> None:
        load(session, act, pay("a", 600))

        done = service.load_staged(session, act=act, staging_table=STAGING, on=TODAY)

        assert done.change is None
