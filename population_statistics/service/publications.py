"""Publishing the figures of a day of counting."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from population_statistics import errors, tables
from population_statistics.repository import saving, states
from population_statistics.repository.states import Former
from population_statistics.rules import publication
from population_statistics.values import Budget, CountTable, Kept, Publication, Source

# Tables of counts to ask of the population register; `BEFORE` is one of a year before.
COUNT_TABLES = publication.COUNT_TABLES
BEFORE = publication.BEFORE
year_before = publication.year_before
_BY_AGE = "persons_by_age"


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
        FormerCountsNotKept: annul the publication that the day has.
    """
    change = ledger.open_act(session, tables.ledger, act, "publication.registered")
    publication.require_days_apart(reference_day, states.list_reference_days(session))
    former = states.find_former(session, reference_day)
    vintage = 1 if former is None else former.vintage + 1
    published = compute(session, reference_day=reference_day, counts=counts)
    saving.save_publication(session, published, source, vintage=vintage, change=change)
    return Recorded(change, f"{published.period}/{vintage}")


def compute(
    session: Session,
    *,
    reference_day: date,
    counts: Mapping[str, CountTable],
    before: int | None = None,
) -> Publication:
    """Compute what would be published of a day.

    Args:
        before: a change; what was published until it is respected. None for all.

    Raises:
        CountsIncomplete, TooFewPersons: see the rules.
        FormerCountsNotKept: annul the publication that the day has.
    """
    return publication.publish(reference_day, counts, _list_kept(session, reference_day, before))


def _list_kept(session: Session, reference_day: date, before: int | None) -> dict[str, Kept]:
    """List what former publications keep of each table.

    Persons of a day are published twice: as the figures of that day, and in the rates of the year
    that begins with it. The later one of both is what must be respected.
    """
    own = states.find_former(session, reference_day, before=before)
    kept = dict(_kept(own)) if own else {}
    for name, other_day, other_name in (
        (BEFORE, year_before(reference_day), _BY_AGE),
        (_BY_AGE, periods.anniversary(reference_day, 1), BEFORE),
    ):
        other = states.find_former(session, other_day, before=before)
        if other and (own is None or own.change < other.change):
            kept[name] = _kept(other)[other_name]
    return kept


def _kept(former: Former) -> Mapping[str, Kept]:
    if former.kept is None:
        raise errors.FormerCountsNotKept(
            "Figures that hang together with these were published by rules that kept no counts. "
            f"Annul change {former.change} of the statistics register first."
        )
    return former.kept


def list_budgets(session: Session, *, reference_day: date) -> tuple[Budget, ...]:
    """List how much detail of each table is published: what auditors see.

    Raises:
        NothingPublished: no figures of that day are.
    """
    former = states.find_former(session, reference_day)
    if former is None:
        raise errors.NothingPublished("No figures of that day of counting are published.")
    return former.budgets
