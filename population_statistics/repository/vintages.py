"""Reads the figures of one vintage, those that have ended among them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from population_statistics import tables
from population_statistics.values import Shown


def list_figures(session: Session, change: int) -> dict[str, Shown]:
    """List the figures that a change published, by their series."""
    table = tables.observation
    statement = select(table.c.observation_key, table.c.obs_value, table.c.obs_status).where(
        table.c.from_change == change
    )
    return {
        series_of(key): Shown(value, status) for key, value, status in session.execute(statement)
    }


def series_of(observation_key: str) -> str:
    """Give the flow and the series of the key of an observation, without its day."""
    return observation_key.rpartition("/")[0]
