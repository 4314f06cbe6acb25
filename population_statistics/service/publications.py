"""Publishing the figures of a day of counting."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from population_statistics import errors, tables
from population_statistics.repository import saving, states
from population_statistics.rules import publication
from population_statistics.values import Budget, CountTable, Source

# Tables of counts to ask of the population register; `BEFORE` is one of a year before.
COUNT_TABLES = publication.COUNT_TABLES
BEFORE = publication.BEFORE
year_before = publication.year_before


def register_publication(
    session: Session,
    *,
    act: Act,
    reference_day: date,
    counts: Mapping[str, CountTable],
    source: Source,
) -> Recorded:
    """Compute the figures of a day and publish them; a day published before gets a new vintage.

    Args:
        reference_day: day on which the population was counted.
        counts: `COUNT_TABLES` and `BEFORE`, by name.
        source: where they came from.

    Returns:
        the change; its key is the period and the vintage.

    Raises:
        ReferenceDaysTooClose, CountsIncomplete, TooFewPersons: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "publication.registered")
    publication.require_days_apart(reference_day, states.list_reference_days(session))
    former = states.find_former(session, reference_day)
    vintage = 1 if former is None else former.vintage + 1
    published = publication.publish(
        reference_day, counts, {} if former is None else former.witnesses
    )
    saving.save_publication(session, published, source, vintage=vintage, change=change)
    return Recorded(change, f"{published.period}/{vintage}")


def list_budgets(session: Session, *, reference_day: date) -> tuple[Budget, ...]:
    """List how much detail of each table is published: what auditors see.

    Raises:
        NothingPublished: no figures of that day are.
    """
    former = states.find_former(session, reference_day)
    if former is None:
        raise errors.NothingPublished("No figures of that day of counting are published.")
    return former.budgets
