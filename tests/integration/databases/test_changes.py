"""The ledger and versioned tables on a real PostgreSQL, in a register made for the test."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Column, NullPool, Table, Text, create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from databases import base, periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from migrations import assets

metadata = base.new_metadata("population")
the_ledger = ledger.define_ledger(metadata)
dwelling = versions.versioned_table(
    "dwelling",
    metadata,
    Column("pin", Text, nullable=False, comment="who"),
    Column("street", Text, comment="where"),
    key=("pin",),
    comment="a table of this test",
)
BIRTH = date(2000, 1, 1)
REFORM = date(2025, 7, 1)


@pytest.fixture(scope="module")
def register_url(settings: object, cluster_url: str, worker: str) -> Iterator[str]:
    name = f"{worker}_kernel"
    admin = create_engine(cluster_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(cluster_url).set(database=name)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION btree_gist"))
        connection.execute(text("CREATE SCHEMA population"))
        metadata.create_all(connection)
        for sql in (
            assets.read("ledger_0001", schema="population"),
            assets.read("versioned_table_0001", schema="population", table="dwelling", key="'pin'"),
        ):
            connection.execute(text(sql))
    yield url.set(username="population_service", password="only-for-tests").render_as_string(
        hide_password=False
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def session(register_url: str) -> Iterator[Session]:
    engine = create_engine(register_url, poolclass=NullPool)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def day(number: int) -> date:
    return date(2020, 1, number)


def streets(session: Session, table: Table, as_of: AsOf) -> list[str]:
    rows = session.execute(select(table.c.street).where(versions.is_as_of(table, as_of)))
    return sorted(rows.scalars())


class TestOpenChange:
    def test_numbers_grow_by_one_without_gaps(self, session: Session, act: Act) -> None:
        first = ledger.open_change(session, the_ledger, act)
        second = ledger.open_change(session, the_ledger, act)

        assert (first, second) == (1, 2)
        assert ledger.last_change(session, the_ledger) == 2

    def test_a_rollback_gives_the_number_back(self, register_url: str, act: Act) -> None:
        engine = create_engine(register_url, poolclass=NullPool)
        with Session(engine) as session:
            ledger.open_change(session, the_ledger, act)
            session.rollback()

            assert ledger.last_change(session, the_ledger) == 0

    def test_the_moment_gives_the_change(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)

        assert ledger.change_at(session, the_ledger, act.recorded_at) == number
        with pytest.raises(ledger.ChangeNotFound):
            ledger.change_at(session, the_ledger, act.recorded_at - timedelta(seconds=1))


class TestOpenAct:
    def test_records_the_act_s_own_name(self, session: Session, act: Act) -> None:
        change = ledger.open_act(session, the_ledger, act, "dwelling.registered")

        recorded = session.execute(
            select(the_ledger.change.c.act).where(the_ledger.change.c.change_id == change)
        ).scalar_one()
        assert recorded == "population.dwelling.registered"


class TestStretches:
    """Two versions that meet, a gap, and one more: [1, 3) [3, 5) … [8, )."""

    @pytest.fixture(autouse=True)
    def lived(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)
        parts = [(1, 3, "first"), (3, 5, "second"), (8, None, "third")]
        rows = [
            {"pin": "a", "street": street, "valid": periods.period(day(start), end and day(end))}
            for start, end, street in parts
        ]
        versions.add(session, dwelling, rows, change=number)

    @pytest.mark.parametrize(
        ("on", "bounds"), [(1, (1, 5)), (4, (1, 5)), (5, None), (8, (8, None)), (31, (8, None))]
    )
    def test_go_to_the_next_gap(
        self, session: Session, on: int, bounds: tuple[int, int | None] | None
    ) -> None:
        found = stretches.find_stretch(session, dwelling, {"pin": "a"}, day(on))

        expected = bounds and periods.period(day(bounds[0]), bounds[1] and day(bounds[1]))
        assert found == expected

    def test_end_without_touching_the_next(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)

        is_closed = stretches.close_stretch(
            session, dwelling, {"pin": "a"}, on=day(2), change=number
        )

        assert is_closed
        held = [streets(session, dwelling, AsOf(day(on))) for on in (1, 2, 4, 8)]
        assert held == [["first"], [], [], ["third"]]

    def test_are_not_ended_on_a_day_of_a_gap(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)

        assert not stretches.close_stretch(
            session, dwelling, {"pin": "a"}, on=day(6), change=number
        )
        assert streets(session, dwelling, AsOf(day(8))) == ["third"]


class TestVersions:
    def test_what_was_known_then_can_be_read_again(self, session: Session, act: Act) -> None:
        born = ledger.open_change(session, the_ledger, act)
        versions.add(
            session,
            dwelling,
            [{"pin": "a", "street": "old", "valid": periods.period(BIRTH)}],
            change=born,
        )
        moved = ledger.open_change(session, the_ledger, act)
        versions.amend(
            session,
            dwelling,
            {"pin": "a"},
            {"street": "new"},
            valid=periods.period(REFORM),
            change=moved,
        )

        before = REFORM - timedelta(days=1)
        assert streets(session, dwelling, AsOf(before)) == ["old"]
        assert streets(session, dwelling, AsOf(REFORM)) == ["new"]
        assert streets(session, dwelling, AsOf(REFORM, change=born)) == ["old"]
        assert streets(session, dwelling, AsOf(REFORM, change=0)) == []

    def test_a_correction_reaches_only_the_days_it_names(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)
        versions.add(
            session,
            dwelling,
            [{"pin": "a", "street": "wrong", "valid": periods.period(BIRTH)}],
            change=number,
        )
        corrected = ledger.open_change(session, the_ledger, act)
        year = periods.period(date(2010, 1, 1), date(2011, 1, 1))
        versions.amend(
            session, dwelling, {"pin": "a"}, {"street": "right"}, valid=year, change=corrected
        )

        assert streets(session, dwelling, AsOf(date(2009, 12, 31))) == ["wrong"]
        assert streets(session, dwelling, AsOf(date(2010, 1, 1))) == ["right"]
        assert streets(session, dwelling, AsOf(date(2011, 1, 1))) == ["wrong"]

    def test_no_overlap_in_one_state_of_knowledge(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)
        row = {"pin": "a", "street": "x", "valid": periods.period(BIRTH)}
        versions.add(session, dwelling, [row], change=number)

        with pytest.raises(versions.OverlappingValidity):
            versions.add(
                session, dwelling, [{**row, "valid": periods.period(REFORM)}], change=number
            )

    def test_amending_nothing_is_a_conflict(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)

        with pytest.raises(versions.NothingToAmend):
            versions.amend(
                session,
                dwelling,
                {"pin": "nobody"},
                {"street": "x"},
                valid=periods.period(REFORM),
                change=number,
            )

    def test_a_closed_fact_stays_readable_in_the_past(self, session: Session, act: Act) -> None:
        number = ledger.open_change(session, the_ledger, act)
        versions.add(
            session,
            dwelling,
            [{"pin": "a", "street": "x", "valid": periods.period(BIRTH)}],
            change=number,
        )
        closing = ledger.open_change(session, the_ledger, act)

        ended = versions.close(
            session, dwelling, {"pin": "a"}, valid=periods.period(REFORM), change=closing
        )

        assert ended == 1
        assert streets(session, dwelling, AsOf(REFORM - timedelta(days=1))) == ["x"]
        assert streets(session, dwelling, AsOf(REFORM)) == []


class TestGuards:
    """What the service role cannot do, whatever the code above it tries."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE population.dwelling SET street = 'forged'",
            "DELETE FROM population.dwelling",
            "TRUNCATE population.dwelling",
            "UPDATE population.change SET reason = 'forged'",
            "DELETE FROM population.change",
            "INSERT INTO population.dwelling VALUES ('b', 'x', '[2000-01-01,)', 1, 2)",
            "INSERT INTO population.dwelling VALUES ('b', 'x', '[2000-01-01,)', 9)",
        ],
    )
    def test_history_cannot_be_rewritten(self, session: Session, act: Act, statement: str) -> None:
        number = ledger.open_change(session, the_ledger, act)
        versions.add(
            session,
            dwelling,
            [{"pin": "a", "street": "x", "valid": periods.period(BIRTH)}],
            change=number,
        )

        with pytest.raises(DBAPIError):
            session.execute(text(statement))

    def test_a_version_without_a_change_of_its_transaction_is_refused(
        self, session: Session
    ) -> None:
        session.execute(
            text("INSERT INTO population.change VALUES (7, now(), 'x', 'x', 'x', 'x', 'x')")
        )

        with pytest.raises(DBAPIError, match="change of its own transaction"):
            session.execute(
                text("INSERT INTO population.dwelling VALUES ('b', 'x', '[2000-01-01,)', 7)")
            )

    def test_a_hundred_versions_are_skipped_by_the_current_index(
        self, session: Session, act: Act
    ) -> None:
        number = ledger.open_change(session, the_ledger, act)
        days = [date(2000, 1, 1) + timedelta(days=i) for i in range(101)]
        rows = [
            {"pin": "a", "street": str(i), "valid": periods.period(start, end)}
            for i, (start, end) in enumerate(zip(days, [*days[1:], None], strict=True))
        ]
        others = [
            {"pin": f"p{i}", "street": "x", "valid": periods.period(BIRTH)} for i in range(3000)
        ]
        versions.add(session, dwelling, rows + others, change=number)
        where = versions.is_as_of(dwelling, AsOf(REFORM))
        statement = select(dwelling).where(dwelling.c.pin == "a", where)
        compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = session.execute(text(f"EXPLAIN (ANALYZE, FORMAT TEXT) {compiled}")).scalars().all()

        assert any("ix_dwelling_current" in line for line in plan), plan
        assert not any("Rows Removed" in line for line in plan)
