"""Erases kept questions: of one person, or of all before a day; by an act that stands in the log.

A kept question says who was asked about and by what. The entry stays, with its hashes: no proof
changes, and the answer cannot be made again. The database erases for an act of the log only, and
only what the act names (migrations/assets/erasing_questions_0001.sql).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from databases import errors
from sharing_api.access_log import entries, repository, supervision
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.subjects import repository as subjects

OPERATION = "erasure"
# TCVN 11930:2017, level 5: logs are kept for at least 12 months (read in a glossary of others, not
# in the standard itself). What makes an answer provable is kept as long.
KEPT_FOR = timedelta(days=366)
_AT_ONCE = 10_000


class InvalidErasure(errors.Invalid):
    """Questions cannot be erased like this; `fields` says why."""

    code = "access_log.invalid_erasure"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whose questions are erased, by whom, and by which law.

    Args:
        subject_tag: of the person; None: everybody's before a day.
        register: that knows the person; empty with a day.
        before: day before which all go; None with a person.
        legal_basis: the provision that asks for it or allows it.
        officer, second_officer: two persons: one asks, the other agrees.
        agency: for which they act.
    """

    subject_tag: bytes | None
    register: str
    before: date | None
    legal_basis: str
    officer: str
    second_officer: str
    agency: str


def begin(session: Session, erasure: Erasure, now: datetime) -> Entry:
    """Write the act into the log; commit it before its questions are erased.

    Raises:
        InvalidErasure: something is not named, one person signs twice, or the day is too near.
    """
    for name in ("legal_basis", "officer", "second_officer", "agency"):
        if not getattr(erasure, name).strip():
            raise _invalid(name, "required", f"Name the {name}.")
    if erasure.officer.strip() == erasure.second_officer.strip():
        raise _invalid("second_officer", "second_person", "A second officer must agree.")
    if (erasure.subject_tag is None) == (erasure.before is None):
        raise _invalid("subject", "one", "Name a person, or a day.")
    if erasure.before is not None and erasure.before > (now - KEPT_FOR).date():
        raise _invalid("before", "retention", "The log is kept whole for twelve months.")
    written = _entry(erasure, now)
    subjects.insert_entry(session, written)
    return written


def erase_some(session: Session, act: Entry, after: int = 0) -> tuple[int, int | None]:
    """Erase the next questions that an act reaches, 10,000 entries at a time.

    Args:
        act: committed.
        after: position of the last entry that was reached; 0 to begin.

    Returns:
        how many questions were erased, and the position reached; None: it is through.
    """
    return repository.erase_questions(session, act.entry_id, after, _AT_ONCE)


def is_erased(session: Session, of_one_answer: list[Entry]) -> bool:
    """Tell whether an act erased the question of an answer."""
    tags = [one.subject_tag for one in of_one_answer if one.subject_tag is not None]
    asked_at = entries.moment(of_one_answer[0].logged_at)
    return any(
        row["subject_tag"] is not None or asked_at < row["transport"]["before"]
        for row in repository.list_erasures(session, tags)
    )


def _entry(erasure: Erasure, now: datetime) -> Entry:
    reach = {}
    if erasure.before is not None:
        reach["before"] = entries.moment(datetime.combine(erasure.before, time(), UTC))
    return supervision.make_entry(
        now,
        agency=erasure.agency,
        officer=erasure.officer,
        second_officer=erasure.second_officer,
        operation=OPERATION,
        purpose="log.erasure",
        rule="erased",
        dataset=f"{erasure.register or 'exchange'}/questions",
        legal_basis=erasure.legal_basis,
        subject_tag=erasure.subject_tag,
        reach=reach,
    )


def _invalid(field: str, rule: str, sentence: str) -> InvalidErasure:
    return InvalidErasure(sentence, fields=[errors.FieldProblem(field, rule, sentence)])
