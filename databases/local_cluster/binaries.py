"""Finds the programs of a PostgreSQL that can serve: version 15 or newer, with its extensions."""

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from databases import settings
from databases.local_cluster import programs

OLDEST_MAJOR = 15
# Land needs PostGIS; a machine is made ready for every register at once.
EXTENSIONS = (*settings.EXTENSIONS, "postgis")
# Marks an unpacked tree whose unpacking came to its end.
COMPLETE = "complete"
_MODULE = re.compile(r"^module_pathname\s*=\s*'\$libdir/([^']+)'", re.MULTILINE)
# <root>/usr/lib/postgresql/15/bin
_LEVELS_TO_ROOT = 4
_FOLDERS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class Installation:
    """One PostgreSQL on this machine.

    Args:
        folder: where `initdb`, `pg_ctl` and `postgres` are.
        major: major version.
        missing: extensions that the suite needs and this installation lacks.
        environment: what its programs must find in their environment.
    """

    folder: Path
    major: int
    missing: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def find_system() -> Installation | None:
    """Find the best PostgreSQL of the system: a complete one before others, then the newest.

    Returns:
        None when there is none of a supported version; `missing` names what it lacks.
    """
    return best(inspect(folder) for folder in _system_folders())


def best(found: Iterable[Installation | None]) -> Installation | None:
    """Choose among installations: fewest missing extensions, then the newest version."""
    supported = [one for one in found if one is not None and one.major >= OLDEST_MAJOR]
    return max(supported, key=lambda one: (-len(one.missing), one.major), default=None)


def inspect(folder: Path, environment: Mapping[str, str] | None = None) -> Installation | None:
    """Ask the programs in a folder what they are.

    Returns:
        None when they are not there or do not run.
    """
    environment = environment or {}
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    outcome = programs.run([folder / "postgres", "--version"], environment=environment)
    major = parse_major(outcome.output)
    if outcome.code != 0 or major is None:
        return None
    own = folder.parent
    share = _told(folder, "sharedir", environment) or Path(str(own).replace("/lib/", "/share/"))
    libraries = _told(folder, "pkglibdir", environment) or own / "lib"
    extensions = share / "extension"
    missing = tuple(name for name in EXTENSIONS if not is_whole(extensions, libraries, name))
    return Installation(folder, major, missing, environment)


def is_whole(extensions: Path, libraries: Path, name: str) -> bool:
    """Test whether an extension can be made: its description and the library that it names.

    Packages may be removed in part: the description alone says nothing.
    """
    control = extensions / f"{name}.control"
    if not control.exists():
        return False
    module = _MODULE.search(control.read_text(encoding="utf-8", errors="replace"))
    return module is None or any(libraries.glob(f"{module[1]}.*"))


def parse_major(text: str) -> int | None:
    """Read the major version out of what `postgres --version` prints.

    >>> parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)")
    15
    >>> parse_major("postgres (PostgreSQL) 18beta1")
    18
    >>> parse_major("bash: postgres: not found") is None
    True
    """
    match = re.search(r"PostgreSQL\) (\d+)", text)
    return int(match.group(1)) if match else None


def find_unpacked(root: Path) -> Installation | None:
    """Find the programs that were unpacked without root under a folder."""
    folders = sorted(root.glob("usr/lib/postgresql/*/bin"))
    environment = unpacked_environment(root)
    return best(inspect(folder, environment) for folder in folders)


def environment_of(folder: Path) -> dict[str, str]:
    """Say what the programs of a folder need in their environment: nothing for the system's own."""
    if len(folder.parents) <= _LEVELS_TO_ROOT or folder.parents[_LEVELS_TO_ROOT] == Path("/"):
        return {}
    root = folder.parents[_LEVELS_TO_ROOT]
    return unpacked_environment(root) if root.parent.joinpath(COMPLETE).exists() else {}


def unpacked_environment(root: Path) -> dict[str, str]:
    """Say where unpacked programs find their libraries and PostGIS its projections."""
    libraries = [*root.glob("usr/lib/*-linux-gnu*"), *root.glob("lib/*-linux-gnu*")]
    # Chosen through links that only a real installation makes.
    chosen = [p.parent for n in ("blas", "lapack") for p in root.glob(f"usr/lib/*/*/lib{n}.so.3")]
    projections = str(root / "usr/share/proj")
    return {
        "LD_LIBRARY_PATH": ":".join(dict.fromkeys(map(str, [*libraries, *chosen]))),
        "PROJ_DATA": projections,
        "PROJ_LIB": projections,
    }


def _system_folders() -> list[Path]:
    folders = [path for pattern in _FOLDERS for path in Path("/").glob(pattern)]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    told = shutil.which("pg_config")
    if told:
        outcome = programs.run([told, "--bindir"])
        if outcome.code == 0 and outcome.output.strip():
            folders.append(Path(outcome.output.strip()))
    return list(dict.fromkeys(folders))


def _told(folder: Path, what: str, environment: Mapping[str, str]) -> Path | None:
    """Ask an installation where it keeps something."""
    if not (folder / "pg_config").exists():
        return None
    outcome = programs.run([folder / "pg_config", f"--{what}"], environment=environment)
    return Path(outcome.output.strip()) if outcome.code == 0 else None
