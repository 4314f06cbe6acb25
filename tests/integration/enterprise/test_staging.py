"""The set-based merge of a staged file: what is new goes in, what is equal stays untouched."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from databases import vietnamese
from databases.changes import ledger
from databases.changes.ledger import Act
from databases.changes.staged import WrongStagingTable
from databases.changes.versions import AsOf
from enterprise import datasets, service, tables, values
from enterprise.repository import staging
from tests.factories.enterprise import code

FIRM, OTHER = code(31_440_905), code(31_440_906)
ON = date(2026, 1, 1)


def staged(enterprise_code: str, **changes: Any) -> dict[str, Any]:
    row = {
        "enterprise_code": enterprise_code,
        "name_vi": "CÔNG TY TNHH MƯA RÀO",
        "legal_type": "LLC1",
        "address_as_written": "Số 2, Phường 1",
        "street": "Số 2",
        "commune_code": None,
        "commune_version": "124/2004",
        "province_code": "96",
        "address_status": "ambiguous",
        "address_candidates": [{"code": "32002", "kind": "part"}],
        "charter_capital_amount": 500,
        "registered_on": date(2015, 3, 1),
        "principal_line": "27/2018:4690",
        "lines": ["27/2018:4690", "27/2018:4719"],
        **changes,
    }
    row["name_key"] = vietnamese.name_key(row["name_vi"])
    candidates = row["address_candidates"]
    row["address_candidates"] = None if candidates is None else json.dumps(candidates)
    return row


def load(session: Session, act: Act, *rows: dict[str, Any], on: date = ON) -> values.Loaded:
    columns = ", ".join(f"{name} {kind}" for name, kind in staging.STAGING_COLUMNS.items())
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_file"))
    session.execute(text(f"CREATE TEMPORARY TABLE staged_file ({columns})"))
    placed = ", ".join(f"CAST(:{name} AS {kind})" for name, kind in staging.STAGING_COLUMNS.items())
    insert = f"INSERT INTO staged_file VALUES ({placed})"
    session.execute(text(insert), list(rows))
    return service.load_staged(session, act=act, staging_table="staged_file", on=on)


def read(session: Session, field: str, on: date = ON) -> Any:
    found = datasets.ENTERPRISE.fetch(session, [FIRM], frozenset({field}), AsOf(on))
    return found.records[FIRM][field]


class TestLoadStaged:
    def test_new_codes_are_registered_from_their_day(
        self, enterprise_session: Session, act: Act
    ) -> None:
        loaded = load(enterprise_session, act, staged(FIRM), staged(OTHER))

        assert loaded.counts == values.MergeCounts(2, 0, 0, 0)
        assert read(enterprise_session, "name_vi", date(2015, 3, 1)) == "CÔNG TY TNHH MƯA RÀO"
        assert read(enterprise_session, "principal_line", date(2015, 3, 1))["code"] == "4690"
        assert read(enterprise_session, "head_office")["candidates"] == [
            {"code": "32002", "kind": "part"}
        ]

    def test_a_second_run_changes_nothing_and_takes_no_number(
        self, enterprise_session: Session, act: Act
    ) -> None:
        first = load(enterprise_session, act, staged(FIRM), staged(OTHER))

        second = load(enterprise_session, act, staged(FIRM), staged(OTHER))

        assert second == values.Loaded(None, values.MergeCounts(0, 0, 2, 0))
        assert ledger.last_change(enterprise_session, tables.ledger) == first.change
        for table in (tables.enterprise, tables.industry_line):
            newest = enterprise_session.execute(select(func.max(table.c.from_change))).scalar_one()
            assert newest == first.change

    def test_changed_values_hold_from_the_day_and_others_stay(
        self, enterprise_session: Session, act: Act
    ) -> None:
        load(enterprise_session, act, staged(FIRM), staged(OTHER))
        service.amend_enterprise(
            enterprise_session,
            act=act,
            enterprise_code=FIRM,
            on=date(2016, 1, 1),
            changes={"phone": "0290000000"},
        )

        loaded = load(
            enterprise_session, act, staged(FIRM, name_vi="CÔNG TY TNHH NẮNG"), staged(OTHER)
        )

        assert loaded.counts == values.MergeCounts(0, 1, 1, 0)
        assert list(service.iterate_outcomes(enterprise_session)) == sorted(
            [(FIRM, "amended"), (OTHER, "unchanged")]
        )
        assert read(enterprise_session, "name_vi") == "CÔNG TY TNHH NẮNG"
        assert read(enterprise_session, "name_vi", date(2025, 12, 31)) == "CÔNG TY TNHH MƯA RÀO"
        assert read(enterprise_session, "phone") == "0290000000"
        assert read(enterprise_session, "phone", date(2015, 12, 31)) is None

    def test_lines_are_added_closed_and_the_principal_moves(
        self, enterprise_session: Session, act: Act
    ) -> None:
        load(enterprise_session, act, staged(FIRM))
        changed = staged(
            FIRM,
            principal_line="27/2018:4719",
            lines=["27/2018:4719", "27/2018:6201"],
        )

        loaded = load(enterprise_session, act, changed)

        def held(on: date) -> list[tuple[str, bool]]:
            lines = read(enterprise_session, "industry_lines", on)
            return [(line["line"]["code"], line["is_principal"]) for line in lines]

        assert loaded.counts.amended == 1
        assert held(ON) == [("4719", True), ("6201", False)]
        assert held(date(2025, 12, 31)) == [("4690", True), ("4719", False)]

    def test_what_the_file_does_not_say_stays(self, enterprise_session: Session, act: Act) -> None:
        load(enterprise_session, act, staged(FIRM))

        silent = staged(FIRM, charter_capital_amount=None, lines=None, principal_line=None)
        loaded = load(enterprise_session, act, silent)

        assert loaded.counts == values.MergeCounts(0, 0, 1, 0)

    def test_a_principal_line_outside_the_lines_is_taken_in(
        self, enterprise_session: Session, act: Act
    ) -> None:
        load(enterprise_session, act, staged(FIRM, principal_line="27/2018:0111"))

        assert read(enterprise_session, "principal_line")["code"] == "0111"
        assert len(read(enterprise_session, "industry_lines")) == 3

    def test_an_annulled_code_is_left_alone(self, enterprise_session: Session, act: Act) -> None:
        load(enterprise_session, act, staged(FIRM))
        service.annul_enterprise(enterprise_session, act=act, enterprise_code=FIRM)

        loaded = load(enterprise_session, act, staged(FIRM))

        assert loaded == values.Loaded(None, values.MergeCounts(0, 0, 0, 1))

    def test_a_forged_table_name_is_refused(self, enterprise_session: Session, act: Act) -> None:
        with pytest.raises(WrongStagingTable):
            service.load_staged(enterprise_session, act=act, staging_table="x; DROP TABLE y", on=ON)
