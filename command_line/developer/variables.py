"""Lists the settings: every environment variable that the code reads, and what it is for."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from command_line.developer import markdown
from databases import errors, settings
from sharing_api.settings import ExchangeSettings

_NAME = re.compile(r"\bNATDB_[A-Z_]*[A-Z]\b")
_SOURCES = ("natdb", "command_line", "databases", "sharing_api", *settings.REGISTERS)
# The settings of databases are made of a database and a role, not written out.
_DATABASE = re.compile(r"NATDB_[A-Z]+_(?:OWNER_|READER_|INTEGRATOR_)?URL")

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "NATDB_HOME": (
        "`.natdb` beside the packages",
        "folder of the private cluster, `settings.env`, keys and process logs",
    ),
    "NATDB_PYTHON": ("the first of python3, python3.14 …", "Python that `./natdb` makes .venv of"),
    "NATDB_POSTGRES": (
        "auto",
        "where a private cluster's programs come from: see `databases/local_cluster/sources.py`",
    ),
    "NATDB_API_ADDRESS": ("http://127.0.0.1:8714", "exchange that `./natdb ask` asks"),
    "NATDB_LOG_NAME": (ExchangeSettings.log_name, "origin of the access log in its checkpoints"),
    "NATDB_ISSUER": (ExchangeSettings.issuer, "issuer of access tokens and receipts"),
    "NATDB_BATCH_LIMIT": (
        str(ExchangeSettings.batch_limit),
        "questions that one round of the corridor takes at most",
    ),
    "NATDB_BATCH_THREADS": (
        str(ExchangeSettings.batch_threads),
        "rounds that one process has under way at the same time",
    ),
    "NATDB_TIMESTAMP_AUTHORITIES": (
        "none",
        "addresses of time-stamping authorities (RFC 3161), with spaces between",
    ),
    "NATDB_TIMESTAMP_MINUTES": ("60", "minutes between two timestamps of an authority"),
    "NATDB_TEST_CLUSTER_URL": (
        "a throw-away cluster",
        "superuser of the PostgreSQL that the tests use",
    ),
}
_ROLES: Mapping[settings.Role, str] = {
    "owner": "runs the migrations and owns the tables",
    "service": "reads and adds; cannot rewrite history",
    "reader": "only reads; may be a replica; falls back to the service",
    "integrator": "writes the Merkle tree of the access log",
}


class SettingUndescribed(errors.Invalid):
    """A setting is read by the code but described nowhere, or the other way round."""

    code = "developer.setting_undescribed"


def render(root: Path) -> str:
    """Write the document of settings.

    Raises:
        SettingUndescribed: descriptions and code name different variables.
    """
    _require_described(root)
    return markdown.document(
        [
            *markdown.title("Settings", "the variables that the code reads"),
            "The environment wins over `settings.env` in the home folder, which the local cluster "
            "writes. A site with servers of its own sets the variables of its databases and runs "
            "`./natdb migrate`, which also installs the code lists.",
            "",
            "## Databases",
            "",
            *markdown.table(("variable", "role", "what the role does"), _database_rows()),
            "## Everything else",
            "",
            *markdown.table(
                ("variable", "without it", "meaning"),
                ((f"`{name}`", *facts) for name, facts in sorted(_MEANINGS.items())),
            ),
        ]
    )


def _database_rows() -> Iterator[tuple[str, str, str]]:
    for database in settings.DATABASES:
        for role in get_args(settings.Role):
            if role != "integrator" or database == settings.EXCHANGE:
                yield f"`{settings.variable(database, role)}`", role, _ROLES[role]


def _require_described(root: Path) -> None:
    read = {
        name
        for source in _SOURCES
        for path in _files(root / source)
        for name in _NAME.findall(path.read_text(encoding="utf-8"))
        if not _DATABASE.fullmatch(name)
    }
    different = sorted(read ^ set(_MEANINGS))
    if different:
        raise SettingUndescribed(
            f"Describe in command_line/developer/variables.py what is read: {', '.join(different)}."
        )


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from (path for path in place.rglob("*.py") if path.name != Path(__file__).name)
