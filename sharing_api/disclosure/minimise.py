"""Station 5: give no more than granted: formats, and nothing of those outside."""

import base64
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from databases import vietnamese
from sharing_api import errors
from sharing_api.disclosure import scope
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.scope import Scope

_PSEUDONYM_BYTES = 16

Formatter = Callable[[Any, bytes], Any]


def minimise_all(
    inquiries: Sequence[Inquiry], pseudonym_key: bytes, reach: Scope | None = None
) -> None:
    """Cut the records of every question down to its decision.

    Args:
        reach: judges whose records a question reaches; None: nobody is protected.
    """
    reach = reach or Scope()
    for inquiry in inquiries:
        if inquiry.is_open:
            _minimise(inquiry, pseudonym_key, reach)


def _minimise(inquiry: Inquiry, pseudonym_key: bytes, reach: Scope) -> None:
    decision = inquiry.granted
    question = inquiry.question
    # By the agreement's name: a new version goes on with the pseudonyms that its consumer knows.
    name = decision.agreement_name or decision.agreement_hash
    salt = hmac.digest(pseudonym_key, name.encode(), "sha256")
    inquiry.outcomes = dict.fromkeys(inquiry.keys, scope.NOT_FOUND)
    kept: dict[str, Mapping[str, Any]] = {}
    subject_field = inquiry.dataset.key if inquiry.dataset else ""
    for key, record in inquiry.records.items():
        inquiry.subjects[key] = str(record[subject_field])
        judged = reach.judge(inquiry, record)
        if judged not in scope.TOLD:
            inquiry.outcomes[key] = judged
            continue
        seen = _cut(record, decision.formats, salt)
        confirmed = {name: _agrees(seen[name], claim) for name, claim in inquiry.claims.items()}
        if question.operation == "verify":
            kept[key] = confirmed
        elif not confirmed:
            kept[key] = seen
        elif all(confirmed.values()):
            kept[key] = {name: seen[name] for name in question.fields}
        else:
            inquiry.outcomes[key] = scope.DISAGREES
            continue
        inquiry.outcomes[key] = judged
    if question.operation in ("search", "linkage"):
        inquiry.keys = tuple(kept)
    inquiry.records = kept
    if question.operation in ("look-up", "verify") and not kept:
        # Unknown, outside the territory and disagreeing look the same: the register is no oracle.
        inquiry.problem = errors.RecordNotFound("No such record within your agreement.")


def _cut(record: Mapping[str, Any], formats: Mapping[str, str], salt: bytes) -> dict[str, Any]:
    return {
        name: record.get(name) if fmt == "full" else _FORMATTERS[fmt](record.get(name), salt)
        for name, fmt in formats.items()
    }


def _year_only(value: Any, _: bytes) -> str | None:
    return None if value is None else str(value)[:4]


def _initials(value: Any, _: bytes) -> str | None:
    full = value.get("full") if isinstance(value, Mapping) else value
    return " ".join(f"{word[0]}." for word in full.split()) if full else None


def _yes_no(value: Any, _: bytes) -> bool:
    return bool(value)


def _pseudonym(value: Any, salt: bytes) -> str | None:
    """Give the agreement's own name for a value: equal values agree, other agreements differ."""
    if value is None:
        return None
    tag = hmac.digest(salt, str(value).encode(), "sha256")[:_PSEUDONYM_BYTES]
    return base64.urlsafe_b64encode(tag).rstrip(b"=").decode()


_FORMATTERS: Mapping[str, Formatter] = {
    "year_only": _year_only,
    "initials": _initials,
    "yes_no": _yes_no,
    "pairwise_pseudonym": _pseudonym,
}


def _agrees(value: Any, claim: Any) -> bool:
    """Compare a claim with the register; names and texts without regard to case and diacritics."""
    if isinstance(value, Mapping):
        if isinstance(claim, Mapping):
            return all(_agrees(value.get(part), one) for part, one in claim.items())
        return _agrees(value.get("full", value.get("code")), claim)
    if isinstance(value, str) and isinstance(claim, str):
        return bool(vietnamese.name_key(value) == vietnamese.name_key(claim))
    return bool(value == claim)
