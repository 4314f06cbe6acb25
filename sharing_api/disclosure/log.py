"""Station 7: one entry per data subject, durable before anything leaves."""

import logging
from collections.abc import Sequence
from typing import Any

from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log import entries, receipts, repository
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.questions import Kept, Message, QuestionSealer
from sharing_api.disclosure import marks, scope
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.emergencies import service as emergencies

log = logging.getLogger(__name__)
NOTHING_FOUND = "nothing_found"
EMERGENCY = "emergency"


def write_all(
    asked: Sequence[Inquiry], databases: Databases, subject_key: bytes, sealer: QuestionSealer
) -> None:
    """Write the entries of all questions in one commit; without it nobody gets an answer.

    When the common commit fails it is tried once more, on another connection if the first was dead;
    then each question is tried alone, so that what one carries cannot cost the others their answer.
    An entry that was written by a try that seemed to fail makes the next try fail: then the log
    knows of an answer that was never given, which is safe; the reverse never happens.
    """
    for inquiry in asked:
        inquiry.entries = make_entries(inquiry, subject_key)
        inquiry.leaf_hashes = entries.leaf_hashes(inquiry.entries)
        if inquiry.message is not None:
            inquiry.sealed_question = _seal(inquiry, inquiry.message, sealer)
    inquiries = [one for one in asked if _is_announced(one, databases)]
    if not _is_written(inquiries, databases) and not _is_written(inquiries, databases):
        for inquiry in inquiries if len(inquiries) > 1 else ():
            _is_written([inquiry], databases)
    for inquiry in asked:
        if not inquiry.is_logged:
            inquiry.problem = errors.LogUnavailable(
                "The access log cannot be written now; nothing was disclosed."
            )


def _is_announced(inquiry: Inquiry, databases: Databases) -> bool:
    """Tell owner and authority of an answer in an emergency; what cannot be told is not given."""
    if not inquiry.emergency_reason or not inquiry.granted.permitted:
        return True
    try:
        with databases.writing("exchange") as session:
            emergencies.announce(
                session,
                inquiry.entries,
                fields=inquiry.question.fields,
                reason=inquiry.emergency_reason,
            )
    except Exception:
        # Whatever it was: no notice, no answer.
        log.exception("an emergency cannot be told")
        return False
    return True


def _seal(inquiry: Inquiry, message: Message, sealer: QuestionSealer) -> bytes:
    """Seal the question, so that it can be decided and answered again."""
    dataset = inquiry.dataset
    standard = f"{dataset.standard}/{dataset.standard_version}" if dataset else ""
    return sealer.seal(inquiry.answer_id, Kept(message, standard, marks.mark(inquiry)))


def _is_written(inquiries: Sequence[Inquiry], databases: Databases) -> bool:
    try:
        with databases.committing("exchange") as connection:
            repository.append(
                connection,
                [entry for inquiry in inquiries for entry in inquiry.entries],
                [leaf for inquiry in inquiries for leaf in inquiry.leaf_hashes],
                {one.answer_id: one.sealed_question for one in inquiries if one.sealed_question},
            )
    except Exception:
        # Whatever it was: no entry, no answer.
        log.exception("the access log cannot be written")
        return False
    for inquiry in inquiries:
        inquiry.is_logged = True
    return True


def _outcome(inquiry: Inquiry, subject: str) -> str:
    """Name what came of a permitted question about a subject; an emergency is told apart."""
    outcome = inquiry.outcomes[subject]
    if not inquiry.emergency_reason:
        return outcome
    return EMERGENCY if outcome == scope.FOUND else f"{EMERGENCY}_{outcome}"


def make_entries(inquiry: Inquiry, subject_key: bytes) -> list[Entry]:
    """Make an entry for each subject; what they share is worked out once."""
    question = inquiry.question
    decision = inquiry.granted
    register = question.dataset.partition("/")[0]
    shared: dict[str, Any] = {
        "answer_id": inquiry.answer_id,
        "logged_at": inquiry.received_at,
        "agency": question.consumer,
        "client": inquiry.client,
        "officer": inquiry.officer,
        "dataset": question.dataset,
        "operation": question.operation,
        "purpose": question.purpose,
        "legal_basis": question.legal_basis,
        "procedure": question.procedure,
        "case_reference": inquiry.case_reference,
        "agreement_hash": decision.agreement_hash,
        "decision": entries.PERMITTED if decision.permitted else entries.REFUSED,
        "request_hash": inquiry.request_hash,
        "answer_hash": receipts.sha256(inquiry.body),
        "register_change": inquiry.change,
        "valid_on": inquiry.valid_on,
        "transport": {
            **inquiry.transport,
            **inquiry.extent,
            **_warned(decision.warning),
            **_asked(inquiry),
        },
    }
    failure = decision.rule
    if inquiry.problem is not None and not isinstance(inquiry.problem, errors.RecordNotFound):
        failure = failure or inquiry.problem.code
    delivered = inquiry.delivered
    if not inquiry.names_subjects:
        found = inquiry.is_open and bool(inquiry.records)
        rule = failure or (scope.FOUND if found else NOTHING_FOUND)
        seen = delivered if found else ()
        return [
            Entry(entry_id=inquiry.answer_id, subject_tag=None, rule=rule, fields=seen, **shared)
        ]
    return [
        Entry(
            entry_id=entries.entry_id(inquiry.answer_id, number),
            subject_tag=entries.subject_tag(
                subject_key, register, inquiry.subjects.get(subject, subject)
            ),
            rule=failure or _outcome(inquiry, subject),
            fields=delivered if inquiry.is_open and subject in inquiry.records else (),
            **shared,
        )
        for number, subject in enumerate(inquiry.keys)
    ]


def _warned(warning: str) -> dict[str, str]:
    return {"warning": warning} if warning else {}


def _asked(inquiry: Inquiry) -> dict[str, str]:
    """Name what was asked where it is not what was delivered: names of fields, never values.

    So that a question can be decided again, under this agreement or another.
    """
    question = inquiry.question
    more = (question.predicates, question.joined_with, question.given)
    is_whole = bool(inquiry.records) and len(inquiry.records) == len(inquiry.keys)
    is_whole = is_whole and question.operation != "feed"
    is_told = inquiry.is_open and is_whole and not (question.fields and question.claims)
    if is_told and not any(more):
        return {}
    parts = (question.fields, question.claims, *more)
    return {"asked": ";".join(",".join(part) for part in parts)}
