"""Which purposes procedures have: a dated table, from data files with their sources."""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from sharing_api.agreements.values import Fit

_FILE = Path(__file__).parent / "purposes.toml"


def fits_of(procedures: Iterable[str]) -> Mapping[str, tuple[Fit, ...]]:
    """Give what is known of procedures; those of which nothing is known are left out.

    Args:
        procedures: named by an agreement; none: whatever a question names.
    """
    known = _load()
    names = list(procedures) or list(known)
    return {name: known[name] for name in names if name in known}


@functools.cache
def _load() -> Mapping[str, tuple[Fit, ...]]:
    found: dict[str, tuple[Fit, ...]] = {}
    for one in tomllib.loads(_FILE.read_text(encoding="utf-8"))["fit"]:
        fit = Fit(frozenset(one["purposes"]), one["valid_from"], one.get("valid_to"))
        found[one["procedure"]] = (*found.get(one["procedure"], ()), fit)
    return found
