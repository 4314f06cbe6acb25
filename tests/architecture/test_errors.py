"""Errors are facts with a stable code: one each, unique, documented."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from databases import errors
from tests.architecture import code

KINDS = (errors.NotFound, errors.Conflict, errors.Refused, errors.Invalid, errors.Unavailable)
_LIST = code.ROOT / "docs" / "errors.md"


def _import_everything() -> None:
    for name in code.PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)


def _iterate_subclasses(
    kind: type[errors.RegisterError],
) -> Iterator[type[errors.RegisterError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _iterate_subclasses(child)


@pytest.fixture(scope="module")
def named_errors() -> list[type[errors.RegisterError]]:
    """All errors of the suite, without those that other tests made up."""
    _import_everything()
    return [
        error
        for error in dict.fromkeys(_iterate_subclasses(errors.RegisterError))
        if error.__module__.partition(".")[0] in code.PACKAGES
    ]


class TestErrorCodes:
    def test_are_said_by_every_error_itself(
        self, named_errors: list[type[errors.RegisterError]]
    ) -> None:
        assert len(named_errors) > len(KINDS)
        assert [error for error in named_errors if "code" not in vars(error)] == []

    def test_are_unique(self, named_errors: list[type[errors.RegisterError]]) -> None:
        counts = Counter(error.code for error in named_errors)

        assert [name for name, count in counts.items() if count > 1] == []

    def test_name_the_room_and_the_fact(
        self, named_errors: list[type[errors.RegisterError]]
    ) -> None:
        shape = re.compile(r"[a-z_]+\.[a-z0-9_]+")

        assert [error for error in named_errors if not shape.fullmatch(error.code)] == []

    def test_stand_in_the_list_of_errors(
        self, named_errors: list[type[errors.RegisterError]]
    ) -> None:
        text = _LIST.read_text(encoding="utf-8")

        assert [error.code for error in named_errors if f"`{error.code}`" not in text] == []
