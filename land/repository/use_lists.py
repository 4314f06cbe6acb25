"""Reads the lists of land uses that are installed beside the register."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from databases.code_lists.values import Confidence
from land import tables, values
from land.rules.use_codes import UseList

_LAND_USE = "land_use"


def get_lists(session: Session, uses: Collection[values.LandUse]) -> dict[str, UseList]:
    """Read what the installed lists say of the codes of some lines, by regime."""
    version, code = tables.code_lists.code_list, tables.code_lists.code
    is_of_it = and_(
        code.c.list_code == version.c.list_code,
        code.c.version == version.c.version,
        code.c.code.in_({use.code for use in uses if use.code}),
        code.c.withdrawn.is_(False),
    )
    statement = (
        select(version.c.version, version.c.confidence, code.c.code, code.c.confidence)
        .outerjoin_from(version, code, is_of_it)
        .where(version.c.list_code == _LAND_USE, version.c.version.in_({u.regime for u in uses}))
    )
    found: dict[str, tuple[Confidence, dict[str, Confidence]]] = {}
    for regime, confidence, name, mark in session.execute(statement):
        _, codes = found.setdefault(regime, (Confidence(confidence), {}))
        if name is not None:
            codes[name] = Confidence(mark)
    return {regime: UseList(confidence, codes) for regime, (confidence, codes) in found.items()}
