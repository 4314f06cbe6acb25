"""What the finance register publishes, read from a real PostgreSQL."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from databases import datasets as kernel
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.datasets import Dataset
from databases.errors import RegisterError
from finance import datasets, service, values
from finance.values import Effect, EntryLine, Side
from sharing_api.standards import validate
from tests.factories import finance as make

PERSON = "096085000001"
FORMER = "0314409058"
BUDGET = f"{make.SCHOOL}-{make.YEAR}"
JUNE = AsOf(date(2026, 6, 8))
KEYS = {
    "budget_unit": make.SCHOOL,
    "budget_execution": BUDGET,
    "taxpayer": PERSON,
    "customs_declaration": "105123456780",
    "public_asset": "TS-1054007-01",
}
CHAPTER = {"code": "405", "version": "130/2025"}
PROVINCE = {"code": "96", "version": "19/2025"}


@pytest.fixture
def session(finance_session: Session, act: Act) -> Session:
    """A school with its budget and house, a person with a duty and an import."""
    session = finance_session
    make.register_unit(session, act)
    make.allocate(session, act, make.amount(1000))
    service.record_execution(session, act=act, entry=make.make_entry(600))
    service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())
    service.assess_duty(session, act=act, duty=make.make_duty())
    service.record_payment(session, act=act, payment=make.make_payment())
    service.register_customs_declaration(session, act=act, declaration=make.make_declaration())
    service.register_public_asset(session, act=act, asset=make.make_asset())
    return session


def fetch(
    session: Session, dataset: Dataset, key: str, *fields: str, as_of: AsOf = JUNE
) -> Mapping[str, Any]:
    wanted = frozenset(fields) or frozenset(dataset.fields)
    return dataset.fetch(session, [key], wanted, as_of).records[key]


class TestFetch:
    @pytest.mark.parametrize("dataset", datasets.DATASETS.values(), ids=lambda one: one.name)
    def test_gives_every_field_as_the_standard_says(
        self, session: Session, dataset: Dataset
    ) -> None:
        seen: list[str] = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
        record = fetch(session, dataset, KEYS[dataset.name])

        assert len(seen) == 1
        assert set(record) == set(dataset.fields)
        message = {
            "standard": f"{dataset.standard}/{dataset.standard_version}",
            "time": "2026-06-08T08:00:00+00:00",
            "change": 1,
            "valid_on": "2026-06-08",
            "register": "finance",
            "count": 1,
            "records": [record],
        }
        validate.validate_message(dataset.standard, dataset.standard_version, message)

    @pytest.mark.parametrize("dataset", datasets.DATASETS.values(), ids=lambda one: one.name)
    def test_finds_nothing_before_the_first_change(
        self, session: Session, dataset: Dataset
    ) -> None:
        result = dataset.fetch(
            session, [KEYS[dataset.name]], frozenset({dataset.key}), AsOf(JUNE.valid_on, 0)
        )

        assert result.records == {}

    def test_adds_up_the_budget_to_the_day(self, session: Session) -> None:
        day_before = AsOf(date(2026, 5, 19))

        before = fetch(session, datasets.BUDGET_EXECUTION, BUDGET, "totals", as_of=day_before)
        after = fetch(session, datasets.BUDGET_EXECUTION, BUDGET, "totals", "periods")

        assert before["totals"]["expenditure"] == "0"
        assert before["totals"]["allocation"] == "1000"
        assert after["totals"]["expenditure"] == "600"
        assert after["periods"] == [
            {"period": "2026-05", "revenue": "0", "expenditure": "600", "is_closed": False}
        ]

    def test_says_that_a_period_is_closed_with_its_year(self, session: Session, act: Act) -> None:
        service.close_period(
            session, act=act, period_code="2026", on=date(2026, 6, 1), decision_no="K-1"
        )

        record = fetch(session, datasets.BUDGET_EXECUTION, BUDGET, "periods")

        assert record["periods"][0]["is_closed"]

    def test_reads_revisions_as_of_a_change(self, session: Session, act: Act) -> None:
        done = service.amend_allocation(
            session,
            act=act,
            unit_code=make.SCHOOL,
            budget_year=make.YEAR,
            amounts=[make.amount(900)],
            on=date(2026, 6, 1),
            decision_no="02/QĐ-TEST",
        )

        for change, amount in ((done.change, "900"), (done.change - 1, "1000")):
            as_of = AsOf(JUNE.valid_on, change)
            record = fetch(session, datasets.BUDGET_EXECUTION, BUDGET, "allocations", as_of=as_of)
            assert [line["amount"] for line in record["allocations"]] == [amount]

    def test_counts_revenue_by_credits(self, session: Session, act: Act) -> None:
        key = make.make_key(item_code="1701", account_code="7111", category_code="000")
        cash = make.make_key(item_code="0000", account_code="1112", category_code="000")
        lines = (
            EntryLine(cash, Side.DEBIT, Effect.BALANCE, Decimal(70)),
            EntryLine(key, Side.CREDIT, Effect.REVENUE, Decimal(70)),
        )
        entry = make.make_entry(entry_no="0011-000002", lines=lines)

        service.record_execution(session, act=act, entry=entry)

        record = fetch(session, datasets.BUDGET_EXECUTION, BUDGET, "totals")
        assert record["totals"]["revenue"] == "70"

    def test_gives_the_chapter_of_the_day(self, finance_session: Session, act: Act) -> None:
        district = {"level": values.Level.DISTRICT, "chapter_code": "754"}
        make.register_unit(finance_session, act, **district)

        for year, code, version in ((2025, "754", "324/2016"), (2026, "854", "130/2025")):
            day = AsOf(date(year, 6, 1))
            unit = fetch(finance_session, datasets.BUDGET_UNIT, make.SCHOOL, "chapter", as_of=day)
            assert (unit["chapter"]["code"], unit["chapter"]["version"]) == (code, version)

    def test_says_whether_a_unit_is_open_on_the_day(self, session: Session, act: Act) -> None:
        service.close_budget_unit(session, act=act, unit_code=make.SCHOOL, on=date(2026, 6, 8))

        for day, is_open in ((date(2026, 6, 7), True), (date(2026, 6, 8), False)):
            unit = fetch(session, datasets.BUDGET_UNIT, make.SCHOOL, "is_open", as_of=AsOf(day))
            assert unit == {"is_open": is_open}

    def test_finds_a_taxpayer_by_a_former_code(self, session: Session) -> None:
        record = fetch(session, datasets.TAXPAYER, FORMER, "taxpayer_code", "former_codes")

        assert record == {"taxpayer_code": PERSON, "former_codes": [FORMER]}

    @pytest.mark.parametrize(
        ("day", "owed"), [(date(2026, 4, 30), "0"), (date(2026, 5, 1), "3000000")]
    )
    def test_counts_arrears_from_the_day_after_the_last(
        self, session: Session, day: date, owed: str
    ) -> None:
        record = fetch(
            session, datasets.TAXPAYER, PERSON, "arrears", "has_arrears", as_of=AsOf(day)
        )

        assert record["arrears"]["amount"] == owed
        assert record["has_arrears"] is (owed != "0")


class TestSearch:
    @pytest.mark.parametrize(
        ("name", "predicates", "found"),
        [
            ("budget_unit", {"name": "truong mam non hoa tuong tuong"}, True),
            ("budget_unit", {"chapter": "405"}, True),
            ("budget_unit", {"province": PROVINCE}, True),
            ("budget_unit", {"parent_unit_code": "1000001"}, False),
            ("budget_execution", {"year": 2026}, True),
            ("budget_execution", {"year": "2026", "chapter": CHAPTER}, True),
            ("budget_execution", {"year": "2025"}, False),
            ("budget_execution", {"unit_code": make.SCHOOL}, True),
            ("budget_execution", {"period": "2026-05"}, True),
            ("budget_execution", {"period": "2026-06"}, False),
            ("budget_execution", {"year": 2026, "after": "1000000-2026"}, True),
            ("budget_execution", {"year": 2026, "after": BUDGET}, False),
            ("taxpayer", {"name": "Lê Văn Tưởng", "tax_office": "9601"}, True),
            ("customs_declaration", {"taxpayer_code": PERSON, "kind": "import"}, True),
            ("customs_declaration", {"taxpayer_code": PERSON, "kind": "export"}, False),
            ("public_asset", {"unit_code": make.SCHOOL}, True),
            ("public_asset", {"parcel_id": "320020000123"}, True),
            ("public_asset", {"province": PROVINCE}, True),
        ],
    )
    def test_finds_by(
        self, session: Session, name: str, predicates: dict[str, Any], found: bool
    ) -> None:
        dataset = datasets.DATASETS[name]

        result = dataset.search(session, predicates, frozenset({dataset.key}), JUNE, 10)

        assert list(result.records) == ([KEYS[name]] if found else [])

    @pytest.mark.parametrize(
        ("name", "predicates"),
        [
            ("budget_execution", {"chapter": CHAPTER}),
            ("taxpayer", {"tax_office": "9601"}),
            ("customs_declaration", {"kind": "import"}),
        ],
    )
    def test_refuses_what_is_too_wide(
        self, session: Session, name: str, predicates: dict[str, Any]
    ) -> None:
        dataset = datasets.DATASETS[name]

        with pytest.raises(kernel.PredicatesTooWide):
            dataset.search(session, predicates, frozenset({dataset.key}), JUNE, 10)

    @pytest.mark.parametrize(
        ("name", "predicates"),
        [
            ("budget_unit", {"chapter": "4055"}),
            ("budget_execution", {"year": "26"}),
            ("budget_execution", {"year": True}),
            ("budget_execution", {"unit_code": "105"}),
            ("budget_execution", {"period": "2026-14"}),
            ("customs_declaration", {"taxpayer_code": PERSON, "kind": "transit"}),
            ("customs_declaration", {"taxpayer_code": "0314409059"}),
        ],
    )
    def test_refuses_malformed_values(
        self, session: Session, name: str, predicates: dict[str, Any]
    ) -> None:
        dataset = datasets.DATASETS[name]

        with pytest.raises(kernel.PredicateMalformed):
            dataset.search(session, predicates, frozenset({dataset.key}), JUNE, 10)


class TestKeyRule:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("budget_unit", "105400"),
            ("budget_execution", "1054007-26"),
            ("taxpayer", "0314409059"),
            ("customs_declaration", "12"),
            ("public_asset", "ts"),
        ],
    )
    def test_refuses_what_is_no_key(self, name: str, key: str) -> None:
        with pytest.raises(RegisterError) as refusal:
            datasets.DATASETS[name].key_rule(key)

        assert refusal.value.fields


class TestDatasets:
    def test_name_their_own_fields_and_predicates(self) -> None:
        for dataset in datasets.DATASETS.values():
            for field in dataset.fields.values():
                assert set(field.sources) <= set(dataset.fields)
            for predicate in dataset.predicates.values():
                assert set(predicate.fields) <= set(dataset.fields)
                assert set(predicate.needs) <= set(dataset.predicates)

    def test_log_each_record_where_it_is_about_somebody(self) -> None:
        personal = {name for name, one in datasets.DATASETS.items() if one.is_personal}

        assert personal == {"taxpayer", "customs_declaration"}
