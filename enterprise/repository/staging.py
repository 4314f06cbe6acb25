"""Set-based merge of a staged file: one statement per table, whatever the number of rows.

The staging table has the columns of `STAGING_COLUMNS`, one row per enterprise code:

- `name_key` is made of `name_vi` by `databases.vietnamese.name_key`;
- the address columns are as in the table `enterprise`; `address_as_written` is never null;
- `charter_capital_amount`, `lines` and `principal_line` may be null: the file does not say, and
  what the register holds stays; an empty array of `lines` says that there are none;
- `lines` is an array of `version:code`, each once, `principal_line` one `version:code`, in `lines`
  or not;
- `registered_on` is never null: new enterprises and their lines hold from that day.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.changes import staged
from enterprise import tables, values

STAGING_COLUMNS: Mapping[str, str] = {
    "enterprise_code": "text",
    "name_vi": "text",
    "name_key": "text",
    "legal_type": "text",
    "address_as_written": "text",
    "street": "text",
    "commune_code": "text",
    "commune_version": "text",
    "province_code": "text",
    "address_status": "text",
    "address_candidates": "jsonb",
    "charter_capital_amount": "numeric",
    "registered_on": "date",
    "principal_line": "text",
    "lines": "text[]",
}
COPY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    table.name: tuple(table.columns.keys()) for table in tables.metadata.sorted_tables
}
_KEPT_WHEN_NULL = "charter_capital_amount"
_MERGED = tuple(
    c for c in STAGING_COLUMNS if c not in ("enterprise_code", "principal_line", "lines")
)
_COMPARED = tuple(c for c in _MERGED if c != "name_key")


def _staged(column: str) -> str:
    return f"coalesce(s.{column}, e.{column})" if column == _KEPT_WHEN_NULL else f"s.{column}"


_DIFFERS = (
    f"({', '.join(f'e.{c}' for c in _COMPARED)})"
    f" IS DISTINCT FROM ({', '.join(_staged(c) for c in _COMPARED)})"
)

# "Holds on or after the day" is written by the end of the period, as the index of current rows is.
_OUTCOMES = f"""
CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS
SELECT enterprise_code, CASE
    WHEN known AND NOT in_force THEN 'not_in_force'
    WHEN NOT known THEN 'inserted'
    WHEN details_differ THEN 'amended'
    ELSE 'unchanged' END AS outcome, coalesce(details_differ, false) AS details_differ
FROM (
    SELECT s.enterprise_code,
        bool_or(e.enterprise_code IS NOT NULL) AS known,
        bool_or(e.to_change IS NULL AND coalesce(upper(e.valid), 'infinity') > :on) AS in_force,
        bool_or(e.to_change IS NULL AND coalesce(upper(e.valid), 'infinity') > :on AND {_DIFFERS})
            AS details_differ
    FROM $staging$ s LEFT JOIN enterprise.enterprise e USING (enterprise_code)
    GROUP BY s.enterprise_code
) compared
"""  # noqa: S608 - put together from column names of this file

# The lines that a staged row names. Read in place: grouping millions of lines by their texts took
# longer than all other comparing.
_STAGED_LINES = """
SELECT s.enterprise_code, split_part(l.line, ':', 1) AS vsic_version,
    split_part(l.line, ':', 2) AS vsic_code, (l.line = s.principal_line) IS TRUE AS is_principal,
    s.registered_on
FROM $staging$ s JOIN merge_outcome o USING (enterprise_code)
CROSS JOIN LATERAL unnest(CASE WHEN s.principal_line <> ALL (s.lines)
    THEN s.lines || s.principal_line ELSE s.lines END) AS l (line)
WHERE s.lines IS NOT NULL
"""

_WANTED_LINES = f"""
CREATE TEMPORARY TABLE merge_line ON COMMIT DROP AS
{_STAGED_LINES} AND o.outcome IN ('amended', 'unchanged')
"""

# What the register holds of the lines of enterprises known before, against what is wanted.
_CHANGED_LINES = """
CREATE TEMPORARY TABLE merge_line_change ON COMMIT DROP AS
SELECT enterprise_code, vsic_version, vsic_code, wanted.is_principal,
    wanted.enterprise_code IS NOT NULL AS is_wanted, held.enterprise_code IS NOT NULL AS is_held
FROM merge_line wanted FULL JOIN (
    SELECT DISTINCT l.enterprise_code, l.vsic_version, l.vsic_code, l.is_principal
    FROM enterprise.industry_line l JOIN merge_outcome o USING (enterprise_code)
    JOIN $staging$ s USING (enterprise_code)
    WHERE l.to_change IS NULL AND coalesce(upper(l.valid), 'infinity') > :on AND s.lines IS NOT NULL
        AND o.outcome IN ('amended', 'unchanged')
) held USING (enterprise_code, vsic_version, vsic_code)
WHERE wanted.enterprise_code IS NULL OR held.enterprise_code IS NULL
    OR wanted.is_principal <> held.is_principal
"""

_MARK_LINES = """
UPDATE merge_outcome SET outcome = 'amended'
WHERE outcome = 'unchanged' AND enterprise_code IN (SELECT enterprise_code FROM merge_line_change)
"""

_OTHERS = tuple(
    c
    for c in COPY_COLUMNS["enterprise"]
    if c not in (*_MERGED, "enterprise_code", "valid", "from_change", "to_change")
)
_NEW_VALUES = {"charter_capital_currency": "'VND'", "registration_change_no": "0"}
_TARGET = ", ".join(("enterprise_code", *_MERGED, *_OTHERS, "valid", "from_change"))

_MERGE_ENTERPRISES = f"""
WITH ended AS (
    UPDATE enterprise.enterprise e SET to_change = :change
    FROM merge_outcome o
    WHERE o.details_differ AND o.outcome = 'amended' AND e.enterprise_code = o.enterprise_code
        AND e.to_change IS NULL AND coalesce(upper(e.valid), 'infinity') > :on
    RETURNING e.*
)
INSERT INTO enterprise.enterprise ({_TARGET})
SELECT * FROM (
    SELECT e.enterprise_code, {", ".join(f"e.{c}" for c in (*_MERGED, *_OTHERS))},
        daterange(lower(e.valid), :on) AS valid, :change
    FROM ended e WHERE lower(e.valid) < :on
    UNION ALL
    SELECT e.enterprise_code, {", ".join((*map(_staged, _MERGED), *(f"e.{c}" for c in _OTHERS)))},
        e.valid * daterange(:on, NULL), :change
    FROM ended e JOIN $staging$ s USING (enterprise_code)
    UNION ALL
    SELECT s.enterprise_code, {", ".join(f"s.{c}" for c in _MERGED)},
        {", ".join(_NEW_VALUES.get(c, "NULL") for c in _OTHERS)},
        daterange(s.registered_on, NULL), :change
    FROM $staging$ s JOIN merge_outcome o USING (enterprise_code) WHERE o.outcome = 'inserted'
) merged ORDER BY enterprise_code
"""  # noqa: S608 - put together from column names of this file
# Sorting also makes sure that every version is ended before the first new one is checked.
_MERGE_LINES = f"""
WITH ended AS (
    UPDATE enterprise.industry_line l SET to_change = :change
    FROM merge_line_change c
    WHERE c.is_held AND l.to_change IS NULL AND coalesce(upper(l.valid), 'infinity') > :on
        AND (l.enterprise_code, l.vsic_version, l.vsic_code)
            = (c.enterprise_code, c.vsic_version, c.vsic_code)
    RETURNING l.*
)
INSERT INTO enterprise.industry_line
    (enterprise_code, vsic_version, vsic_code, is_principal, detail, valid, from_change)
SELECT * FROM (
    SELECT enterprise_code, vsic_version, vsic_code, is_principal, detail,
        daterange(lower(valid), :on) AS valid, :change
    FROM ended WHERE lower(valid) < :on
    UNION ALL
    SELECT c.enterprise_code, c.vsic_version, c.vsic_code, c.is_principal,
        (SELECT max(e.detail) FROM ended e WHERE (e.enterprise_code, e.vsic_version, e.vsic_code)
            = (c.enterprise_code, c.vsic_version, c.vsic_code)),
        daterange(:on, NULL), :change
    FROM merge_line_change c WHERE c.is_wanted
    UNION ALL
    SELECT enterprise_code, vsic_version, vsic_code, is_principal, NULL,
        daterange(registered_on, NULL), :change
    FROM ({_STAGED_LINES} AND o.outcome = 'inserted') new
) merged ORDER BY enterprise_code
"""  # noqa: S608 - put together from texts of this file


def compare_staged(session: Session, staging_table: str, *, on: date) -> values.MergeCounts:
    """Say for every staged row what merging it would do, in tables of this transaction.

    Args:
        session: of the service role, inside a transaction.
        staging_table: name, with or without schema; see the head of this file for its shape.
        on: day from which changed values are to hold.

    Raises:
        WrongStagingTable: the name is not a plain one.
    """
    staged.drop_temporary(session, (staged.OUTCOMES, "merge_line", "merge_line_change"))
    # Each is made knowing how large the ones before it are.
    staged.run(session, _OUTCOMES, staging_table, {"on": on})
    session.execute(text("ANALYZE merge_outcome"))
    staged.run(session, _WANTED_LINES, staging_table, {"on": on})
    session.execute(text("ANALYZE merge_line"))
    for statement in (_CHANGED_LINES, _MARK_LINES):
        staged.run(session, statement, staging_table, {"on": on})
    session.execute(text("ANALYZE merge_line_change"))
    counts = staged.count_outcomes(session)
    return values.MergeCounts(
        inserted=counts.get("inserted", 0),
        amended=counts.get("amended", 0),
        unchanged=counts.get("unchanged", 0),
        not_in_force=counts.get("not_in_force", 0),
    )


def merge_compared(session: Session, staging_table: str, *, on: date, change: int) -> None:
    """Write what `compare_staged` found: new codes inserted, changed values amended from a day."""
    for statement in (_MERGE_ENTERPRISES, _MERGE_LINES):
        staged.run(session, statement, staging_table, {"on": on, "change": change})


def merge_staged(
    session: Session, staging_table: str, *, on: date, change: int
) -> values.MergeCounts:
    """Compare and merge in a change that was opened before; equal rows stay untouched."""
    counts = compare_staged(session, staging_table, on=on)
    merge_compared(session, staging_table, on=on, change=change)
    return counts


def iterate_outcomes(session: Session) -> Iterator[tuple[str, str]]:
    """Give code and outcome of every row compared in this transaction, in order of codes.

    Outcomes: inserted, amended, unchanged, not_in_force (the code was annulled: left untouched).
    """
    statement = text("SELECT enterprise_code, outcome FROM merge_outcome ORDER BY enterprise_code")
    for row in session.execute(statement.execution_options(yield_per=20_000)):
        yield row.enterprise_code, row.outcome
