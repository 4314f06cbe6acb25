"""Set-based merge of staged spells and contribution months into the register.

A staging table has the columns of `STAGING_COLUMNS` of its kind, one row per `record_id`; `number`
is any number of a participant; `valid_to` is the first day on which the row no longer holds, or
null. A row that says what the register holds is left alone; one that contradicts it is refused.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from insurance import errors, tables
from insurance.values import LoadedKind, SalaryBound, Scheme

_COMMON: Mapping[str, str] = {
    "record_id": "text",
    "number": "text",
    "scheme": "text",
    "unit_code": "text",
    "valid_from": "date",
    "valid_to": "date",
    "salary_amount": "bigint",
}
STAGING_COLUMNS: Mapping[LoadedKind, Mapping[str, str]] = {
    LoadedKind.SPELL: {
        **_COMMON,
        "object_code": "text",
        "allowance_amount": "bigint",
        "rate_permille": "integer",
        "place_of_work": "text",
        "job": "text",
    },
    LoadedKind.CONTRIBUTION: _COMMON,
}
_TABLE_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", re.ASCII)
# Column of the register → expression over the staged row.
_VALUES: Mapping[LoadedKind, Mapping[str, str]] = {
    LoadedKind.SPELL: {
        "object_code": "s.object_code",
        "salary_amount": "s.salary_amount",
        "allowance_amount": "s.allowance_amount",
        "rate": "round(s.rate_permille / 1000.0, 5)",
        "place_of_work": "s.place_of_work",
        "job": "s.job",
    },
    LoadedKind.CONTRIBUTION: {"salary_amount": "s.salary_amount"},
}
# What a row of a kind must be, or else how it is refused.
_IMPOSSIBLE: Mapping[LoadedKind, str] = {
    LoadedKind.SPELL: (
        "WHEN s.object_code !~ '^[A-Z]{2}$' THEN 'object_code_malformed' "
        "WHEN s.rate_permille > 1000 THEN 'rate_impossible' "
    ),
    LoadedKind.CONTRIBUTION: (
        "WHEN extract(day FROM s.valid_from) <> 1 OR extract(day FROM s.valid_to) <> 1 "
        "THEN 'months_not_whole' "
    ),
}

# A number may be the participant's own, that of a merged book, or the personal number.
_BEARERS = """
CREATE TEMPORARY TABLE merge_bearer ON COMMIT DROP AS
WITH asked AS (SELECT DISTINCT number FROM $staging$)
SELECT asked.number, p.participant_no, p.died_on FROM asked
    JOIN insurance.participant p ON p.participant_no = asked.number AND p.to_change IS NULL
UNION
SELECT asked.number, p.participant_no, p.died_on FROM asked
    JOIN insurance.participant p ON p.pin = asked.number AND p.to_change IS NULL
UNION
SELECT asked.number, p.participant_no, p.died_on FROM asked
    JOIN insurance.book_alias a ON a.old_no = asked.number AND a.to_change IS NULL
    JOIN insurance.participant p ON p.participant_no = a.new_no AND p.to_change IS NULL
"""
_BOUNDS = """
CREATE TEMPORARY TABLE merge_bound (valid daterange, lowest bigint, highest bigint) ON COMMIT DROP
"""
_ROWS = """
CREATE TEMPORARY TABLE merge_row ON COMMIT DROP AS
SELECT s.record_id, b.participant_no, s.scheme, s.unit_code,
    CASE WHEN s.valid_to <= s.valid_from THEN NULL
        ELSE daterange(s.valid_from, s.valid_to) END AS valid,
    $values$,
    CASE WHEN b.participant_no IS NULL THEN 'participant_unknown'
        WHEN s.valid_to <= s.valid_from THEN 'period_impossible'
        WHEN s.valid_from > b.died_on THEN 'participant_dead'
        $impossible$
        WHEN s.salary_amount NOT BETWEEN bound.lowest AND bound.highest
            THEN 'salary_outside_bounds' END AS refusal
FROM $staging$ s LEFT JOIN merge_bearer b USING (number)
    LEFT JOIN merge_bound bound ON bound.valid @> s.valid_from AND s.scheme <> '$unbounded$'
"""
# Joined and not asked for each row: an EXISTS in the list of a SELECT cannot be hashed.
_OUTCOMES = """
CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS
SELECT r.record_id, CASE
    WHEN r.refusal IS NOT NULL THEN r.refusal
    WHEN twin.record_id IS NOT NULL THEN 'overlaps_in_file'
    WHEN held.is_equal THEN 'unchanged'
    WHEN held.is_equal IS NOT NULL THEN 'overlaps_in_register'
    ELSE 'inserted' END AS outcome
FROM merge_row r LEFT JOIN (
    SELECT DISTINCT r.record_id FROM merge_row r JOIN merge_row other USING (participant_no, scheme)
    WHERE other.record_id <> r.record_id AND other.valid && r.valid
        AND r.refusal IS NULL AND other.refusal IS NULL
        AND (r.scheme <> '$parallel$' OR other.unit_code = r.unit_code)
) twin USING (record_id) LEFT JOIN (
    SELECT r.record_id, bool_or((h.unit_code, h.valid, $held$)
        IS NOT DISTINCT FROM (r.unit_code, r.valid, $given$)) AS is_equal
    FROM merge_row r JOIN insurance.$table$ h USING (participant_no, scheme)
    WHERE h.to_change IS NULL AND h.valid && r.valid AND r.refusal IS NULL
        AND (r.scheme <> '$parallel$' OR h.unit_code = r.unit_code)
    GROUP BY r.record_id
) held USING (record_id)
"""
_INSERT = """
INSERT INTO insurance.$table$
    (participant_no, scheme, unit_code, $columns$, valid, from_change)
SELECT r.participant_no, r.scheme, r.unit_code, $given$, r.valid, :change
FROM merge_row r JOIN merge_outcome o USING (record_id) WHERE o.outcome = 'inserted'
ORDER BY r.participant_no
"""
_TEMPORARY = ("merge_bearer", "merge_bound", "merge_row", "merge_outcome")


def lock_register(session: Session) -> None:
    """Make other writers wait, so that what is compared still holds when it is merged."""
    head = tables.ledger.head
    session.execute(select(head.c.last_change).with_for_update())


def compare_staged(
    session: Session, kind: LoadedKind, staging_table: str, bounds: Sequence[SalaryBound]
) -> Mapping[str, int]:
    """Say for every staged row what merging it would do, in tables of this transaction.

    Args:
        session: of the service role, inside a transaction.
        kind: of the rows.
        staging_table: name, with or without schema; see the head of this file for its shape.
        bounds: of salaries, as the law sets them; no two share a day.

    Returns:
        outcome → number of rows; inserted, unchanged, or a refusal.

    Raises:
        WrongStagingTable: the name is not a plain one.
    """
    for name in _TEMPORARY:
        session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))
    _run(session, _BEARERS, kind, staging_table)
    _run(session, _BOUNDS, kind, staging_table)
    insert = text("INSERT INTO merge_bound VALUES (daterange(:start, :end), :lowest, :highest)")
    for bound in bounds:
        session.execute(
            insert,
            {
                "start": bound.days.start,
                "end": bound.days.end,
                "lowest": bound.lowest,
                "highest": bound.highest,
            },
        )
    session.execute(text("ANALYZE merge_bearer (number)"))
    _run(session, _ROWS, kind, staging_table)
    session.execute(text("ANALYZE merge_row (record_id, participant_no)"))
    _run(session, _OUTCOMES, kind, staging_table)
    rows = session.execute(text("SELECT outcome, count(*) AS total FROM merge_outcome GROUP BY 1"))
    return {row.outcome: row.total for row in rows}


def insert_compared(session: Session, kind: LoadedKind, staging_table: str, *, change: int) -> None:
    """Write what `compare_staged` found to be new."""
    _run(session, _INSERT, kind, staging_table, {"change": change})


def _run(
    session: Session,
    statement: str,
    kind: LoadedKind,
    staging_table: str,
    bound: Mapping[str, Any] | None = None,
) -> None:
    if not _TABLE_NAME.fullmatch(staging_table):
        raise errors.WrongStagingTable("Name the staging table in plain lower case.")
    columns = _VALUES[kind]
    written = {
        "staging": staging_table,
        "table": kind.value,
        "values": ", ".join(f"{made} AS {name}" for name, made in columns.items()),
        "columns": ", ".join(columns),
        "given": ", ".join(f"r.{name}" for name in columns),
        "held": ", ".join(f"h.{name}" for name in columns),
        "impossible": _IMPOSSIBLE[kind],
        "parallel": Scheme.ACCIDENT.value,
        "unbounded": Scheme.VOLUNTARY.value,
    }
    for name, text_of_it in written.items():
        statement = statement.replace(f"${name}$", text_of_it)
    session.execute(text(statement), bound or {})
