"""From tables of counts to the figures that are published. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from databases import periods
from population_statistics import errors, legal
from population_statistics.rules import indicators, protection, revisions, tables
from population_statistics.rules.indicators import Published
from population_statistics.rules.single_ages import SingleAges
from population_statistics.rules.tables import JoinedAreas
from population_statistics.values import (
    NATION,
    POPULATION,
    Budget,
    Cell,
    CountTable,
    Figure,
    Kept,
    Publication,
    Witness,
)

BEFORE = "persons_by_age_before"
_BY_AGE = "persons_by_age"
COUNT_TABLES = tuple(name for name in tables.TABLES if name != tables.SINGLE_AGES)
_AREA_VERSIONS = {"2025": "19/2025", "2004": "124/2004"}
_REFORM = date(2025, 7, 1)


@dataclass(frozen=True)
class _Protected:
    """A table as it is kept, and the sums that are asked of it."""

    kept: Kept
    sums: Mapping[tables.Key, int]
    suppressed: frozenset[tables.Key]
    budget: Budget


def require_days_apart(reference_day: date, others: Sequence[date]) -> None:
    """Refuse a day of counting that lies too close to another one.

    Raises:
        ReferenceDaysTooClose: it does; the same day again is a new vintage and is allowed.

    Source:
        No source was found; proposal of ours, see `legal.DAYS_BETWEEN_REFERENCE_DAYS`.
    """
    apart = legal.DAYS_BETWEEN_REFERENCE_DAYS.value
    if any(0 < abs((reference_day - other).days) < apart for other in others):
        raise errors.ReferenceDaysTooClose(f"Days of counting lie at least {apart} days apart.")


def publish(
    reference_day: date,
    given: Mapping[str, CountTable],
    earlier: Mapping[str, Kept],
) -> Publication:
    """Compute all figures of a day and decide which may be published.

    Args:
        reference_day: day of counting; events are those of the year before it.
        given: tables of counts by name; `persons_by_age_before` is that of a year before.
        earlier: what is kept of the vintage before, by table.

    Raises:
        CountsIncomplete: a table is missing or has other columns.
        TooFewPersons: the whole country is too small.

    Source:
        Decree 94/2022/NĐ-CP, contents of indicators 0102 to 0112; protection: Law on Statistics
        89/2015/QH13 art. 57.
    """
    counts = {name: _read(name, given) for name in tables.TABLES}
    before = _read(BEFORE, given)
    protected = _protect_together({name: counts[name] for name in tables.PERSON_TABLES}, earlier)
    for name in tables.EVENT_TABLES:
        protected[name] = _protect_events(name, counts[name], earlier)
    protected[BEFORE] = _protect_events(BEFORE, before, earlier)
    figures = [
        figure
        for name, table in tables.TABLES.items()
        for figure in _figures(table.indicator, protected[name], reference_day)
    ]
    figures += indicators.compute(
        {name: Published(one.sums, one.suppressed) for name, one in protected.items()}
    )
    return Publication(
        reference_day,
        tuple(figures),
        {name: one.kept for name, one in protected.items()},
        tuple(one.budget for one in protected.values()),
    )


def year_before(reference_day: date) -> date:
    """Give the day a year before, from which on events are counted.

    Source:
        Decree 94/2022/NĐ-CP, content of the indicators of births and deaths: events of a year.
    """
    return periods.anniversary(reference_day, -1)


def _read(name: str, given: Mapping[str, CountTable]) -> CountTable:
    table = _table(name)
    # The country by single years is made of the same counts as areas by groups of five.
    source = _BY_AGE if name == tables.SINGLE_AGES else name
    if source not in given or given[source].columns != table.columns:
        raise errors.CountsIncomplete(f"Give the table {source} with its columns in order.")
    counts: dict[Cell, int] = {}
    for row, count in given[source].counts.items():
        cell = table.cell(row)
        counts[cell] = counts.get(cell, 0) + count
    return CountTable(table.design.columns, counts)


def _protect_together(
    counts: Mapping[str, CountTable], earlier: Mapping[str, Kept]
) -> dict[str, _Protected]:
    """Protect tables with the same areas: tables of the same persons share the sums over those.

    Raises:
        TooFewPersons: the whole country is too small.
    """
    joined = JoinedAreas.of_kept(earlier[name] for name in counts if name in earlier)
    provinces = tables.list_provinces(next(iter(counts.values())))
    while True:
        try:
            return _protect_with_areas(counts, earlier, joined)
        except errors.TooFewPersons as error:
            wider = joined.joining(error.areas, provinces)
            if wider is None:
                raise
            joined = wider


def _protect_with_areas(
    counts: Mapping[str, CountTable], earlier: Mapping[str, Kept], joined: JoinedAreas
) -> dict[str, _Protected]:
    smallest = legal.SMALLEST_CELL.value
    shown = {name: tables.with_areas(table, joined) for name, table in counts.items()}
    for name in shown.keys() & earlier.keys():
        shown[name] = revisions.revise(earlier[name], shown[name], joined, smallest)
    single = None
    if tables.SINGLE_AGES in shown:
        single = SingleAges(shown[tables.SINGLE_AGES].counts, smallest)
    witnesses = {}
    for name in shown.keys() - {tables.SINGLE_AGES}:
        former = earlier[name].witnesses if name in earlier else ()
        design = _table(name).design
        follows = (single.is_possible,) if single and name == _BY_AGE else ()
        witnesses[name] = protection.protect(shown[name], design, smallest, former, *follows)
    if single:
        former = earlier[tables.SINGLE_AGES].witnesses if tables.SINGLE_AGES in earlier else ()
        found = single.protect(witnesses[_BY_AGE], shown[_BY_AGE].counts, former)
        witnesses[tables.SINGLE_AGES] = found.single
        witnesses[_BY_AGE] += found.by_age
    return {name: _finish(name, shown[name], witnesses[name], joined) for name in counts}


def _protect_events(name: str, counts: CountTable, earlier: Mapping[str, Kept]) -> _Protected:
    try:
        return _protect_together({name: counts}, earlier)[name]
    except errors.TooFewPersons:
        # So few events in the whole country: none of their figures is published.
        sums = _sums(name, counts)
        budget = Budget(name, len(counts.counts), len(counts.counts), 0, len(sums), len(sums))
        return _Protected(Kept(counts.counts, ()), sums, frozenset(sums), budget)


def _finish(
    name: str, counts: CountTable, witnesses: tuple[Witness, ...], joined: JoinedAreas
) -> _Protected:
    """Tell which sums are published, and keep what later vintages must know."""
    smallest = legal.SMALLEST_CELL.value
    sums = _sums(name, counts)
    suppressed = protection.list_unpublishable(witnesses, _table(name).figures)
    small = sum(1 for count in counts.counts.values() if count < smallest)
    budget = Budget(
        name, len(counts.counts), small, len(witnesses), len(sums), len(suppressed & sums.keys())
    )
    kept = Kept(counts.counts, witnesses, joined.provinces, joined.country)
    return _Protected(kept, sums, suppressed, budget)


def _table(name: str) -> tables.Table:
    return tables.TABLES[_BY_AGE if name == BEFORE else name]


def _sums(name: str, counts: CountTable) -> dict[tables.Key, int]:
    figures = _table(name).figures
    sums: dict[tables.Key, int] = {}
    for cell, count in counts.counts.items():
        for key in figures(cell):
            sums[key] = sums.get(key, 0) + count
    return sums


def _figures(indicator: str, table: _Protected, reference_day: date) -> list[Figure]:
    figures = []
    for key, count in sorted(table.sums.items()):
        area, sex, age, urbanisation, marital, ethnicity = key
        hidden = key in table.suppressed
        breaks = urbanisation != "_T" and area == NATION and reference_day >= _REFORM
        figures.append(
            Figure(
                flow=POPULATION,
                ref_area=area,
                area_version=area_version(area),
                indicator=indicator,
                sex=sex,
                age=age,
                urbanisation=urbanisation,
                marital_status=marital,
                ethnicity=ethnicity,
                unit="PS",
                decimals=0,
                value=None if hidden else str(count),
                status="Q" if hidden else "B" if breaks else "A",
            )
        )
    return figures


def area_version(ref_area: str) -> str:
    """Give the version of the list that an area is of; the country is of the present one.

    Source:
        Decision 124/2004/QĐ-TTg and Decision 19/2025/QĐ-TTg (lists of administrative units).
    """
    return _AREA_VERSIONS.get(ref_area.partition("-")[0], "19/2025")
