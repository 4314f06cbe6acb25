"""Lists the packages that the suite stands on, with the licences that they were installed under."""

import importlib.metadata
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command_line.developer import markdown
from databases import errors

_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([<>=!~].*)?$")
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
# The lesser licences bind the library, not who calls it; these two would bind the suite.
_BINDING = re.compile(r"\bA?GPL|GNU (?:Affero )?General Public", re.IGNORECASE)


class PackageUndescribed(errors.Invalid):
    """A package is required but described nowhere, or described but not required."""

    code = "developer.package_undescribed"


class LicenceRefused(errors.Refused):
    """A run-time package has a licence that would bind the suite, or one that was not reviewed."""

    code = "developer.licence_refused"


@dataclass(frozen=True, slots=True)
class Package:
    """What was decided about one package.

    Args:
        name: as in pyproject.toml.
        licence: as it was reviewed.
        why: what it is for.
        cost: what dropping it would take.
    """

    name: str
    licence: str
    why: str
    cost: str


def render(root: Path) -> str:
    """Write the document of dependencies.

    Raises:
        PackageUndescribed: pyproject.toml and docs/dependencies.toml name different packages.
        LicenceRefused: an installed run-time package is under GPL or AGPL, or one of ours is
            installed under another licence than was reviewed.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    reviewed = tomllib.loads((root / "docs/dependencies.toml").read_text(encoding="utf-8"))
    at_run_time = _names(project["project"]["dependencies"])
    developing = _names(project["dependency-groups"]["dev"])
    extras = project["project"].get("optional-dependencies", {})
    optional = _names([one for some in extras.values() for one in some])
    packages = {name: Package(name=name, **facts) for name, facts in reviewed["package"].items()}
    _require_described({*at_run_time, *optional, *developing}, packages)
    locked = dict(_LOCKED.findall((root / "requirements.lock").read_text(encoding="utf-8")))
    for name in (*locked, *optional):
        require_free(name, read_licence(name))
    for name in (*at_run_time, *optional, *developing):
        _require_reviewed(packages[name])
    others = sorted(set(locked) - set(at_run_time))
    return markdown.document(
        [
            *markdown.title("Dependencies", "`pyproject.toml` and `docs/dependencies.toml`"),
            *(str(reviewed["introduction"]).strip(), ""),
            "## At run time",
            "",
            *_table(at_run_time, packages),
            f"Brought along by these, under licences that were checked alike: {', '.join(others)}.",
            "",
            "## At run time, where asked for",
            "",
            *_table(optional, packages),
            "## For developing and testing",
            "",
            *_table(developing, packages),
        ]
    )


def _names(requirements: Sequence[str]) -> Mapping[str, str]:
    found = (_REQUIREMENT.match(one) for one in requirements)
    return {match[1]: match[2] or "" for match in found if match}


def _table(required: Mapping[str, str], packages: Mapping[str, Package]) -> list[str]:
    return markdown.table(
        ("package", "licence", "why", "to drop it"),
        (
            (f"`{name}` {version}", packages[name].licence, packages[name].why, packages[name].cost)
            for name, version in required.items()
        ),
    )


def _require_described(required: set[str], packages: Mapping[str, Package]) -> None:
    different = sorted(required ^ set(packages))
    if different:
        raise PackageUndescribed(
            f"Say in docs/dependencies.toml why we need what we need: {', '.join(different)}."
        )


def read_licence(name: str) -> str:
    """Read the licence out of the metadata of an installed package; empty when not installed."""
    try:
        # Typed as a message without get_all.
        metadata: Any = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classifiers = metadata.get_all("Classifier") or []
    listed = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    written = str(metadata.get("License") or "").strip()
    # Some packages put the whole text of the licence there.
    short = [written] if written and "\n" not in written else []
    expression = metadata.get("License-Expression")
    return str(expression) if expression else "; ".join(short or listed)


def require_free(name: str, licence: str) -> None:
    """Refuse a licence that would bind the suite.

    Raises:
        LicenceRefused: it is a GPL or AGPL.
    """
    if _BINDING.search(licence):
        raise LicenceRefused(f"The run-time package {name} is under {licence}: replace it.")


def _require_reviewed(package: Package) -> None:
    installed = read_licence(package.name)
    if installed and installed != package.licence:
        raise LicenceRefused(
            f"{package.name} is installed under {installed}; reviewed was {package.licence}."
        )
