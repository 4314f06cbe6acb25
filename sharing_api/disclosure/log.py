"""Station 7: one entry per data subject, durable before anything leaves."""

import logging
from collections.abc import Sequence

from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log import entries, receipts, repository
from sharing_api.access_log.entries import Entry
from sharing_api.disclosure.inquiry import Inquiry

log = logging.getLogger(__name__)
NOTHING_FOUND = "nothing_found"


def write_all(inquiries: Sequence[Inquiry], databases: Databases, subject_key: bytes) -> None:
    """Write the entries of all questions in one commit; without it nobody gets an answer.

    When the common commit fails it is tried once more, on another connection if the first was dead;
    then each question is tried alone, so that what one carries cannot cost the others their answer.
    An entry that was written by a try that seemed to fail makes the next try fail: then the log
    knows of an answer that was never given, which is safe; the reverse never happens.
    """
    for inquiry in inquiries:
        inquiry.entries = _entries(inquiry, subject_key)
        inquiry.leaf_hashes = receipts.summarise(inquiry.entries)
    if not _is_written(inquiries, databases) and not _is_written(inquiries, databases):
        for inquiry in inquiries if len(inquiries) > 1 else ():
            _is_written([inquiry], databases)
    for inquiry in inquiries:
        if not inquiry.is_logged:
            inquiry.problem = errors.LogUnavailable(
                "The access log cannot be written now; nothing was disclosed."
            )


def _is_written(inquiries: Sequence[Inquiry], databases: Databases) -> bool:
    try:
        with databases.writing("exchange") as session:
            repository.append(
                session,
                [entry for inquiry in inquiries for entry in inquiry.entries],
                [leaf for inquiry in inquiries for leaf in inquiry.leaf_hashes],
            )
    except Exception:
        # Whatever it was: no entry, no answer.
        log.exception("the access log cannot be written")
        return False
    for inquiry in inquiries:
        inquiry.is_logged = True
    return True


def _entries(inquiry: Inquiry, subject_key: bytes) -> list[Entry]:
    subjects: Sequence[str | None] = inquiry.keys or (None,)
    return [
        _entry(inquiry, number, subject, subject_key) for number, subject in enumerate(subjects)
    ]


def _entry(inquiry: Inquiry, number: int, subject: str | None, subject_key: bytes) -> Entry:
    question = inquiry.question
    decision = inquiry.granted
    register = question.dataset.partition("/")[0]
    outcome = inquiry.outcomes.get(subject, "") if subject is not None else NOTHING_FOUND
    disclosed = subject in inquiry.records and inquiry.is_open
    return Entry(
        entry_id=entries.entry_id(inquiry.answer_id, number),
        answer_id=inquiry.answer_id,
        logged_at=inquiry.received_at,
        agency=question.consumer,
        client=inquiry.client,
        officer=inquiry.officer,
        subject_tag=None
        if subject is None
        else entries.subject_tag(subject_key, register, inquiry.subjects.get(subject, subject)),
        dataset=question.dataset,
        operation=question.operation,
        purpose=question.purpose,
        legal_basis=question.legal_basis,
        procedure=question.procedure,
        case_reference=inquiry.case_reference,
        agreement_hash=decision.agreement_hash,
        decision=entries.PERMITTED if decision.permitted else entries.REFUSED,
        rule=decision.rule or outcome or (inquiry.problem.code if inquiry.problem else ""),
        fields=tuple(sorted((*question.fields, *question.claims))) if disclosed else (),
        request_hash=inquiry.request_hash,
        answer_hash=receipts.sha256(inquiry.body),
        register_change=inquiry.change,
        valid_on=inquiry.valid_on,
        transport=inquiry.transport,
    )
