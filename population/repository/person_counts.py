"""Counts persons and events by cells for the whole country, set-based, as of a day and a change.

A person is counted where they usually live: at the current residence, else at a temporary one, if
it has lasted or is registered for the time that the definition asks for, else at the permanent one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from databases import periods
from databases.changes.versions import AsOf
from population import legal, tables
from population.repository import counted_places

# A column of the statement that holds a number → the dimensions that the number stands for.
_NUMBERED: Mapping[str, tuple[str, ...]] = {
    "area": counted_places.AREA,
    "spot": counted_places.SPOT,
    "from_province": ("from_province",),
    "to_province": ("to_province",),
}

# Groups of a million persons are hashed, not sorted: the planner guesses more of them than there
# are. It goes with the statement in one message, which is a transaction also for a session that has
# none.
_MEMORY = "SET LOCAL hash_mem_multiplier = 8; "


@dataclass(frozen=True, slots=True)
class CountTable:
    """One table of counts.

    Args:
        counted: columns of the statement by which is counted.
        source: relation of the statement that it counts.
    """

    counted: tuple[str, ...]
    source: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the dimensions; the count follows them."""
        return tuple(name for one in self.counted for name in _NUMBERED.get(one, (one,)))


_PERSONS = "usual"
TABLES: Mapping[str, CountTable] = {
    "persons_by_age": CountTable(("area", "sex", "age", "marital_status"), _PERSONS),
    "persons_by_place": CountTable(("area", "spot", "sex"), _PERSONS),
    "persons_by_ethnicity": CountTable(("area", "sex", "ethnicity"), _PERSONS),
    "births": CountTable(("area", "sex", "mother_age"), "birth"),
    "deaths": CountTable(("area", "sex", "age"), "death"),
    "marriages": CountTable(("area", "sex", "age"), "marriage"),
    "moves": CountTable(("from_province", "to_province", "sex"), "move"),
    "birth_registrations": CountTable(("area", "sex", "is_registered"), "under_five"),
    "reconciliation": CountTable(("area", "cause"), "reconciled"),
}

# What every relation below begins with. `known` and `held` keep to one state of knowledge.
_KNOWN = "{0}.from_change <= :change AND ({0}.to_change IS NULL OR {0}.to_change > :change)"
# Not as look-ups test it: PostgreSQL has statistics of ranges and guesses how many rows hold.
_HELD = _KNOWN + " AND {0}.valid @> CAST({1} AS date)"
_LATEST = """CASE {0}.birth_precision
    WHEN 'day' THEN {0}.birth_date
    WHEN 'month' THEN ({0}.birth_date + interval '1 month -1 day')::date
    ELSE ({0}.birth_date + interval '1 year -1 day')::date END"""
_AGE = f"greatest(0, date_part('year', age({{1}}, {_LATEST}))::int)"

# Places are handed in as arrays: the planner knows how many they are, and by
# DISTINCT that each stands there once, so it joins by hash. What is carried along of
# each person are numbers: the names are put in their place afterwards.
_PLACE = """place AS NOT MATERIALIZED (
    SELECT DISTINCT ON (version, code) *
    FROM unnest(CAST(:place_version AS text[]), CAST(:place_code AS text[]),
        CAST(:place_area AS int[]), CAST(:place_province AS int[]), CAST(:place_spot AS int[]))
        AS t (version, code, area, province, spot)
)"""
_AT = (
    "LEFT JOIN place AS a ON a.version = r.commune_version AND"
    " a.code = coalesce(r.commune_code, r.province_code)"
)
_AREA_OF_PLACE = "coalesce(a.area, 0) AS area"


_RANK = "CASE {0}.kind WHEN 'current' THEN 1 WHEN 'temporary' THEN 2 ELSE 3 END"


def _counts(residence: str, day: str) -> str:
    """Hold residences to those that may be the usual one on a day."""
    return (
        f"{_HELD.format(residence, day)} AND ({residence}.kind = 'permanent'"
        f" OR lower({residence}.valid) <= {day} - make_interval(months => :months)"
        f" OR {residence}.expires_on >= lower({residence}.valid)"
        " + make_interval(months => :months))"
    )


def _lived(name: str, day: str) -> str:
    """Where each person usually lives on a day; abroad is a place, without an area.

    A person has at most one residence of a kind on a day. Not by DISTINCT: so the planner may join
    by hash with several workers, and for a few persons by index. The country is not compared by
    `coalesce`, of which it cannot guess how many rows hold.
    """
    return f"""
{name} AS NOT MATERIALIZED (
    SELECT r.pin, r.kind, (r.country_code IS NOT NULL AND r.country_code <> 'VN') AS is_abroad,
        {_AREA_OF_PLACE}, coalesce(a.province, 0) AS province, coalesce(a.spot, 0) AS spot
    FROM population.residence AS r
    {_AT}
    WHERE {_counts("r", day)} AND NOT EXISTS (
        SELECT FROM population.residence AS o
        WHERE o.pin = r.pin AND o.kind <> 'permanent' AND {_RANK.format("o")} < {_RANK.format("r")}
            AND {_counts("o", day)})
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
    SELECT l.area, p.sex,
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
    SELECT l.area, p.sex, least({_AGE.format("p", "lower(k.valid)")}, 85) AS age
    FROM population.kinship AS k JOIN population.person AS p ON p.pin = k.pin
    JOIN lived AS l ON l.pin = p.pin
    WHERE k.role = 'SPOUSE' AND {_KNOWN.format("k")} AND lower(k.valid) >= :year_before
        AND lower(k.valid) < :day AND {_HELD.format("p", ":day")}
)""",  # noqa: S608  made of parts of our own
    "move": f"""
move AS (
    SELECT b.province AS from_province, l.province AS to_province, p.sex
    FROM lived AS l JOIN lived_before AS b ON b.pin = l.pin
    JOIN population.person AS p ON p.pin = l.pin
    WHERE {_ALIVE} AND b.province <> l.province
)""",  # noqa: S608  made of parts of our own
    "under_five": f"""
under_five AS (
    SELECT l.area, p.sex, (p.birth_registration_commune_code IS NOT NULL
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
    SELECT p.pin, g.area AS g_area, g.pin AS registered, l.kind, l.area AS l_area,
        CASE WHEN p.loss_kind = 'dead' AND p.loss_date < :day THEN 'dead_not_closed'
            WHEN p.loss_kind = 'missing' AND p.loss_date < :day THEN 'missing'
            WHEN p.birth_date >= :day THEN 'not_yet_born'
            WHEN l.is_abroad THEN 'abroad' END AS not_counted
    FROM population.person AS p JOIN lived AS l ON l.pin = p.pin
    LEFT JOIN permanent AS g ON g.pin = p.pin
    WHERE {_HELD.format("p", ":day")}
),
reconciled AS (
    SELECT g_area AS area, 'registered' AS cause FROM both_sides
    WHERE registered IS NOT NULL
    UNION ALL
    SELECT g_area, not_counted FROM both_sides
    WHERE registered IS NOT NULL AND not_counted IS NOT NULL
    UNION ALL
    SELECT g_area, 'absent_elsewhere' FROM both_sides
    WHERE registered IS NOT NULL AND not_counted IS NULL AND g_area <> l_area
    UNION ALL
    SELECT l_area, kind || '_resident' FROM both_sides
    WHERE registered IS NOT NULL AND not_counted IS NULL AND g_area <> l_area
    UNION ALL
    SELECT l_area, 'unregistered' FROM both_sides
    WHERE registered IS NULL AND not_counted IS NULL
    UNION ALL
    SELECT l_area, 'usual' FROM both_sides WHERE not_counted IS NULL
)""",  # noqa: S608  made of parts of our own
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
        session: reading session; one statement counts all tables.
        names: of `TABLES`.
        as_of: the day.
        change: last change that is taken into account.

    Returns:
        for each table its cells, in order: dimensions as in its columns, then the count. The area
        of a person whose province before the reform cannot be told is empty on that side.
    """
    places = counted_places.number_places(session, as_of.valid_on)
    parameters = {
        "change": change,
        "day": as_of.valid_on,
        "year_before": periods.anniversary(as_of.valid_on, -1),
        "months": legal.USUAL_RESIDENCE_FROM.value,
        **{f"place_{name}": values for name, values in places.columns.items()},
    }
    by_source: dict[str, list[str]] = {}
    for name in names:
        by_source.setdefault(TABLES[name].source, []).append(name)
    row = session.execute(text(_statement(by_source)), parameters).one()
    counted: dict[str, list[list[object]]] = {}
    for found, group in zip(row, by_source.values(), strict=True):
        columns = _columns(group)
        marked: dict[int, list[list[object]]] = {}
        for mark, *cell in found or ():
            marked.setdefault(mark, []).append(cell)
        for name in group:
            counted[name] = _cells(marked, columns, TABLES[name].counted, places.names)
    return counted


def _columns(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(column for name in names for column in TABLES[name].counted))


def _statement(by_source: Mapping[str, Sequence[str]]) -> str:
    """Write a statement of one row: for each source the cells of its tables, as JSON.

    One pass over all persons serves several tables, and where they live is looked up once for all
    sources; a set of grouping is known by what it lacks.
    """
    relations = [_PLACE, _lived("lived", ":day")]
    if "move" in by_source:
        relations.append(_lived("lived_before", ":year_before"))
    relations += [_RELATIONS[source] for source in by_source]
    counts = []
    for source, names in by_source.items():
        columns = ", ".join(_columns(names))
        sets = ", ".join(f"({', '.join(TABLES[name].counted)})" for name in names)
        counts.append(
            "(SELECT json_agg(cell) FROM (SELECT "  # noqa: S608  names of our own
            f"json_build_array(grouping({columns}), {columns}, count(*)) AS cell"
            f" FROM {source} GROUP BY GROUPING SETS ({sets})) AS counted)"
        )
    return f"{_MEMORY}WITH {', '.join(relations)} SELECT {', '.join(counts)}"


def _cells(
    found: Mapping[int, list[list[object]]],
    columns: Sequence[str],
    wanted: Sequence[str],
    names: Mapping[str, Sequence[tuple[str, ...]]],
) -> list[list[object]]:
    """Pick the rows of one set of grouping, and name what is numbered.

    The mark of a set has a bit for each column that it lacks.
    """
    mark = sum(1 << place for place, name in enumerate(reversed(columns)) if name not in wanted)
    places = [(columns.index(name), names.get(name)) for name in wanted]
    rows = []
    for row in found.get(mark, []):
        cell: list[object] = []
        for place, named in places:
            value = row[place]
            cell += [value] if named is None else named[int(str(value))]
        rows.append([*cell, row[-1]])
    return sorted(rows, key=lambda row: [str(value) for value in row])
