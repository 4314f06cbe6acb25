"""The vintages of a day of counting: what each showed, and whether it can be computed again."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from population_statistics import errors
from population_statistics.repository import saving, states, vintages
from population_statistics.service import publications
from population_statistics.values import CountTable, Shown, Vintage


def list_vintages(session: Session, *, reference_day: date) -> list[Vintage]:
    """List the vintages of a day of counting, the first one first.

    Raises:
        NothingPublished: there is none.
    """
    found = states.list_vintages(session, reference_day)
    if not found:
        raise errors.NothingPublished("No figures of that day of counting are published.")
    return [
        Vintage(
            one.vintage,
            one.change,
            one.rule_version,
            one.population_change,
            one.source_receipt,
            one.budgets,
        )
        for one in found
    ]


def get_vintage(session: Session, *, reference_day: date, number: int) -> Vintage:
    """Give a vintage by its number.

    Args:
        number: 0 for the last one, -1 for the one before.

    Raises:
        NothingPublished: the day has none.
        VintageNotFound: it has none of that number.
    """
    found = list_vintages(session, reference_day=reference_day)
    for one in found:
        if one.vintage == (number if number > 0 else found[-1].vintage + number):
            return one
    raise errors.VintageNotFound(f"The day has vintages 1 to {found[-1].vintage}.")


def list_figures(session: Session, vintage: Vintage) -> dict[str, Shown]:
    """List what a vintage showed, by flow and series key."""
    return vintages.list_figures(session, vintage.change)


def compute_again(
    session: Session, vintage: Vintage, *, reference_day: date, counts: Mapping[str, CountTable]
) -> dict[str, Shown]:
    """Compute the figures of a vintage once more, from counts as of the same change.

    Returns:
        as `list_figures`; the same if nothing but the counts and the rules decide.

    Raises:
        CountsIncomplete, TooFewPersons, FormerCountsNotKept: as when it was published.
    """
    computed = publications.compute(
        session, reference_day=reference_day, counts=counts, before=vintage.change
    )
    return {saving.series(one): Shown(one.value, one.status) for one in computed.figures}
