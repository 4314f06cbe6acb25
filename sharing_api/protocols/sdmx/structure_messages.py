"""Structure queries answered: each message is written once, for structures do not change."""

import functools
from collections.abc import Sequence

from sharing_api.protocols.sdmx import definitions, structure_queries, structures_xml

_REMEMBERED = 64
_MISSING = ("all", "all", "all", "latest")


def answer(path: Sequence[str], parameters: Sequence[tuple[str, str]], *, version: str) -> bytes:
    """Write the structures that a query asks for.

    Args:
        path: kind of structure, agency, name and version; what is missing stands for everything.
        version: of SDMX, 2.1 or 3.0.

    Raises:
        RegisterError: see `structure_queries.find`.
    """
    kind, agency, name, wanted = (*path, *_MISSING[len(path) :])
    found = structure_queries.find(kind, agency, name, wanted, parameters)
    return _write(frozenset(one.urn for one in found), version)


@functools.lru_cache(maxsize=_REMEMBERED)
def _write(urns: frozenset[str], version: str) -> bytes:
    chosen = [one for one in definitions.artefacts() if one.urn in urns]
    return structures_xml.write(
        chosen, version=version, message_id="STRUCTURES", prepared=definitions.PUBLISHED_AT
    )
