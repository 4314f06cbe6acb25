"""The corridor is the only way out: nobody else reads a register's records."""

import ast
import re

import pytest

from tests.architecture import code

STATION = "sharing_api/disclosure/fetch.py"
# Gives the station datasets as they were published once, around what they read now.
FORMER = "sharing_api/disclosure/former.py"
EXCHANGE = "exchange"
# Reads of a register outside the corridor: they give no records of persons or enterprises.
OTHER_READERS = {
    "command_line/auditor/entries.py: show_budgets",  # how much detail of figures is published
    "command_line/auditor/entries.py: show_state",  # hashes of whole tables
    "command_line/operator/demo.py: _publish_statistics",  # whether anything is published yet
    "command_line/steward.py: _reference",  # the code lists that a file is checked against
    "command_line/vintages.py: _reading",  # the office's own published figures
}
_PATTERN_NAME = re.compile(r"^(ast|re|_?[A-Z][A-Z0-9_]*)$")


def find_ways_out(module: code.Module) -> list[str]:
    """Name the places that take hold of a dataset's `fetch`, `search` or `walk`."""
    return [
        f"{module.path}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"fetch", "search", "walk"}
        and not _PATTERN_NAME.match(ast.unparse(node.value))
    ]


def find_register_sessions(module: code.Module, *methods: str) -> list[str]:
    """Name the functions that open a session or engine of a database other than the exchange's."""
    found = []
    for function in code.iterate_functions(module.tree):
        for name, call in code.iterate_calls(function):
            if name.rpartition(".")[2] not in methods or "." not in name:
                continue
            database = call.args[0] if call.args else None
            if not (isinstance(database, ast.Constant) and database.value == EXCHANGE):
                found.append(f"{module.path}: {function.name}")
    return found


class TestDatasets:
    def test_are_read_by_the_corridor_only(self) -> None:
        folders = ("command_line", "databases", "sample_country", "sharing_api")
        places = [
            place for module in code.read_modules(*folders) for place in find_ways_out(module)
        ]

        assert {place.partition(":")[0] for place in places} == {STATION, FORMER}

    @pytest.mark.parametrize(
        "line",
        [
            "rows = dataset.fetch(session, keys, fields, as_of)",
            "rows = DATASETS['citizen'].search(session, {}, fields, as_of, 1)",
            "read = catalogue.get(name).fetch",
            "keys = dataset.walk(session, as_of, page)",
        ],
    )
    def test_read_elsewhere_are_found(self, line: str) -> None:
        module = code.parse("sharing_api/protocols/planted.py", line)

        assert find_ways_out(module) == ["sharing_api/protocols/planted.py:1"]

    def test_are_told_from_regular_expressions(self) -> None:
        module = code.parse("x.py", "re.search(a, b)\n_NOT_PLAIN.search(raw)\n")

        assert find_ways_out(module) == []


class TestRegisterSessions:
    def test_are_opened_by_the_corridor_only(self) -> None:
        found = {
            place
            for module in code.read_modules("sharing_api")
            for place in find_register_sessions(module, "reading", "writing", "engine")
        }

        readers = ("_feed", "_look_up", "_search", "_walk", "_candidates", "last_change")
        assert found == {f"{STATION}: {name}" for name in readers}

    def test_are_not_opened_for_reading_by_commands(self) -> None:
        found = {
            place
            for module in code.read_modules("command_line", "sample_country")
            for place in find_register_sessions(module, "reading")
        }

        assert found == OTHER_READERS

    @pytest.mark.parametrize(
        "call",
        ["reading('population')", "writing(register)", "engine('enterprise', 'reader')"],
    )
    def test_opened_elsewhere_are_found(self, call: str) -> None:
        text = f"def get_page(databases):\n    with databases.{call} as session:\n        pass\n"
        module = code.parse("sharing_api/protocols/planted.py", text)

        found = find_register_sessions(module, "reading", "writing", "engine")

        assert found == ["sharing_api/protocols/planted.py: get_page"]

    def test_are_told_from_those_of_the_exchange(self) -> None:
        text = "def get_page(databases):\n    databases.reading('exchange')\n"

        assert find_register_sessions(code.parse("x.py", text), "reading") == []
