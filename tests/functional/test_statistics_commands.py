"""`./natdb statistics show | compare` and `./natdb audit statistics`, typed on a terminal."""

from collections.abc import Iterator

import pytest

from databases.sessions import Databases
from databases.settings import Settings
from population_statistics.values import RULE_VERSION
from tests.conftest import copied_databases
from tests.factories import population_statistics as figures
from tests.functional.test_load_command import natdb

DAY = figures.DAY.isoformat()
TOTAL = "POPULATION/A.VN.POP._T._T._T._T._T"


@pytest.fixture(scope="module", name="settings")
def published(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    """Figures of two vintages, in a register that the commands may read."""
    for copy in copied_databases(settings, cluster_url, worker, "office"):
        databases = Databases(copy, "test")
        figures.publish(databases)
        databases.dispose()
        yield copy


class TestShow:
    def test_prints_figure_vintage_rules_and_change_of_the_population_register(
        self, settings: Settings
    ) -> None:
        shown = natdb(settings, "statistics", "show", DAY)

        assert shown.returncode == 0, shown.stderr
        line = next(one for one in shown.stdout.splitlines() if one.startswith(TOTAL))
        assert line.split()[1:] == [f"{figures.HISTORY[1]:.0f}", "2", RULE_VERSION, "47"]

    def test_says_which_vintages_there_are(self, settings: Settings) -> None:
        refused = natdb(settings, "statistics", "show", DAY, "--vintage", "3")

        assert refused.returncode != 0
        assert "vintages 1 to 2" in refused.stderr


class TestCompare:
    def test_prints_what_differs_and_by_how_much(self, settings: Settings) -> None:
        compared = natdb(settings, "statistics", "compare", DAY, "--series", ".VN.POP.")

        assert compared.returncode == 0, compared.stderr
        lines = compared.stdout.splitlines()
        total = next(one for one in lines if one.startswith(TOTAL))
        assert total.split()[-1] == "+40"
        assert "change 7" in lines[0]
        assert "change 47" in lines[1]

    def test_finds_no_difference_of_a_vintage_to_itself(self, settings: Settings) -> None:
        compared = natdb(settings, "statistics", "compare", DAY, "--first", "0")

        assert compared.stdout.splitlines()[-1].startswith("0 of ")


class TestAuditStatistics:
    def test_prints_the_detail_of_every_vintage(self, settings: Settings) -> None:
        printed = natdb(settings, "audit", "statistics", DAY)

        assert printed.returncode == 0, printed.stderr
        assert [one for one in printed.stdout.splitlines() if one.startswith("vintage ")] != []
        assert printed.stdout.count("persons_by_single_age") == 2
