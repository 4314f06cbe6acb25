"""Entries of what two officers of an agency that watches over the log do to it."""

from collections.abc import Mapping
from datetime import datetime

from sharing_api.access_log import entries
from sharing_api.access_log.entries import Entry

_CLIENT = "auditor"
_NOTHING = bytes(32)


def make_entry(
    now: datetime,
    *,
    agency: str,
    officer: str,
    second_officer: str,
    operation: str,
    purpose: str,
    rule: str,
    dataset: str,
    legal_basis: str,
    subject_tag: bytes | None = None,
    case_reference: str = "",
    reach: Mapping[str, str],
) -> Entry:
    """Tell the log of an act: nothing was asked and nothing answered.

    Args:
        now: moment of the act.
        agency: of both officers.
        subject_tag: person who may read of it in the report about them; None: nobody.
        reach: what else the act says, beside who the second officer was.
    """
    answer_id = entries.new_answer_id(now)
    return Entry(
        entry_id=answer_id,
        answer_id=answer_id,
        logged_at=now,
        agency=agency,
        client=_CLIENT,
        officer=officer,
        subject_tag=subject_tag,
        dataset=dataset,
        operation=operation,
        purpose=purpose,
        legal_basis=legal_basis,
        procedure="",
        case_reference=case_reference,
        agreement_hash="",
        decision=entries.PERMITTED,
        rule=rule,
        fields=(),
        request_hash=_NOTHING,
        answer_hash=_NOTHING,
        register_change=0,
        valid_on=now.date(),
        transport={"second-officer": second_officer, **reach},
    )
