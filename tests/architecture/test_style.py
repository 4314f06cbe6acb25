"""Conventions that hold everywhere: sizes, transactions, the clock, SQL, suppressions."""

import ast
import re

from tests.architecture import code

MOST_LINES = 500
MOST_FUNCTION_LINES = 52  # beside its docstring; 40 is the aim, more than this is refused
# Files that read the clock: requests, commands and the integrator arrive there.
EDGES = {
    "command_line/auditor/log_keys.py": 1,
    "command_line/auditor/subjects.py": 2,
    "command_line/in_house.py": 1,
    "command_line/land_load.py": 1,
    "command_line/land_shapes.py": 1,
    "command_line/sample.py": 1,
    "command_line/statistics.py": 1,
    "command_line/steward.py": 1,
    "sharing_api/access_log/integrator.py": 1,
    "sharing_api/access_log/subjects/committer.py": 1,
    "sharing_api/access_log/timestamps/worker.py": 1,
    "sharing_api/app.py": 1,
    "sharing_api/bootstrap.py": 1,
    "sharing_api/client.py": 1,
    "sharing_api/indexer.py": 1,
    "sharing_api/protocols/agreements/endpoints.py": 1,
    "sharing_api/protocols/dialects.py": 1,
    "sharing_api/protocols/emergencies.py": 1,
    "sharing_api/protocols/exchange.py": 1,
    "sharing_api/protocols/front_door.py": 1,
    "sharing_api/protocols/links.py": 1,
    "sharing_api/protocols/notices.py": 1,
    "sharing_api/protocols/tokens.py": 1,
}
# Who makes engines and sessions; everybody else is handed one.
SESSION_MAKERS = {
    "command_line/operator/migrate.py",  # asks servers for their state, as the owner
    "databases/sessions.py",
}
_CLOCK = re.compile(r"(^|\.)(now|today|utcnow)$|^time\.(time|time_ns|gmtime|localtime)$")
_SUPPRESSION = re.compile(r"#\s*(?:noqa|type: ignore)(?:: [A-Z0-9, ]*[0-9]|\[[a-z, -]+\])?(.*)")
_STATEMENTS = {"delete", "insert", "select", "text", "union_all", "update"}


def find_commits(module: code.Module) -> list[str]:
    """Name the lines that end a transaction."""
    return [
        f"{module.path}:{call.lineno}"
        for name, call in code.iterate_calls(module.tree)
        if name.rpartition(".")[2] in {"commit", "rollback"} and "." in name
    ]


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its docstring: to explain is not to be long."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    docstring = function.body[0]
    return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def count_clock_readings(module: code.Module) -> int:
    """Count the calls that read the clock; arguments named `now` are no calls."""
    return sum(
        bool(_CLOCK.search(name)) and not call.args[1:]
        for name, call in code.iterate_calls(module.tree)
        if name.split(".")[0] in {"date", "datetime", "time"}
    )


def find_statements(module: code.Module) -> list[str]:
    """Name the imports of what SQL is written with."""
    return [
        f"{module.path}: {alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in _STATEMENTS
    ]


def find_bare_suppressions(module: code.Module) -> list[str]:
    """Name the lines that silence a check without saying why."""
    found = []
    for number, line in enumerate(module.text.splitlines(), start=1):
        match = _SUPPRESSION.search(line)
        if match and not re.search(r"\w", match.group(1)):
            found.append(f"{module.path}:{number}")
    return found


class TestSizes:
    def test_no_file_is_too_long(self) -> None:
        folders = (*code.PACKAGES, "benchmarks", "tests")
        lengths = {m.path: len(m.text.splitlines()) for m in code.read_modules(*folders)}

        assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}

    def test_no_function_is_too_long(self) -> None:
        lengths = {
            f"{module.path}: {function.name}": count_lines(function)
            for module in code.read_modules(*code.PACKAGES)
            for function in code.iterate_functions(module.tree)
        }

        assert {n: lines for n, lines in lengths.items() if lines > MOST_FUNCTION_LINES} == {}

    def test_lines_of_a_function_are_counted_without_its_docstring(self) -> None:
        module = code.parse("x.py", 'def f():\n    """Do.\n\n    More.\n    """\n    return 1\n')

        assert [count_lines(function) for function in code.iterate_functions(module.tree)] == [2]


class TestTransactions:
    def test_end_at_the_edge_only(self) -> None:
        modules = code.read_modules(*code.PACKAGES)

        assert [one for module in modules for one in find_commits(module)] == []

    def test_ended_elsewhere_are_found(self) -> None:
        planted = code.parse("x.py", "def f(session):\n    session.commit()\n    s.rollback()\n")

        assert find_commits(planted) == ["x.py:2", "x.py:3"]

    def test_begin_where_sessions_are_made(self) -> None:
        makers = {
            module.path
            for module in code.read_modules(*code.PACKAGES)
            for name, _ in code.iterate_calls(module.tree)
            if name in {"Session", "create_engine", "sqlalchemy.create_engine", "sessionmaker"}
            or re.search(r"(session|connection|engine)\.begin$", name)
        }

        assert makers == SESSION_MAKERS


class TestClock:
    def test_is_read_at_the_edges_only(self) -> None:
        counts = {m.path: count_clock_readings(m) for m in code.read_modules(*code.PACKAGES)}

        assert {path: count for path, count in counts.items() if count} == EDGES

    def test_read_elsewhere_is_found(self) -> None:
        text = "a = date.today()\nb = datetime.now(UTC)\nc = time.time()\nd = datetime(2020, 1, 1)"

        assert count_clock_readings(code.parse("x.py", text)) == 3


class TestStatements:
    def test_are_written_in_repositories(self) -> None:
        files = {
            module.path
            for module in code.read_modules(*code.REGISTERS, "sample_country", "sharing_api")
            if not re.search(r"/(repository|tables)(\.py$|/)", module.path)
            and find_statements(module)
        }

        assert files == set()

    def test_written_elsewhere_are_found(self) -> None:
        planted = code.parse("x.py", "from sqlalchemy import Table, select\n")

        assert find_statements(planted) == ["x.py: select"]


class TestSuppressions:
    def test_say_why(self) -> None:
        modules = code.read_modules(*code.PACKAGES, "benchmarks")

        assert [one for module in modules for one in find_bare_suppressions(module)] == []

    def test_without_a_reason_are_found(self) -> None:
        mark = "# no" + "qa"
        text = f"a = 1  {mark}: S603\nb = 2  {mark}: S603  our own program\nc = 3  {mark}\n"

        assert find_bare_suppressions(code.parse("x.py", text)) == ["x.py:1", "x.py:3"]
