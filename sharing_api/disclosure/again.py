"""The way of an answer that is made again: the same stations, but nothing of it leaves.

What comes out is what the log would hold of it now, to be compared with what it holds. That
somebody's answer was made again is an entry of that person itself, written before the outcome is
told.
"""

import dataclasses
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from databases.datasets import FormerField
from databases.errors import RegisterError
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log import entries, repository
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.questions import Kept
from sharing_api.disclosure import (
    catalogue,
    decision,
    fetch,
    former,
    log,
    marks,
    minimise,
    standard,
)
from sharing_api.disclosure.caller import HasRights
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.scope import Scope

OPERATION = "replay"


@dataclass(frozen=True, slots=True)
class Then:
    """Under which circumstances an answer was made.

    Args:
        change: state of the register that was read; 0: it was not.
    """

    answer_id: uuid.UUID
    asked_at: datetime
    change: int
    valid_on: date


@dataclass(frozen=True, slots=True)
class Made:
    """An answer made again, as the log and the sealed question would tell of it.

    Args:
        entries: none when it could not be made.
        marks: part of the answer → check sum.
        standard: version of the dataset's standard now.
        dropped: fields asked for that are published no longer in any form.
        problem: why there is no answer with data; None: there is.
    """

    entries: tuple[Entry, ...]
    marks: Mapping[str, int]
    standard: str
    dropped: tuple[FormerField, ...]
    problem: RegisterError | None


class _Uncounted:
    """Takes nothing from quotas: the question was counted when it was asked."""

    def take(self, inquiry: Inquiry) -> RegisterError | None:
        """Let it pass."""


def make_again(
    inquiry: Inquiry, then: Then, kept: Kept, rights: HasRights, corridor: Corridor
) -> Made:
    """Decide and answer a question as of the state that was read then.

    Args:
        rights: those that held then.
    """
    dataset = inquiry.dataset
    now = f"{dataset.standard}/{dataset.standard_version}" if dataset else ""
    dropped: tuple[FormerField, ...] = ()
    facts = catalogue.FACTS.get
    if dataset is not None:
        question = inquiry.question
        dropped = former.find_dropped(dataset, (*question.fields, *question.claims))
        dataset = former.as_published_then(dataset, kept.standard)
        inquiry.dataset = dataset
        facts = {catalogue.name_of(dataset): catalogue.facts_of(dataset)}.get
    inquiry.answer_id, inquiry.received_at = then.answer_id, then.asked_at
    inquiry.valid_on = then.valid_on
    inquiry.as_of = then.change or inquiry.as_of
    reach = Scope(rights.rights.protected, corridor.subject_key)
    decision.decide_all([inquiry], rights, _Uncounted(), facts)
    fetch.fetch_all([inquiry], corridor.databases, reach, corridor.finder)
    minimise.minimise_all([inquiry], corridor.pseudonym_key, reach)
    # The index is asked as it is now. If likeness comes out as it did, the answer is the same.
    inquiry.index_change = kept.marks.get(marks.INDEX, inquiry.index_change)
    said = marks.mark(inquiry)
    standard.write_all([inquiry])
    made = tuple(log.make_entries(inquiry, corridor.subject_key))
    return Made(made, said, now, dropped, inquiry.problem)


def record(
    databases: Databases,
    errand: Errand,
    agency: str,
    replayed: Sequence[Entry],
    outcome: str,
    answer_hash: bytes,
    at: datetime,
) -> None:
    """Write that an answer was made again, once for each of those whom it was about.

    Args:
        agency: of the system that the errand names.
        replayed: entries of the answer.
        answer_hash: of what was made; none was made: 32 zero bytes.

    Raises:
        LogUnavailable: it cannot be written; the outcome must not be told.
    """
    answer_id = entries.new_answer_id(at)
    first = replayed[0]
    written = [
        dataclasses.replace(
            one,
            entry_id=entries.entry_id(answer_id, number),
            answer_id=answer_id,
            logged_at=at,
            agency=agency,
            client=errand.client,
            officer=errand.officer,
            operation=OPERATION,
            purpose=errand.purpose,
            legal_basis=errand.legal_basis,
            procedure="",
            case_reference=errand.case_reference,
            agreement_hash="",
            decision=entries.PERMITTED,
            rule=outcome,
            fields=(),
            request_hash=hashlib.sha256(first.answer_id.bytes).digest(),
            answer_hash=answer_hash,
            transport={"replayed": str(first.answer_id)},
        )
        for number, one in enumerate(replayed)
    ]
    try:
        with databases.committing("exchange") as connection:
            repository.append(connection, written, entries.leaf_hashes(written))
    except Exception as error:
        # Whatever it was: no entry, no outcome.
        raise errors.LogUnavailable("The log cannot be written; no outcome is told.") from error
