"""Loads a staged file of spells or contribution months as one change."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from databases.changes import ledger, staged
from databases.changes.ledger import Act
from insurance import tables, values
from insurance.repository import staging
from insurance.rules import participation
from insurance.values import LoadedKind

STAGING_COLUMNS: Mapping[LoadedKind, Mapping[str, str]] = staging.STAGING_COLUMNS
# Outcome of a row that is not recorded → rule and sentence for the file of rejects.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "participant_unknown": (
        "participant.unknown",
        "The register has no participant of this number; load participants first.",
    ),
    "participant_dead": ("participant.dead", "The participant had died by then."),
    "period_impossible": ("period.impossible", "The period ends before or when it starts."),
    "months_not_whole": ("contribution.months", "Give the first day of the first and next month."),
    "object_code_malformed": ("object_code.shape", "A group has two capital letters."),
    "rate_impossible": ("rate.impossible", "A rate is at most 1000 thousandths."),
    "salary_outside_bounds": (
        "salary.bounds",
        "The salary is below the floor or above the cap of the law of the first day.",
    ),
    "overlaps_in_file": (
        "scheme.overlaps_in_file",
        "Another row of the file is about the same days of this scheme.",
    ),
    "overlaps_in_register": (
        "scheme.overlaps_in_register",
        "The register holds something else for some of these days of this scheme; correct it.",
    ),
}


def load_staged(
    session: Session, *, act: Act, kind: LoadedKind, staging_table: str
) -> values.Loaded:
    """Merge a staging table (shape: `STAGING_COLUMNS`): one change, or none if nothing is new.

    It leaves the temporary table `merge_outcome` with what became of every row; the refused ones
    (`REFUSALS`) are not recorded.

    Raises:
        WrongStagingTable: the table's name is not a plain one.
    """
    staged.lock_register(session, tables.ledger)
    bounds = participation.list_salary_bounds()
    outcomes = staging.compare_staged(session, kind, staging_table, bounds)
    if not outcomes.get("inserted"):
        return values.Loaded(None, outcomes)
    change = ledger.open_act(session, tables.ledger, act, f"{kind.value}s.loaded")
    staging.insert_compared(session, kind, staging_table, change=change)
    return values.Loaded(change, outcomes)
