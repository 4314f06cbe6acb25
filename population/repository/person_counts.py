"""Counts persons and events by cells for the whole country, set-based, as of a day and a change.

A person is counted where they usually live: at the current residence, else at a temporary one, if
it has lasted or is registered for the time that the definition asks for, else at the permanent one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from databases import periods
from databases.changes.versions import AsOf
from population import legal, tables
from population.repository import counted_places

_AREA = ("old_province", "new_province")


@dataclass(frozen=True, slots=True)
class CountTable:
    """One table of counts.

    Args:
        columns: names of the dimensions; the count follows them.
        source: relation of the statement that it counts.
    """

    columns: tuple[str, ...]
    source: str


_PERSONS = "usual"
TABLES: Mapping[str, CountTable] = {
    "persons_by_age": CountTable((*_AREA, "sex", "age", "marital_status"), _PERSONS),
    "persons_by_place": CountTable((*_AREA, "commune", "was_urban", "is_urban", "sex"), _PERSONS),
    "persons_by_ethnicity": CountTable((*_AREA, "sex", "ethnicity"), _PERSONS),
    "births": CountTable((*_AREA, "sex", "mother_age"), "birth"),
    "deaths": CountTable((*_AREA, "sex", "age"), "death"),
    "marriages": CountTable((*_AREA, "sex", "age"), "marriage"),
    "moves": CountTable(("from_province", "to_province", "sex"), "move"),
    "birth_registrations": CountTable((*_AREA, "sex", "is_registered"), "under_five"),
    "reconciliation": CountTable((*_AREA, "cause"), "reconciled"),
}

# What every relation below begins with. `known` and `held` keep to one state of knowledge.
_KNOWN = "{0}.from_change <= :change AND ({0}.to_change IS NULL OR {0}.to_change > :change)"
# Not as look-ups test it: PostgreSQL has statistics of ranges and guesses how many rows hold.
_HELD = _KNOWN + " AND {0}.valid @> CAST({1} AS date)"
_LATEST = """CASE {0}.birth_precision
    WHEN 'day' THEN {0}.birth_date
    WHEN 'month' THEN ({0}.birth_date + interval '1 month -1 day')::date
    ELSE ({0}.birth_date + interval '1 year -1 day')::date END"""
_AGE = f"greatest(0, extract(year FROM age({{1}}, {_LATEST}))::int)"

_PLACE_COLUMNS = counted_places.Place._fields
# Places are handed in as arrays: the planner knows how many they are, and by
# DISTINCT that each stands there once, so it joins by hash.
_PLACE_ARRAYS = ", ".join(f"CAST(:place_{name} AS text[])" for name in _PLACE_COLUMNS)
_PLACE = f"""place AS (
    SELECT DISTINCT ON (version, code) * FROM unnest({_PLACE_ARRAYS})
        AS t ({", ".join(_PLACE_COLUMNS)})
)"""  # noqa: S608  made of parts of our own
_AT = (
    "LEFT JOIN place AS a ON a.version = r.commune_version AND"
    " a.code = coalesce(r.commune_code, r.province_code)"
)
_AREA_OF_PLACE = (
    "coalesce(a.old_province, '') AS old_province, coalesce(a.new_province, '') AS new_province"
)


def _lived(name: str, day: str) -> str:
    """Where each person usually lives on a day; abroad is a place, without an area."""
    held = _HELD.format("r", day)
    return f"""
{name} AS (
    SELECT DISTINCT ON (r.pin COLLATE "C") r.pin, r.kind,
        coalesce(r.country_code, 'VN') <> 'VN' AS is_abroad,
        {_AREA_OF_PLACE},
        coalesce(a.commune, '') AS commune,
        coalesce(a.was_urban, '') AS was_urban, coalesce(a.is_urban, '') AS is_urban
    FROM population.residence AS r
    {_AT}
    WHERE {held} AND (r.kind = 'permanent'
        OR lower(r.valid) <= {day} - make_interval(months => :months)
        OR r.expires_on >= lower(r.valid) + make_interval(months => :months))
    ORDER BY r.pin COLLATE "C", CASE r.kind WHEN 'current' THEN 1 WHEN 'temporary' THEN 2 ELSE 3 END
)"""  # noqa: S608  made of parts of our own


_ALIVE = (
    _HELD.format("p", ":day") + " AND (p.loss_kind IS NULL OR p.loss_date >= :day)"
    " AND p.birth_date < :day"
)
_RELATIONS: Mapping[str, str] = {
    "usual": f"""
usual AS (
    SELECT l.*, p.sex, least({_AGE.format("p", ":day")}, 85) AS age, p.marital_status,
        coalesce(p.ethnicity_code, '') AS ethnicity
    FROM lived AS l JOIN population.person AS p ON p.pin = l.pin
    WHERE {_ALIVE} AND NOT l.is_abroad
)""",  # noqa: S608  made of parts of our own
    "birth": f"""
birth AS (
    SELECT l.old_province, l.new_province, p.sex,
        CASE WHEN m.pin IS NOT NULL THEN {_AGE.format("m", "p.birth_date")} END AS mother_age
    FROM population.person AS p JOIN lived AS l ON l.pin = p.pin
    LEFT JOIN population.kinship AS k ON k.pin = p.pin AND k.role = 'MOTHER'
        AND {_HELD.format("k", ":day")}
    LEFT JOIN population.person AS m ON m.pin = k.relative_pin AND {_HELD.format("m", ":day")}
    WHERE {_HELD.format("p", ":day")} AND p.birth_date >= :year_before AND p.birth_date < :day
)""",  # noqa: S608  made of parts of our own
    "death": f"""
death AS (
    SELECT {_AREA_OF_PLACE}, p.sex,
        least({_AGE.format("p", "p.loss_date")}, 85) AS age
    FROM population.person AS p
    JOIN population.residence AS r ON r.pin = p.pin AND r.kind = 'permanent'
        AND {_HELD.format("r", "p.loss_date")}
    {_AT}
    WHERE {_HELD.format("p", ":day")} AND p.loss_kind = 'dead'
        AND p.loss_date >= :year_before AND p.loss_date < :day
)""",  # noqa: S608  made of parts of our own
    "marriage": f"""
marriage AS (
    SELECT l.old_province, l.new_province, p.sex, least({_AGE.format("p", "lower(k.valid)")}, 85)
        AS age
    FROM population.kinship AS k JOIN population.person AS p ON p.pin = k.pin
    JOIN lived AS l ON l.pin = p.pin
    WHERE k.role = 'SPOUSE' AND {_KNOWN.format("k")} AND lower(k.valid) >= :year_before
        AND lower(k.valid) < :day AND {_HELD.format("p", ":day")}
)""",  # noqa: S608  made of parts of our own
    "move": f"""
move AS (
    SELECT b.new_province AS from_province, l.new_province AS to_province, p.sex
    FROM lived AS l JOIN lived_before AS b ON b.pin = l.pin
    JOIN population.person AS p ON p.pin = l.pin
    WHERE {_ALIVE} AND b.new_province <> l.new_province
)""",  # noqa: S608  made of parts of our own
    "under_five": f"""
under_five AS (
    SELECT l.old_province, l.new_province, p.sex, (p.birth_registration_commune_code IS NOT NULL
        OR p.birth_registration_province_code IS NOT NULL) AS is_registered
    FROM population.person AS p JOIN lived AS l ON l.pin = p.pin
    WHERE {_ALIVE} AND p.birth_date > :day - interval '5 years'
)""",  # noqa: S608  made of parts of our own
    "reconciled": f"""
permanent AS (
    SELECT r.pin, {_AREA_OF_PLACE}
    FROM population.residence AS r
    {_AT}
    WHERE r.kind = 'permanent' AND {_HELD.format("r", ":day")}
),
both_sides AS (
    SELECT p.pin, g.old_province AS g_old, g.new_province AS g_new, g.pin AS registered, l.kind,
        l.old_province AS l_old, l.new_province AS l_new,
        CASE WHEN p.loss_kind = 'dead' AND p.loss_date < :day THEN 'dead_not_closed'
            WHEN p.loss_kind = 'missing' AND p.loss_date < :day THEN 'missing'
            WHEN p.birth_date >= :day THEN 'not_yet_born'
            WHEN l.is_abroad THEN 'abroad' END AS not_counted
    FROM population.person AS p JOIN lived AS l ON l.pin = p.pin
    LEFT JOIN permanent AS g ON g.pin = p.pin
    WHERE {_HELD.format("p", ":day")}
),
reconciled AS (
    SELECT g_old AS old_province, g_new AS new_province, 'registered' AS cause FROM both_sides
    WHERE registered IS NOT NULL
    UNION ALL
    SELECT g_old, g_new, not_counted FROM both_sides
    WHERE registered IS NOT NULL AND not_counted IS NOT NULL
    UNION ALL
    SELECT g_old, g_new, 'absent_elsewhere' FROM both_sides
    WHERE registered IS NOT NULL AND not_counted IS NULL AND (g_old, g_new) <> (l_old, l_new)
    UNION ALL
    SELECT l_old, l_new, kind || '_resident' FROM both_sides
    WHERE registered IS NOT NULL AND not_counted IS NULL AND (g_old, g_new) <> (l_old, l_new)
    UNION ALL
    SELECT l_old, l_new, 'unregistered' FROM both_sides
    WHERE registered IS NULL AND not_counted IS NULL
    UNION ALL
    SELECT l_old, l_new, 'usual' FROM both_sides WHERE not_counted IS NULL
)""",  # noqa: S608  made of parts of our own
}


def _read_places(session: Session, as_of: AsOf) -> dict[str, list[str]]:
    """Read in which areas of both vintages each commune and province lies, by columns."""
    rows = counted_places.list_places(session, as_of.valid_on)
    return {
        f"place_{name}": [row[place] for row in rows] for place, name in enumerate(_PLACE_COLUMNS)
    }


def read_last_change(session: Session) -> int:
    """Give the number of the last change of the register."""
    head = tables.ledger.head
    return int(session.execute(select(head.c.last_change)).scalar_one())


def count_cells(
    session: Session, names: Sequence[str], as_of: AsOf, change: int
) -> dict[str, list[list[object]]]:
    """Count the cells of tables that are not empty.

    Args:
        session: reading session; one statement for each relation that is counted.
        names: of `TABLES`.
        as_of: the day.
        change: last change that is taken into account.

    Returns:
        for each table its cells, in order: dimensions as in its columns, then the count. The area
        of a person whose province before the reform cannot be told is empty on that side.
    """
    parameters = {
        "change": change,
        "day": as_of.valid_on,
        "year_before": periods.anniversary(as_of.valid_on, -1),
        "months": legal.USUAL_RESIDENCE_FROM.value,
        **_read_places(session, as_of),
    }
    sources = {TABLES[name].source for name in names}
    counted: dict[str, list[list[object]]] = {}
    for source in sorted(sources):
        group = [name for name in names if TABLES[name].source == source]
        counted.update(_count_source(session, source, group, parameters))
    return counted


def _cells(
    found: Mapping[int, list[list[object]]], columns: Sequence[str], wanted: Sequence[str]
) -> list[list[object]]:
    """Pick the rows of one set of grouping; its mark has a bit for each column that it lacks."""
    mark = sum(1 << place for place, name in enumerate(reversed(columns)) if name not in wanted)
    places = [columns.index(name) for name in wanted]
    rows = found.get(mark, [])
    return sorted(
        ([row[place] for place in places] + [row[-1]] for row in rows),
        key=lambda row: [str(value) for value in row],
    )


def _count_source(
    session: Session, source: str, names: Sequence[str], parameters: Mapping[str, Any]
) -> dict[str, list[list[object]]]:
    relations = [_PLACE, _lived("lived", ":day")]
    if source == "move":
        relations.append(_lived("lived_before", ":year_before"))
    relations.append(_RELATIONS[source])
    columns = list(dict.fromkeys(column for name in names for column in TABLES[name].columns))
    sets = ", ".join(f"({', '.join(TABLES[name].columns)})" for name in names)
    # One pass over all persons serves several tables; a set of grouping is known by what it lacks.
    statement = (
        f"WITH {', '.join(relations)} SELECT grouping({', '.join(columns)}), "  # noqa: S608  names of our own
        f"{', '.join(columns)}, count(*) FROM {source} GROUP BY GROUPING SETS ({sets})"
    )
    found: dict[int, list[list[object]]] = {}
    for row in session.execute(text(statement), parameters):
        found.setdefault(row[0], []).append(list(row[1:]))
    return {name: _cells(found, columns, TABLES[name].columns) for name in names}
