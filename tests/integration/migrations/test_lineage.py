"""Each database has one line of revisions, numbered without gaps, and says which is the last."""

import ast
import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from databases.settings import DATABASES
from tests import conftest
from tests.architecture import code

FOLDER = conftest.ROOT / "migrations"
# What a migration may stand on: what it imports of ours would change under its feet.
OURS = set(code.PACKAGES)


def _revisions(database: str) -> list[str]:
    directory = ScriptDirectory.from_config(conftest.alembic_config(database, "none"))
    return [script.revision for script in directory.walk_revisions("base", "heads")][::-1]


def _files(database: str) -> list[Path]:
    return sorted((FOLDER / database).glob("*.py"))


def find_own_imports(text: str) -> list[str]:
    """Name our packages that a migration imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.partition(".")[0] in OURS]


@pytest.mark.parametrize("database", DATABASES)
class TestLineage:
    def test_has_one_head(self, database: str) -> None:
        directory = ScriptDirectory.from_config(conftest.alembic_config(database, "none"))

        assert len(directory.get_heads()) == 1

    def test_is_numbered_without_gaps(self, database: str) -> None:
        revisions = _revisions(database)

        assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
        assert revisions

    def test_stands_in_files_that_bear_the_number(self, database: str) -> None:
        names = [path.name for path in _files(database)]

        assert [name.partition("_")[0] for name in names] == _revisions(database)
        assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)

    def test_ends_where_head_says(self, database: str) -> None:
        head = (FOLDER / database / "HEAD").read_text(encoding="utf-8").strip()

        assert head == _revisions(database)[-1]

    def test_imports_none_of_our_packages(self, database: str) -> None:
        found = [
            f"{path.name}: {name}"
            for path in _files(database)
            for name in find_own_imports(path.read_text(encoding="utf-8"))
        ]

        assert found == []

    def test_bounds_the_wait_for_locks(self, database: str) -> None:
        for path in _files(database):
            assert path.read_text(encoding="utf-8").count("SET LOCAL lock_timeout") == 2, path.name


class TestOwnImports:
    def test_are_found(self) -> None:
        text = "import sqlalchemy\nfrom population import values\nimport databases.base\n"

        assert find_own_imports(text) == ["population", "databases.base"]
