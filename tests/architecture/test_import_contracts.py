"""Who imports whom: the contracts of pyproject.toml hold, and each of them can fail."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import code

HELPERS = "PLANTED = 1"
# contract → (file, line that breaks it)
PLANTED = {
    "suite": [
        ("databases/periods.py", "from population import values"),
        ("databases/sessions.py", "from sharing_api import client"),
        ("population/service/__init__.py", "from enterprise import legal"),
        ("enterprise/values.py", "from population import values"),
        ("population/datasets/fields.py", "from sharing_api import settings"),
        ("sharing_api/settings.py", "from command_line import main"),
        ("sample_country/country.py", "from sharing_api import client"),
        ("sharing_api/errors.py", "from sample_country import draws"),
    ],
    "register": [
        ("population/values.py", "from population import rules"),
        ("population/rules.py", "from population import tables"),
        ("enterprise/tables.py", "from enterprise.repository import rows"),
        ("enterprise/repository/answers.py", "from enterprise.service import acts"),
        ("enterprise/datasets/fields.py", "from enterprise.service import units"),
        ("population/helpers.py", HELPERS),
    ],
    "register_secrets": [
        ("command_line/steward.py", "from population.repository import answers"),
        ("sample_country/load.py", "from enterprise import tables"),
        ("sharing_api/disclosure/fetch.py", "from population import rules"),
    ],
    "corridor": [
        ("sharing_api/protocols/exchange.py", "from population import datasets"),
        ("sharing_api/app.py", "from enterprise.datasets import shapes"),
        ("command_line/officer.py", "from population.datasets import fields"),
        ("sample_country/load.py", "from population import datasets"),
    ],
    "exchange": [
        ("sharing_api/disclosure/fetch.py", "from sharing_api.protocols import exchange"),
        ("sharing_api/agreements/decide.py", "from sharing_api.access_log import entries"),
        ("sharing_api/standards/validate.py", "from sharing_api.disclosure import inquiry"),
        ("sharing_api/settings.py", "from sharing_api import keys"),
        ("sharing_api/helpers.py", HELPERS),
    ],
    "checker": [
        ("log_checker/merkle.py", "from databases.journal import tree"),
        ("log_checker/rows.py", "from sharing_api.access_log import entries"),
    ],
    "checked": [("sharing_api/access_log/entries.py", "from log_checker import rows")],
    "pure_law": [
        ("population/rules.py", "from sqlalchemy import orm"),
        ("enterprise/rules/shares.py", "import httpx2"),
        ("enterprise/values.py", "import pydantic"),
        ("sharing_api/agreements/decide.py", "import sqlalchemy"),
    ],
    "http": [
        ("population/errors.py", "import fastapi"),
        ("command_line/steward.py", "import starlette"),
        ("databases/sessions.py", "import uvicorn"),
    ],
    "circles": [
        ("databases/errors.py", "from databases import settings"),
        ("databases/code_lists/values.py", "from databases.code_lists import catalogue"),
    ],
}


def _contracts() -> list[str]:
    content = tomllib.loads((code.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["id"] for contract in content["tool"]["importlinter"]["contracts"]]


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    chosen = [argument for name in contracts for argument in ("--contract", name)]
    return subprocess.run(
        [program, "--no-cache", "--no-logo", *chosen],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages into which mistakes may be planted."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(code.ROOT / "pyproject.toml", folder)
    for package in code.PACKAGES:
        for path in (code.ROOT / package).rglob("*.py"):
            copy = folder / path.relative_to(code.ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return folder


@pytest.fixture
def planted_tree(copied_tree: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with the mistakes of one contract planted; they are taken out again."""
    before = {}
    for path, line in PLANTED[request.param]:
        file = copied_tree / path
        before[file] = file.read_text(encoding="utf-8") if file.exists() else None
        file.write_text(f"{before[file] or ''}\n{line}\n", encoding="utf-8")
    yield copied_tree
    for file, text in before.items():
        if text is None:
            file.unlink()
        else:
            file.write_text(text, encoding="utf-8")


def _report_of(contract: str, path: str, line: str) -> str:
    """Give what the linter says of a planted line.

    >>> _report_of("register", "population/values.py", "from population import rules")
    'population.values -> population.rules ('
    """
    importer = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if contract == "circles":  # the linter names the package, and either half of the circle
        return f"No cycles are allowed in {importer.rpartition('.')[0]}.\n"
    if line == HELPERS:
        return f"- {importer}\n"
    imported = line.removeprefix("from ").removeprefix("import ").replace(" import ", ".")
    if imported.startswith("sqlalchemy"):
        imported = "sqlalchemy"
    return f"{importer} -> {imported} ("


class TestContracts:
    def test_hold_in_the_code_base(self, copied_tree: Path) -> None:
        result = _lint(copied_tree)

        assert result.returncode == 0, result.stdout + result.stderr

    def test_are_each_tried_by_planted_violations(self) -> None:
        assert sorted(PLANTED) == sorted(_contracts())

    @pytest.mark.parametrize(
        ("contract", "planted_tree"), [(n, n) for n in PLANTED], indirect=["planted_tree"]
    )
    def test_catch_every_planted_violation(self, contract: str, planted_tree: Path) -> None:
        result = _lint(planted_tree, contract)

        assert result.returncode == 1, result.stdout + result.stderr
        assert "0 kept, 1 broken" in result.stdout
        expected = [_report_of(contract, path, line) for path, line in PLANTED[contract]]
        assert [one for one in expected if one not in result.stdout] == [], result.stdout
