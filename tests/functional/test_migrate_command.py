"""`./natdb migrate`: databases at the newest revision, registers with the code lists."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from command_line.operator import code_lists
from databases.code_lists import reading
from databases.settings import REGISTERS, Settings
from tests.conftest import copied_databases

ROOT = Path(__file__).resolve().parents[2]
INSTALLING = "Installing the code lists of enterprise"


@pytest.fixture(name="settings")
def own_settings(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    """A register of its own: what is installed is committed."""
    yield from copied_databases(settings, cluster_url, worker, "migrate", ["enterprise"])


def count_codes(settings: Settings) -> int:
    engine = create_engine(settings.url("enterprise", "reader"), poolclass=NullPool)
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT count(*) FROM enterprise.code")).scalar_one()
    return int(counted)


def migrate(settings: Settings) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "command_line.main", "migrate", "enterprise"],
        cwd=ROOT,
        env={**os.environ, **settings.values, "NATDB_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


class TestMigrate:
    def test_installs_the_code_lists_once(self, settings: Settings) -> None:
        before = count_codes(settings)

        first, second = migrate(settings), migrate(settings)

        assert before == 0
        assert count_codes(settings) == len(reading.load_catalogue().list_codes())
        assert INSTALLING in first
        assert INSTALLING not in second

    def test_mends_a_list_that_another_version_installed(self, settings: Settings) -> None:
        code_lists.install(settings, ["enterprise"])
        engine = create_engine(settings.url("enterprise", "owner"), poolclass=NullPool)
        with engine.begin() as connection:
            for statement in (
                "UPDATE enterprise.code SET name = 'An' WHERE list_code = 'sex' AND code = '1'",
                "UPDATE enterprise.code_list SET content_sha256 = 'x' WHERE list_code = 'sex'",
            ):
                connection.execute(text(statement))

        written = code_lists.install(settings, ["enterprise", "exchange"])

        assert written == ("enterprise",)
        with engine.connect() as connection:
            renamed = text(
                "SELECT count(*) FROM enterprise.code WHERE name = 'An' AND list_code = 'sex'"
            )
            assert connection.execute(renamed).scalar_one() == 0
        assert code_lists.install(settings, ["enterprise"]) == ()

    def test_passes_over_the_exchange(self, settings: Settings) -> None:
        assert "exchange" not in REGISTERS
        assert code_lists.install(settings, ["exchange"]) == ()
