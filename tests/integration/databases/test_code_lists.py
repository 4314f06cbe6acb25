"""The code lists in a real PostgreSQL: installed whole, once, and with every change reported."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from databases import base
from databases.code_lists import catalogue as catalogues
from databases.code_lists import reading, repository, tables, values

_SCHEMA = "lists"
_METADATA = base.new_metadata(_SCHEMA)
_TABLES = tables.define_tables(_METADATA)


@pytest.fixture(scope="module")
def lists_url(cluster_url: str, worker: str) -> Iterator[str]:
    name = f"{worker}_code_lists"
    admin = create_engine(cluster_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(cluster_url).set(database=name).render_as_string(hide_password=False)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {_SCHEMA}"))
        _METADATA.create_all(connection)
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
def whole() -> catalogues.Catalogue:
    return reading.load_catalogue()


@pytest.fixture(scope="module")
def installed(lists_url: str, whole: catalogues.Catalogue) -> repository.Installation:
    """What the first installation did; its rows stay for the tests of this file."""
    with Session(create_engine(lists_url, poolclass=NullPool)) as first:
        done = repository.install(first, whole, code_tables=_TABLES)
        first.commit()
    return done


@pytest.fixture
def session(lists_url: str, installed: repository.Installation) -> Iterator[Session]:
    engine = create_engine(lists_url, poolclass=NullPool)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as opened:
            yield opened
        outer.rollback()


def _small(**changes: str) -> catalogues.Catalogue:
    """Make an invented list with the codes and names given."""
    source = values.SourceFile("inventor", "1", "invented.csv", "0" * 64)
    version = values.CodeListVersion(
        "invented", "1", "Danh mục", "List", "none", values.Confidence.LOW, None, None,
        sources=(source,),
    )  # fmt: skip
    codes = [
        values.Code("invented", "1", code, name, source_name="invented.csv")
        for code, name in changes.items()
    ]
    return catalogues.Catalogue([version], codes, [])


class TestInstall:
    def test_fills_the_tables_and_counts(
        self,
        session: Session,
        whole: catalogues.Catalogue,
        installed: repository.Installation,
    ) -> None:
        stored = [
            session.scalar(select(func.count()).select_from(table))
            for table in (_TABLES.code_list, _TABLES.code, _TABLES.code_succession)
        ]
        assert stored == [
            installed.code_lists.added,
            installed.codes.added,
            installed.successions.added,
        ]
        assert installed.codes.added == len(whole.list_codes())
        assert installed.source_changes == ()

    def test_changes_nothing_the_second_time(
        self, session: Session, whole: catalogues.Catalogue
    ) -> None:
        again = repository.install(session, whole, code_tables=_TABLES)

        unchanged = repository.Counts(0, 0, 0, len(whole.list_codes()))
        assert again.codes == unchanged
        assert (again.successions.added, again.successions.changed) == (0, 0)
        assert (again.code_lists.added, again.code_lists.changed) == (0, 0)
        assert again.source_changes == ()

    def test_stores_succession_name_key_amendments_and_source(self, session: Session) -> None:
        code, steps, lists = _TABLES.code.c, _TABLES.code_succession.c, _TABLES.code_list.c

        new = session.scalars(
            select(steps.new_code).where(steps.list_code == "province", steps.old_code == "30")
        ).all()
        long_thanh = session.execute(
            select(code.name_key, code.amendments).where(
                code.list_code == "commune", code.version == "19/2025", code.code == "26368"
            )
        ).one()
        sources = session.scalars(
            select(lists.sources).where(lists.list_code == "commune", lists.version == "19/2025")
        ).one()

        assert new == ["31"]
        assert long_thanh.name_key == "xa long thanh"
        assert long_thanh.amendments[0]["since"] == "2026-04-30"
        assert {source["publisher_version"] for source in sources} == {"", "1.0.4"}

    def test_reports_a_changed_source_and_keeps_the_earlier_hash(self, session: Session) -> None:
        repository.install(session, _small(a="A", b="B", c="C"), code_tables=_TABLES)
        invented = _TABLES.code_list.c.list_code == "invented"
        before = session.scalars(select(_TABLES.code_list.c.content_sha256).where(invented)).one()

        done = repository.install(session, _small(a="A", b="Bê", d="D"), code_tables=_TABLES)

        (change,) = done.source_changes
        assert (change.added, change.changed, change.withdrawn) == (("d",), ("b",), ("c",))
        assert change.old_sha256 == before != change.new_sha256
        row = session.execute(select(_TABLES.code_list).where(invented)).one()
        assert row.content_sha256 == change.new_sha256
        assert row.earlier_content_sha256 == [before]

    def test_marks_a_code_the_source_dropped_and_takes_it_back(self, session: Session) -> None:
        withdrawn = select(_TABLES.code.c.withdrawn).where(
            _TABLES.code.c.list_code == "invented", _TABLES.code.c.code == "b"
        )
        repository.install(session, _small(a="A", b="B"), code_tables=_TABLES)

        repository.install(session, _small(a="A"), code_tables=_TABLES)
        dropped = session.scalars(withdrawn).one()
        repository.install(session, _small(a="A", b="B"), code_tables=_TABLES)

        assert dropped is True
        assert session.scalars(withdrawn).one() is False

    def test_leaves_the_codes_of_a_stewards_file(
        self, session: Session, whole: catalogues.Catalogue, tmp_path: Path
    ) -> None:
        path = tmp_path / "vsic_deep.csv"
        path.write_text("code,name\n011,Trồng cây hàng năm\n", encoding="utf-8")
        grown = whole.with_codes(
            reading.read_code_file(path, "vsic", "36/2025"), reading.describe_code_file(path)
        )
        repository.install(session, grown, code_tables=_TABLES)

        again = repository.install(session, whole, code_tables=_TABLES)

        assert again.source_changes == ()
        assert again.codes.withdrawn == 0
        found = session.execute(
            select(_TABLES.code.c.parent_code, _TABLES.code.c.withdrawn).where(
                _TABLES.code.c.source_name == "vsic_deep.csv"
            )
        ).one()
        assert tuple(found) == ("01", False)


class TestIsInstalled:
    def test_tells_by_the_versions(self, session: Session, whole: catalogues.Catalogue) -> None:
        described = repository.describe(whole)

        assert repository.is_installed(session, described, code_tables=_TABLES)
        other = repository.describe(_small(a="A"))
        assert not repository.is_installed(session, other, code_tables=_TABLES)

    def test_does_not_pass_over_a_code_that_was_renamed(self, session: Session) -> None:
        repository.install(session, _small(a="A", b="B"), code_tables=_TABLES)

        for small, expected in ((_small(a="A", b="B"), True), (_small(a="A", b="Bê"), False)):
            described = repository.describe(small)
            found = repository.is_installed(session, described, code_tables=_TABLES)
            assert found is expected


class TestDefineTables:
    def test_comments_every_table_and_column(self) -> None:
        for table in dataclasses.astuple(_TABLES):
            assert table.comment
            assert all(column.comment for column in table.columns)

    def test_refuses_a_period_that_ends_before_it_starts(self, session: Session) -> None:
        code = dataclasses.replace(
            _small(a="A").get("invented", "1", "a"),
            valid_from=date(2025, 7, 1),
            valid_to=date(2025, 7, 1),
        )
        version = _small().get_version("invented", "1")

        with pytest.raises(Exception, match="ck_code_period"):
            repository.install(
                session, catalogues.Catalogue([version], [code], []), code_tables=_TABLES
            )
