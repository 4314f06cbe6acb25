"""Versions added by COPY come back as they were, and the guards of their table look at them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import copying, ledger, versions
from databases.changes.ledger import Act
from databases.settings import Settings
from land import tables

ON = date(2026, 1, 1)


def use(line: int = 1, **changes: Any) -> dict[str, Any]:
    row = {
        "parcel_id": "P1", "line_no": line, "regime": "08/2024", "code": None,
        "text_as_written": "Đất ở", "area_m2": Decimal("12.50"), "origin": "unknown",
        "is_common": True, "term_until": date(2070, 1, 1), "valid": periods.period(ON),
    }  # fmt: skip
    return {**row, **changes}


def copy(session: Session, act: Act, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    change = ledger.open_act(session, tables.ledger, act, "parcels.loaded")
    copying.add_all(session, [(tables.land_use, rows)], change=change)
    return versions.list_current(session, tables.land_use, {"parcel_id": "P1"})


class TestAddAll:
    def test_writes_what_insert_writes(self, land_session: Session, act: Act) -> None:
        (held,) = copy(land_session, act, use())

        assert {name: held[name] for name in use()} == use()
        assert held["to_change"] is None

    @pytest.mark.parametrize("text", ["a\tb\\n", "\\N", "\\.", "line\nline\r", " ", '"', "𠀋"])
    def test_keeps_any_text(self, land_session: Session, act: Act, text: str) -> None:
        (held,) = copy(land_session, act, use(text_as_written=text))

        assert held["text_as_written"] == text

    def test_writes_more_rows_than_a_part_has(self, land_session: Session, act: Act) -> None:
        held = copy(land_session, act, *(use(line) for line in range(1, 2203)))

        assert sorted(row["line_no"] for row in held) == list(range(1, 2203))

    def test_has_days_that_overlap_refused(self, land_session: Session, act: Act) -> None:
        later = use(valid=periods.period(date(2026, 2, 1)))

        with pytest.raises(IntegrityError, match="ex_land_use_no_overlap"):
            copy(land_session, act, use(), later)

    def test_has_a_wrong_value_refused(self, land_session: Session, act: Act) -> None:
        with pytest.raises(IntegrityError, match="ck_land_use_area"):
            copy(land_session, act, use(area_m2=Decimal(-1)))

    def test_counts_what_the_table_took(self, settings: Settings, act: Act) -> None:
        """A trigger that leaves rows out would lose them without a word."""
        engine = create_engine(settings.url("land", "owner"), poolclass=NullPool)
        with Session(engine) as session:
            session.execute(
                text(
                    """CREATE FUNCTION pg_temp.leave_out() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN IF NEW.line_no = 2 THEN RETURN NULL; END IF; RETURN NEW; END'"""
                )
            )
            session.execute(
                text(
                    "CREATE TRIGGER leave_out BEFORE INSERT ON land.land_use"
                    " FOR EACH ROW EXECUTE FUNCTION pg_temp.leave_out()"
                )
            )
            with pytest.raises(RuntimeError, match="took 2 of 3 rows"):
                copy(session, act, use(1), use(2), use(3))
            session.rollback()
        engine.dispose()
