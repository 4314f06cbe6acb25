"""The code base as these tests read it: files, their trees, and where in them something stands."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from databases import settings

ROOT = Path(__file__).resolve().parent.parent.parent
REGISTERS = settings.REGISTERS
PACKAGES = (
    "command_line",
    "databases",
    *REGISTERS,
    "log_checker",
    "sample_country",
    "sharing_api",
)


@dataclass(frozen=True)
class Module:
    """A source file: its path below the root, and its tree."""

    path: str
    text: str
    tree: ast.Module


def read_modules(*folders: str, root: Path = ROOT) -> Iterator[Module]:
    """Read all source files below some folders."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield Module(path.relative_to(root).as_posix(), text, ast.parse(text))


def parse(path: str, text: str) -> Module:
    """Make a module of a text that is not in the code base: a planted mistake."""
    return Module(path, text, ast.parse(text))


def iterate_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def iterate_calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Give every call with the dotted text of what is called, such as `session.commit`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node
