"""One load from file to change: validate in chunks, stage, merge at once, report; resumable."""

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from databases.changes import staged
from databases.changes.ledger import Act
from databases.loading import checking, errors, mapping, readers, report, staging, typed, workspace
from databases.loading.cells import Reference
from databases.loading.checking import Checker
from databases.loading.mapping import FileMapping
from databases.loading.readers import OpenTable
from databases.loading.report import Summary
from databases.loading.targets import Target
from databases.loading.typed import Reject
from databases.loading.workspace import Fingerprint, Workspace

OpenSession = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[str, int, int], None]

NOT_IN_FORCE: Final = (
    "register.not_in_force",
    "The register holds this code as no longer in force; a load does not bring it back.",
)
OTHER_VALUES: Final = (
    "register.holds_other_values",
    "The register already holds this code with other values. If this list is newer, load it with "
    "--as-of and the day from which it holds.",
)


@dataclass(frozen=True)
class Job:
    """One load as ordered.

    Args:
        source: the file.
        mapping: how its columns are read.
        folder: where the accepted and rejects files go, and the working folder meanwhile.
        on: the day of the load.
        as_of: day from which values that differ are to hold; None refuses rows that contradict
            the register.
        recorded_at: moment of the change.
        recorded_by: officer or system that loads.
        chunk_rows: rows that are validated at a time.
        workers: processes that validate beside this one; 0 on systems without fork.
    """

    source: Path
    mapping: FileMapping
    folder: Path
    on: date
    as_of: date | None
    recorded_at: datetime
    recorded_by: str
    chunk_rows: int = readers.CHUNK_ROWS
    workers: int = 0

    def beside(self, ending: str) -> Path:
        """Name a file of this load."""
        return self.folder / f"{self.source.stem}.{ending}"


class _RowsRefused(Exception):
    """Rows whose outcome is refused; carries them out of the savepoint."""

    def __init__(self, rejects: list[Reject]) -> None:
        super().__init__()
        self.rejects = rejects


@dataclass(frozen=True)
class _Opened:
    """A file that fits, about to be checked."""

    table: OpenTable
    checker: Checker
    columns: tuple[str, ...]
    expected: int
    unread: tuple[str, ...]
    digest: str


@dataclass(frozen=True)
class _Checked:
    """What the first half of a load found."""

    opened: _Opened
    chunks: int
    read: int
    rejected: int
    resumed: int


def load(
    open_session: OpenSession,
    target: Target,
    job: Job,
    reference: Reference,
    progress: Progress,
) -> Summary:
    """Load a file into a register in one change.

    Rows that break a rule are refused one by one, the others are recorded; a file that says nothing
    new records no change. Killed in the middle, the same call goes on where it was; killed before
    the commit, the register is untouched.

    Args:
        open_session: opens the one transaction that everything is recorded in.
        target: the register's side.
        job: what to load.
        reference: what cells are checked against.
        progress: is told step, rows done and rows expected (0: unknown).

    Raises:
        UnreadableFile: empty, no table, or not UTF-8.
        ColumnsMissing: a mapped column is missing or stands twice.
        BadMapping: the mapping does not fit the register.
        RowsLost: accepted and rejected rows do not add up; nothing is recorded.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    opened = _open(target, job, reference, progress)
    accepted, rejects = job.beside("accepted.part"), job.beside("rejects.part")
    with open_session() as session:
        checked = _check(session, target, job, opened, progress)
        staging.analyze(session, target.key)
        summary = _merge(session, target, job, checked, progress)
        staging.copy_accepted(session, target.key, accepted)
    rejects.replace(job.beside("rejects.csv"))
    accepted.replace(job.beside("accepted.csv"))
    opened.checker.work.remove()
    return summary


def _open(target: Target, job: Job, reference: Reference, progress: Progress) -> _Opened:
    if job.mapping.register != target.register or job.mapping.key != target.key:
        raise errors.BadMapping(
            f"The mapping {job.mapping.name} is of {job.mapping.register}, key {job.mapping.key}."
        )
    table = readers.open_table(
        job.source, delimiter=job.mapping.delimiter, chunk_rows=job.chunk_rows
    )
    unread = mapping.require_header(job.mapping, table.header)
    progress("fingerprint", 0, 0)
    digest, expected = workspace.fingerprint_file(job.source)
    fingerprint = Fingerprint(digest, job.mapping.digest, job.chunk_rows, _digest(reference))
    work = Workspace(job.beside("loading"), fingerprint)
    empty = typed.validate(readers.Chunk(), table.header, job.mapping, reference).table
    columns = tuple(empty.column_names)
    _require_fit(columns, target)
    checker = Checker(table.header, job.mapping, reference, work)
    return _Opened(table, checker, columns, expected, unread, digest)


def _check(
    session: Session, target: Target, job: Job, opened: _Opened, progress: Progress
) -> _Checked:
    """Check all chunks; each is staged while the next ones are checked."""
    read = rejected = resumed = chunks = 0
    work, expected = opened.checker.work, opened.expected
    checks = checking.check_all(opened.table, opened.checker, workers=job.workers)
    with staging.Filling(session, target.staging_columns, opened.columns) as filling:
        for done in checks:
            filling.add(work.rows(chunks))
            resumed += done.resumed
            chunks += 1
            read += done.note.read
            rejected += done.note.rejected
            progress("validating", read, expected if read < expected else read)
        progress("staging", 0, 0)
        filling.finish()
    if not read:
        raise errors.UnreadableFile(f"{job.source.name} has a header and no rows.")
    return _Checked(opened, chunks, read, rejected, resumed)


def _require_fit(columns: tuple[str, ...], target: Target) -> None:
    strange = [c for c in columns if c not in {*target.staging_columns, typed.LINE, typed.FLAGS}]
    if strange:
        raise errors.BadMapping(
            f"The register {target.register} takes no column {', '.join(strange)} from a load; "
            f"it takes {', '.join(target.staging_columns)}."
        )


def _digest(reference: Reference) -> str:
    codes = {
        name: {version: sorted(some) for version, some in versions.items()}
        for name, versions in reference.codes.items()
    }
    text = json.dumps([reference.on.isoformat(), codes], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _merge(
    session: Session, target: Target, job: Job, checked: _Checked, progress: Progress
) -> Summary:
    source = job.mapping.columns[target.key].source[0]
    progress("comparing", 0, 0)
    later = staging.take_out_duplicates(session, target.key, source)
    progress("recording", 0, 0)
    try:
        change = _record(session, target, job, checked)
    except _RowsRefused as refusal:
        staging.take_out(session, refusal.rejects)
        later += refusal.rejects
        change = _record(session, target, job, checked)
    outcomes = staged.count_outcomes(session)
    accepted, rejected = sum(outcomes.values()), checked.rejected + len(later)
    report.require_nothing_lost(read=checked.read, accepted=accepted, rejected=rejected)
    rules = report.write_rejects(
        job.beside("rejects.part"),
        checked.opened.checker.work.iterate_rejects(checked.chunks),
        later,
    )
    return Summary(
        change=change,
        read=checked.read,
        accepted=accepted,
        rejected=rejected,
        outcomes=outcomes,
        flagged=staging.count_flagged(session),
        flags=staging.count_flags(session),
        rules=dict(rules.most_common()),
        unread_columns=checked.opened.unread,
        resumed=checked.resumed,
        accepted_file=str(job.beside("accepted.csv")),
        rejects_file=str(job.beside("rejects.csv")),
    )


def _record(session: Session, target: Target, job: Job, checked: _Checked) -> int | None:
    """Merge inside a savepoint: rows that must not be recorded take the whole merge back."""
    source = job.mapping.columns[target.key].source[0]
    refusals = {"not_in_force": NOT_IN_FORCE, **target.refusals}
    if job.as_of is None:
        refusals["amended"] = OTHER_VALUES
    with session.begin_nested():
        change = target.merge(
            session, staging.TABLE, job.as_of or job.on, _act(target, job, checked)
        )
        rejects = staging.list_refused(session, target.key, source, refusals)
        if rejects:
            raise _RowsRefused(rejects)
    return change


def _act(target: Target, job: Job, checked: _Checked) -> Act:
    return Act(
        name=target.act,
        recorded_at=job.recorded_at,
        recorded_by=job.recorded_by,
        reason=job.mapping.title,
        legal_basis=job.mapping.legal_basis,
        source_document=f"{job.source.name} sha256:{checked.opened.digest}",
    )
