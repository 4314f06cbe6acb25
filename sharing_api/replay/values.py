"""What comes of an answer that is made again. Pure."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How an answer made again compares with the one that was given."""

    SAME = "same"
    DECISION_DIFFERS = "decision_differs"
    ANSWER_DIFFERS = "answer_differs"
    NOT_REPLAYABLE = "not_replayable"


class Reason(StrEnum):
    """Why an answer differs, or cannot be made again."""

    AGREEMENT = "agreement"  # no sound document of this hash, or it did not act at that moment
    DECISION = "decision"  # the same agreement decides otherwise
    DROPPED = "dropped"  # a field was published then, and is no more
    FIELD = "field"  # the register says otherwise of the same state
    RECORDS = "records"  # other records, or in another order
    OUTCOME = "outcome"  # the same words to the caller, another reason in the log
    STANDARD = "standard"  # the standard's version of then is gone
    FORM = "form"  # the same content, written otherwise
    INDEX = "index"  # likeness depends on an index that has gone on
    NOTICES = "notices"  # notices were added to, or are told otherwise
    NOT_KEPT = "question_not_kept"
    ERASED = "question_erased"  # by an act that stands in the log
    UNREADABLE = "question_unreadable"  # its key was destroyed, or it was altered
    ALTERED = "question_altered"  # it is not the one that was logged
    NOT_TAKEN = "question_not_taken"  # the exchange would not take such a message now
    MOMENT = "moment"  # it depended on what no state keeps: quotas, a database out of reach
    UNREACHABLE = "register_unavailable"  # the register cannot be read now
    NO_ANSWER = "no_answer"  # the entry is about the log itself


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason.

    Args:
        what: field, rule, or whatever it is about; never a value.
        detail: one sentence for the auditor.
    """

    reason: Reason
    what: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """An answer made again.

    Args:
        entries: how many entries of the log it has.
        decided: same, differs, or not known because the question cannot be read.
    """

    answer_id: uuid.UUID
    dataset: str
    operation: str
    change: int
    entries: int
    outcome: Outcome
    decided: str
    causes: tuple[Cause, ...] = ()
