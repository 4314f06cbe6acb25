"""Set-based merge of staged spells and contribution months into the register.

A staging table has the columns of `STAGING_COLUMNS` of its kind, one row per `record_id`; `number`
is any number of a participant; `valid_to` is the first day on which the row no longer holds, or
null. A row that says what the register holds is left alone; one that contradicts it is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.changes import staged
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
# Column of the register → expression over the staged row.
_VALUES: Mapping[LoadedKind, Mapping[str, str]] = {
    LoadedKind.SPELL: {
        "object_code": "s.object_code",
        "salary_amount": "s.salary_amount",
        "allowance_amount": "s.allowance_amount",
        "rate": "s.rate_permille * 0.001",
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
        # Whoever has died takes part no longer; what was owed may still be paid.
        "WHEN coalesce(s.valid_to, 'infinity') > p.died_on + 1 THEN 'participant_dead' "
    ),
    LoadedKind.CONTRIBUTION: (
        "WHEN extract(day FROM s.valid_from) <> 1 OR extract(day FROM s.valid_to) <> 1 "
        "THEN 'months_not_whole' "
    ),
}

# A number may be the participant's own, that of a merged book, or the personal number (12 digits).
_BEARERS = """
CREATE TEMPORARY TABLE merge_bearer ON COMMIT DROP AS
SELECT s.number, p.participant_no FROM $staging$ s
    JOIN insurance.participant p ON p.pin = s.number AND p.to_change IS NULL
WHERE length(s.number) = 12
UNION
SELECT s.number, a.new_no FROM $staging$ s
    JOIN insurance.book_alias a ON a.old_no = s.number AND a.to_change IS NULL
"""
_BOUNDS = """
CREATE TEMPORARY TABLE merge_bound (starts date, ends date, lowest bigint, highest bigint)
    ON COMMIT DROP
"""
# The last version of a participant knows of a death.
_OUTCOMES = """
CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS
SELECT s.record_id, p.participant_no, s.scheme, s.unit_code,
    CASE WHEN s.valid_to <= s.valid_from THEN NULL
        ELSE daterange(s.valid_from, s.valid_to) END AS valid,
    $values$,
    CASE WHEN p.participant_no IS NULL THEN 'participant_unknown'
        WHEN s.valid_to <= s.valid_from THEN 'period_impossible'
        WHEN s.valid_from > p.died_on THEN 'participant_dead'
        $impossible$
        WHEN s.salary_amount < bound.lowest
            OR s.salary_amount > bound.highest AND s.scheme <> '$uncapped$'
            THEN 'salary_outside_bounds'
        ELSE 'inserted' END AS outcome
FROM $staging$ s LEFT JOIN merge_bearer b USING (number)
    LEFT JOIN insurance.participant p ON p.participant_no = coalesce(b.participant_no, s.number)
        AND p.to_change IS NULL AND upper_inf(p.valid)
    LEFT JOIN merge_bound bound ON s.valid_from >= bound.starts AND s.valid_from < bound.ends
        AND s.scheme <> '$unbounded$'
"""
_SAME_DAYS = """
    other.participant_no = r.participant_no AND other.scheme = r.scheme
    AND other.valid && r.valid AND (r.scheme <> '$parallel$' OR other.unit_code = r.unit_code)
"""
# Nearly all rows are new: only what becomes of the others is written after the comparing.
_COMPARISONS = (
    """
UPDATE merge_outcome r SET outcome = 'overlaps_in_file' FROM merge_outcome other
WHERE r.outcome = 'inserted' AND other.outcome = 'inserted' AND other.record_id <> r.record_id
    AND $same_days$
""",
    """
UPDATE merge_outcome r SET outcome = CASE
    WHEN (other.unit_code, other.valid, $held$) IS NOT DISTINCT FROM (r.unit_code, r.valid, $given$)
    THEN 'unchanged' ELSE 'overlaps_in_register' END
FROM insurance.$table$ other
WHERE r.outcome = 'inserted' AND other.to_change IS NULL AND $same_days$
""",
)
_INSERT = """
INSERT INTO insurance.$table$
    (participant_no, scheme, unit_code, $columns$, valid, from_change)
SELECT participant_no, scheme, unit_code, $columns$, valid, :change
FROM merge_outcome WHERE outcome = 'inserted' ORDER BY participant_no
"""
_TEMPORARY = ("merge_bearer", "merge_bound", staged.OUTCOMES)


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
    staged.drop_temporary(session, _TEMPORARY)
    _run(session, _BEARERS, kind, staging_table)
    _run(session, _BOUNDS, kind, staging_table)
    insert = text(
        "INSERT INTO merge_bound VALUES (coalesce(:starts, date '-infinity'),"
        " coalesce(:ends, date 'infinity'), :lowest, :highest)"
    )
    for bound in bounds:
        session.execute(
            insert,
            {
                "starts": bound.days.start,
                "ends": bound.days.end,
                "lowest": bound.lowest,
                "highest": bound.highest,
            },
        )
    session.execute(text("ANALYZE merge_bearer"))
    session.execute(text("ANALYZE merge_bound"))
    _run(session, _OUTCOMES, kind, staging_table)
    session.execute(text("ANALYZE merge_outcome (participant_no)"))
    for statement in _COMPARISONS:
        _run(session, statement, kind, staging_table)
    return staged.count_outcomes(session)


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
    columns = _VALUES[kind]
    written = {
        "same_days": _SAME_DAYS,
        "table": kind.value,
        "values": ", ".join(f"{made} AS {name}" for name, made in columns.items()),
        "columns": ", ".join(columns),
        "given": ", ".join(f"r.{name}" for name in columns),
        "held": ", ".join(f"other.{name}" for name in columns),
        "impossible": _IMPOSSIBLE[kind],
        "parallel": Scheme.ACCIDENT.value,
        "unbounded": Scheme.VOLUNTARY.value,
        "uncapped": Scheme.UNEMPLOYMENT.value,
    }
    for name, text_of_it in written.items():
        statement = statement.replace(f"${name}$", text_of_it)
    staged.run(session, statement, staging_table, bound)
