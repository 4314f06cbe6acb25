"""The generated documents are fresh, and what the others name is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from command_line.developer import commands, documents, packages, variables
from sharing_api.disclosure import catalogue

_ROOT = documents.ROOT
_WRITTEN = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/adr/*.md")
    for path in _ROOT.glob(pattern)
    if str(path.relative_to(_ROOT)) not in documents.DOCUMENTS
)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)(?:::(\w+))?`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)")
_PATH = re.compile(r"`([a-z_.][\w.-]*/[\w./-]*)`")


def _missing_tests(text: str) -> Iterator[str]:
    """Give the tests that a text names and that are not there."""
    for path, class_name, method in _TEST.findall(text):
        file = _ROOT / path
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
        classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
        methods = {
            one.name: {inner.name for inner in one.body if isinstance(inner, ast.FunctionDef)}
            for one in classes
        }
        if class_name not in methods or (method and method not in methods[class_name]):
            yield f"{path}::{class_name}::{method}"


def _missing_places(path: Path) -> Iterator[str]:
    """Give the files and folders that a document links to or names and that are not there.

    Names of datasets look like paths and are none.
    """
    text = path.read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if "://" not in target and not (path.parent / target).exists():
            yield target
    for target in _PATH.findall(text):
        if target not in catalogue.DATASETS and not (_ROOT / target).exists():
            yield target


class TestDocuments:
    def test_are_fresh(self) -> None:
        assert documents.list_stale(_ROOT) == []

    def test_are_all_stale_where_nothing_was_written(self, tmp_path: Path) -> None:
        assert documents.list_stale(tmp_path) == list(documents.DOCUMENTS)

    def test_are_fresh_once_written_and_stale_once_altered(self, tmp_path: Path) -> None:
        documents.write(tmp_path, documents.DOCUMENTS)
        fresh = documents.list_stale(tmp_path)
        altered = tmp_path / "docs/errors.md"
        altered.write_text(altered.read_text(encoding="utf-8") + "!", encoding="utf-8")

        assert fresh == []
        assert documents.list_stale(tmp_path) == ["docs/errors.md"]


class TestDocs:
    def test_with_check_names_what_is_stale_and_ends_with_1(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        documents.write(tmp_path, documents.DOCUMENTS)
        (tmp_path / "docs/settings.md").unlink()
        monkeypatch.setattr(documents, "ROOT", tmp_path)

        with pytest.raises(typer.Exit) as ended:
            commands.docs(check=True)

        assert ended.value.exit_code == 1
        assert capsys.readouterr().out == "Stale: docs/settings.md. Run ./natdb docs\n"
        assert not (tmp_path / "docs/settings.md").exists()

    def test_writes_what_is_stale(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(documents, "ROOT", tmp_path)

        commands.docs()

        assert documents.list_stale(tmp_path) == []


class TestRequireFree:
    @pytest.mark.parametrize(
        "licence",
        [
            "GPL-3.0-or-later",
            "AGPLv3+",
            "GNU General Public License v3 (GPLv3)",
            "GNU Affero General Public License v3",
            "MIT AND GPL-2.0-only",
        ],
    )
    def test_refuses_what_would_bind_the_suite(self, licence: str) -> None:
        with pytest.raises(packages.LicenceRefused, match="invented"):
            packages.require_free("invented", licence)

    @pytest.mark.parametrize(
        "licence",
        [
            "MIT",
            "LGPL with exceptions",
            "GNU Lesser General Public License v2 or later (LGPLv2+)",
            "GNU Library or Lesser General Public License (LGPL)",
            "",
        ],
    )
    def test_lets_others_pass(self, licence: str) -> None:
        packages.require_free("invented", licence)


class TestReadLicence:
    def test_reads_it_from_what_is_installed(self) -> None:
        assert packages.read_licence("sqlalchemy") == "MIT"

    def test_gives_nothing_for_what_is_not_installed(self) -> None:
        assert packages.read_licence("natdb-invented-package") == ""


class TestPackages:
    @staticmethod
    def _project(root: Path, described: str, licence: str) -> Path:
        (root / "docs").mkdir()
        (root / "pyproject.toml").write_text(
            '[project]\ndependencies = ["sqlalchemy>=2"]\n[dependency-groups]\ndev = []\n'
        )
        (root / "requirements.lock").write_text("sqlalchemy==2.1.9 \\\n    --hash=sha256:0\n")
        (root / "docs/dependencies.toml").write_text(
            f'introduction = "i"\n[package.{described}]\n'
            f'licence = "{licence}"\nwhy = "w"\ncost = "c"\n'
        )
        return root

    def test_are_listed(self, tmp_path: Path) -> None:
        text = packages.render(self._project(tmp_path, "sqlalchemy", "MIT"))

        assert "| `sqlalchemy` >=2 | MIT | w | c |" in text

    def test_without_a_reason_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(packages.PackageUndescribed, match="another, sqlalchemy"):
            packages.render(self._project(tmp_path, "another", "MIT"))

    def test_under_another_licence_than_reviewed_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(packages.LicenceRefused, match="reviewed was BSD"):
            packages.render(self._project(tmp_path, "sqlalchemy", "BSD"))


class TestVariables:
    def test_that_nobody_described_are_refused(self, tmp_path: Path) -> None:
        source = tmp_path / "databases"
        source.mkdir()
        (source / "new.py").write_text('import os\n\nos.environ["NATDB_INVENTED"]\n')

        with pytest.raises(variables.SettingUndescribed, match="NATDB_INVENTED"):
            variables.render(tmp_path)


class TestWrittenDocuments:
    @pytest.mark.parametrize("path", _WRITTEN, ids=lambda path: path.name)
    def test_name_only_files_and_folders_that_are_there(self, path: Path) -> None:
        assert list(_missing_places(path)) == []

    @pytest.mark.parametrize("path", _WRITTEN, ids=lambda path: path.name)
    def test_name_only_tests_that_are_there(self, path: Path) -> None:
        assert list(_missing_tests(path.read_text(encoding="utf-8"))) == []

    def test_that_name_what_is_not_there_are_found(self, tmp_path: Path) -> None:
        text = "`databases/invented.py` [x](nowhere.md) `tests/unit/test_no.py::TestNo::test_no`"
        (tmp_path / "x.md").write_text(text)

        assert list(_missing_places(tmp_path / "x.md")) == ["nowhere.md", "databases/invented.py"]
        assert list(_missing_tests(text)) == ["tests/unit/test_no.py::TestNo::test_no"]

    def test_of_security_name_tests(self) -> None:
        text = (_ROOT / "SECURITY.md").read_text(encoding="utf-8")

        assert len(_TEST.findall(text)) >= 20
