"""Law names its source: every rule, every number."""

import ast
import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from databases.law import LegalNumber
from tests.architecture import code

LEGAL = [importlib.import_module(f"{register}.legal") for register in code.REGISTERS]
_BETWEEN = "sharing_api/consistency"  # rules about what several registers say
_INSTRUMENT = re.compile(r"\b(law|decree|circular|decision|code|resolution)\b", re.IGNORECASE)


def find_rules_without_source(module: code.Module) -> list[str]:
    """Name the public rules whose docstring has no Source section with something in it."""
    return [
        f"{module.path}: {function.name}"
        for function in _public_functions(module.tree)
        if not function.name.startswith("_")
        and not re.search(r"^Source:\n +\S", ast.get_docstring(function) or "", re.MULTILINE)
    ]


def _public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) and node.name[0] != "_" else [node]
        yield from (member for member in members if isinstance(member, ast.FunctionDef))


def find_constants_without_source(module: code.Module) -> list[str]:
    """Name the public constants that are no legal numbers and follow no comment naming a source."""
    lines = module.text.splitlines()
    found = []
    for node in module.tree.body:
        name = _constant_name(node)
        if name is None or "LegalNumber(" in ast.unparse(node):
            continue
        comments = _comments_above(lines, node.lineno)
        if not _INSTRUMENT.search(comments):
            found.append(f"{module.path}: {name}")
    return found


def _constant_name(node: ast.stmt) -> str | None:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if isinstance(node, ast.AnnAssign):
        target = node.target
    name = target.id if isinstance(target, ast.Name) else "_"
    return None if name.startswith("_") else name


def _comments_above(lines: list[str], line_number: int) -> str:
    """Give the comments of the paragraph that the line stands in."""
    paragraph = []
    for line in reversed(lines[: line_number - 1]):
        if not line.strip():
            break
        paragraph.append(line)
    return " ".join(line for line in paragraph if line.startswith("#"))


def _rule_modules() -> list[code.Module]:
    return [
        module
        for module in code.read_modules(*code.REGISTERS, _BETWEEN)
        if re.search(r"/rules(\.py$|/)", module.path)
    ]


class TestRules:
    def test_name_their_source(self) -> None:
        modules = _rule_modules()

        folders = {module.path.partition("/")[0] for module in modules}
        assert folders == {*code.REGISTERS, _BETWEEN.partition("/")[0]}
        assert [one for module in modules for one in find_rules_without_source(module)] == []

    def test_without_a_source_are_found(self) -> None:
        planted = code.parse(
            "x/rules.py",
            'def is_a() -> bool:\n    """Test.\n\n    Source:\n        Law 1.\n    """\n'
            'def is_b() -> bool:\n    """Test.\n\n    Source:\n    """\n'
            'def is_c() -> bool:\n    """Test."""\n'
            "def is_d() -> bool:\n    return True\n"
            "def _is_e() -> bool:\n    return True\n",
        )

        found = find_rules_without_source(planted)

        assert found == ["x/rules.py: is_b", "x/rules.py: is_c", "x/rules.py: is_d"]


def _numbers() -> list[tuple[str, LegalNumber[Any]]]:
    return [
        (f"{module.__name__}.{name}", value)
        for module in LEGAL
        for name, value in vars(module).items()
        if isinstance(value, LegalNumber)
    ]


class TestLegalNumbers:
    def test_are_found_in_every_register(self) -> None:
        assert {name.partition(".")[0] for name, _ in _numbers()} == set(code.REGISTERS)

    @pytest.mark.parametrize(("name", "number"), _numbers(), ids=[name for name, _ in _numbers()])
    def test_name_instrument_unit_and_days(self, name: str, number: LegalNumber[Any]) -> None:
        assert _INSTRUMENT.search(number.source), name
        assert re.search(r"\d+/\d{4}|art\. \d+", number.source), name
        assert number.unit, name
        assert number.valid_to is None or number.valid_to > number.valid_from, name

    def test_have_no_neighbours_without_a_source(self) -> None:
        modules = [
            module for module in code.read_modules(*code.REGISTERS) if "/legal" in module.path
        ]

        assert [one for module in modules for one in find_constants_without_source(module)] == []

    def test_without_a_source_are_found(self) -> None:
        planted = code.parse("x/legal.py", "# Decree 1/2020, art. 2\nA = 1\n_B = 2\n\nC = 3\n")

        assert find_constants_without_source(planted) == ["x/legal.py: C"]
