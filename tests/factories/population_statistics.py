"""Invented tables of counts, and figures published from them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from databases.changes.ledger import Act
from databases.sessions import Databases
from population_statistics import service
from population_statistics.values import CountTable, Source

DAY = date(2026, 7, 1)
FIRST_PUBLISHED_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_AREAS = (("75", "79"), ("74", "79"), ("01", "01"))
_SEXES = ("female", "male")
_MARITAL = {"single": range(86), "married": range(20, 86, 1), "divorced": range(30, 75, 5)}
_COLUMNS = {
    "persons_by_age": ("old_province", "new_province", "sex", "age", "marital_status"),
    "persons_by_place": (
        "old_province",
        "new_province",
        "commune",
        "was_urban",
        "is_urban",
        "sex",
    ),
    "persons_by_ethnicity": ("old_province", "new_province", "sex", "ethnicity"),
    "births": ("old_province", "new_province", "sex", "mother_age"),
    "deaths": ("old_province", "new_province", "sex", "age"),
    "marriages": ("old_province", "new_province", "sex", "age"),
}


def make_counts(more: int = 0) -> dict[str, CountTable]:
    """Make all tables of a small country.

    Args:
        more: persons added in one cell, as a correction would.
    """
    ages: dict[tuple[str, ...], int] = {}
    places: dict[tuple[str, ...], int] = {}
    groups: dict[tuple[str, ...], int] = {}
    for number, (old, new) in enumerate(_AREAS):
        for sex in _SEXES:
            for marital, years in _MARITAL.items():
                for age in years:
                    # A few divorced in every group, many of all others.
                    count = 1 + (age + number) % 3 if marital == "divorced" else 20 + age % 7
                    ages[old, new, sex, str(age), marital] = count
    ages["01", "01", "female", "40", "married"] += more
    for (old, new, sex, *_), count in ages.items():
        for commune, share in (("00004", 3), ("00008", 1)):
            cell = (old, new, f"{new}{commune[2:]}", "U", "U" if share == 1 else "R", sex)
            part = count * share // 4 if share == 3 else count - count * 3 // 4
            places[cell] = places.get(cell, 0) + part
        groups[old, new, sex, "01"] = groups.get((old, new, sex, "01"), 0) + count
    for old, new in _AREAS:
        groups[old, new, "male", "01"] -= 2
        groups[old, new, "male", "02"] = 2
    events = {(old, new, sex, "25"): 30 for old, new in _AREAS for sex in _SEXES}
    counts = {
        "persons_by_age": ages,
        "persons_by_place": places,
        "persons_by_ethnicity": groups,
        "births": events,
        "deaths": {**events, ("01", "01", "male", "85"): 2},
        "marriages": events,
    }
    tables = {name: CountTable(_COLUMNS[name], cells) for name, cells in counts.items()}
    return {**tables, service.BEFORE: tables["persons_by_age"]}


def total(counts: Mapping[str, CountTable]) -> int:
    """Count all persons."""
    return sum(counts["persons_by_age"].counts.values())


HISTORY = [float(total(make_counts())), float(total(make_counts(more=40)))]
TOTALS = {"2025": HISTORY[0], "2026": HISTORY[1]}
SUPPRESSED = "A.2025-01.POP.F.Y30T34._T.D._T"


def publish(databases: Databases) -> None:
    """Publish figures of two years, those of the second twice."""
    for day, at, more in (
        (date(2025, 7, 1), datetime(2026, 8, 1, 8, 0, tzinfo=UTC), 0),
        (DAY, FIRST_PUBLISHED_AT, 0),
        (DAY, datetime(2026, 10, 1, 8, 0, tzinfo=UTC), 40),
    ):
        act = Act("", at, "tester", "a test", "none", "invented")
        source = Source(7 + more, "0190a1b2-0000-7000-8000-000000000000")
        with databases.writing("population_statistics") as session:
            service.register_publication(
                session, act=act, reference_day=day, counts=make_counts(more), source=source
            )
