"""What the register publishes, read from a real PostgreSQL."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from databases import datasets as kernel
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import MalformedIdentifier
from enterprise import datasets
from tests.factories.enterprise import code, make_details, make_enterprise

FIRM, OTHER = code(31_440_905), code(31_440_906)
TODAY = AsOf(date(2026, 1, 1))
DATASET = datasets.ENTERPRISE


def search(session: Session, limit: int = 10, **predicates: Any) -> list[str]:
    return list(DATASET.search(session, predicates, frozenset({"name_vi"}), TODAY, limit).records)


class TestFetch:
    def test_every_field_is_there_and_reads_in_one_statement(
        self, enterprise_session: Session, act: Act
    ) -> None:
        change = make_enterprise(enterprise_session, act, FIRM)
        make_enterprise(enterprise_session, act, OTHER)
        seen: list[str] = []
        connection = enterprise_session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))

        result = DATASET.fetch(
            enterprise_session, [FIRM, OTHER, code(99)], frozenset(DATASET.fields), TODAY
        )

        assert len(seen) == 1
        assert result.change == change + 1
        assert set(result.records) == {FIRM, OTHER}
        record = result.records[FIRM]
        assert set(record) == set(DATASET.fields)
        assert record["legal_status"]["code"] == "1"
        assert record["head_office"]["commune"] == {
            "code": "32002",
            "list": "commune",
            "version": "19/2025",
        }
        assert record["charter_capital"] == {"amount": "1000000000", "currency": "VND"}
        assert [line["line"]["code"] for line in record["industry_lines"]] == ["4690", "4719"]
        assert record["beneficial_owners"][0]["capital_share"] == "1"

    def test_only_the_columns_of_the_fields_asked_for_are_read(
        self, enterprise_session: Session
    ) -> None:
        seen: list[str] = []
        connection = enterprise_session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))

        DATASET.fetch(enterprise_session, [FIRM], frozenset({"name_vi"}), TODAY)

        assert "ownership" not in seen[0]
        assert "address" not in seen[0]

    def test_nobody_found_still_gives_the_change(
        self, enterprise_session: Session, act: Act
    ) -> None:
        change = make_enterprise(enterprise_session, act, FIRM)

        result = DATASET.fetch(enterprise_session, [OTHER], frozenset({"name_vi"}), TODAY)

        assert (result.change, result.records) == (change, {})

    def test_an_unknown_field_is_named(self, enterprise_session: Session) -> None:
        with pytest.raises(kernel.FieldUnknown):
            DATASET.fetch(enterprise_session, [FIRM], frozenset({"colour"}), TODAY)

    def test_derived_fields_name_fields_of_the_dataset(self) -> None:
        for dataset in datasets.DATASETS.values():
            for field in dataset.fields.values():
                assert set(field.sources) <= set(dataset.fields)
            for predicate in dataset.predicates.values():
                assert set(predicate.fields) <= set(dataset.fields)
                assert set(predicate.needs) <= set(dataset.predicates)


class TestKeyRule:
    def test_a_dependent_unit_is_sent_to_its_own_dataset(self) -> None:
        assert DATASET.key_rule(FIRM) == FIRM
        assert datasets.DEPENDENT_UNIT.key_rule(f"{FIRM}007") == f"{FIRM}-007"
        for rule, key in (
            (DATASET.key_rule, f"{FIRM}-007"),
            (DATASET.key_rule, "x"),
            (datasets.DEPENDENT_UNIT.key_rule, FIRM),
        ):
            with pytest.raises(MalformedIdentifier):
                rule(key)


class TestSearch:
    @pytest.fixture(autouse=True)
    def firms(self, enterprise_session: Session, act: Act) -> None:
        make_enterprise(enterprise_session, act, FIRM)
        make_enterprise(
            enterprise_session,
            act,
            OTHER,
            details=make_details(name_vi="CÔNG TY TNHH THUỶ HOÀ 100%"),
        )

    @pytest.mark.parametrize("name", ["CÔNG TY TNHH THỦY HÒA 100%", "cong ty tnhh thuy hoa 100%"])
    def test_names_are_compared_without_tones_and_case(
        self, enterprise_session: Session, name: str
    ) -> None:
        assert search(enterprise_session, name=name) == [OTHER]

    def test_a_part_of_the_name_needs_a_place(self, enterprise_session: Session) -> None:
        province = {"code": "96", "version": "19/2025"}

        assert search(enterprise_session, name_contains="hoàng hôn", province=province) == [FIRM]
        assert search(enterprise_session, name_contains="100%", province=province) == [OTHER]
        assert search(enterprise_session, name_contains="c_ng", province=province) == []
        with pytest.raises(kernel.PredicatesTooWide):
            search(enterprise_session, name_contains="hoàng hôn")

    def test_a_code_of_another_version_is_another_place(self, enterprise_session: Session) -> None:
        place = {"code": "32002", "version": "124/2004"}

        assert search(enterprise_session, commune=place, name_contains="hoàng hôn") == []

    def test_by_representative_and_line(self, enterprise_session: Session) -> None:
        line = {"code": "4719", "version": "36/2025"}
        pin = "096085000001"

        assert search(enterprise_session, legal_representative_pin=pin, vsic=line) == [FIRM, OTHER]
        assert search(enterprise_session, legal_representative_pin=pin, limit=1) == [FIRM]
        assert search(enterprise_session, legal_representative_pin="096085000002") == []

    @pytest.mark.parametrize(
        "predicates",
        [
            {"name": ""},
            {"name": "\x00"},
            {"name": 7},
            {"legal_representative_pin": "1"},
            {"name": "a b", "province": "96"},
            {"name": "a b", "commune": {"code": "1"}},
            {"name": "a b", "legal_type": "X"},
            {"name": "a b", "name_contains": "ab"},
        ],
    )
    def test_a_malformed_value_is_refused(
        self, enterprise_session: Session, predicates: dict[str, Any]
    ) -> None:
        with pytest.raises(kernel.PredicateMalformed):
            search(enterprise_session, **predicates)
