"""Thresholds of automatic links, from labelled samples."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sharing_api import tables

_calibration = tables.link.calibration


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a labelled sample says of a comparison.

    Args:
        precision: share of right links that was asked for.
        confidence: of the bound.
        weight: bits from which links are automatic; None where no threshold reaches the precision.
        bound: lower bound of the precision from that weight on.
        sample_hash: SHA-256 of the labelled file.
    """

    comparison: str
    model_version: str
    precision: float
    confidence: float
    weight: float | None
    bound: float | None
    labelled: int
    labelled_same: int
    sample_hash: bytes
    officer: str
    recorded_at: datetime


def add(session: Session, calibration: Calibration) -> None:
    """Keep what a labelled sample says."""
    session.execute(insert(_calibration).values(asdict(calibration)))


def find_threshold(session: Session, comparison: str, model_version: str) -> float | None:
    """Give the bits from which links are automatic, by the newest sample that gave any."""
    statement = (
        select(_calibration.c.weight)
        .where(
            _calibration.c.comparison == comparison,
            _calibration.c.model_version == model_version,
            _calibration.c.weight.is_not(None),
        )
        .order_by(_calibration.c.calibration_id.desc())
        .limit(1)
    )
    return session.scalar(statement)
