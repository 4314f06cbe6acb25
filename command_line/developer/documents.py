"""The generated documents, and whether the files still say what the code says."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from command_line.developer import packages, refusals, registers, variables
from databases import settings

ROOT = Path(__file__).resolve().parents[2]

DOCUMENTS: Mapping[str, Callable[[], str]] = {
    **{f"docs/registers/{name}.md": partial(registers.render, name) for name in settings.DATABASES},
    "docs/errors.md": refusals.render,
    "docs/settings.md": partial(variables.render, ROOT),
    "docs/dependencies.md": partial(packages.render, ROOT),
}


def list_stale(root: Path) -> list[str]:
    """List the generated files that are missing or that say something else than the code."""
    return [path for path, render in DOCUMENTS.items() if _read(root / path) != render()]


def write(root: Path, paths: Iterable[str]) -> None:
    """Write generated files."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(DOCUMENTS[path](), encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
