"""Station 5: give no more than granted: formats, and nothing of those outside."""

import base64
import hmac
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from databases import vietnamese
from sharing_api import errors
from sharing_api.disclosure import scope
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.scope import Scope

CHANGED = "changed"
_PSEUDONYM_BYTES = 16

# What is said of a record before and after a change.
State = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]
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
    if question.operation == "feed":
        _minimise_feed(inquiry, salt, reach)
        return
    inquiry.outcomes = dict.fromkeys(inquiry.keys, scope.NOT_FOUND)
    kept: dict[str, Mapping[str, Any]] = {}
    subject_field = inquiry.dataset.key if inquiry.dataset else ""
    for key, record in inquiry.records.items():
        inquiry.subjects[key] = str(record[subject_field])
        judged = reach.judge(inquiry, record)
        if judged not in scope.TOLD:
            inquiry.outcomes[key] = judged
            continue
        seen = cut(record, decision.formats, salt)
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
    if question.operation == "candidates":
        # Cut here and not before: who lies outside its reach takes nobody's place.
        kept = dict(itertools.islice(kept.items(), inquiry.limit))
    if question.operation in ("search", "linkage", "candidates"):
        inquiry.keys = tuple(kept)
    inquiry.records = kept
    if question.operation in ("look-up", "verify") and not kept:
        # Unknown, outside the territory and disagreeing look the same: the register is no oracle.
        inquiry.problem = errors.RecordNotFound("No such record within your agreement.")


def _minimise_feed(inquiry: Inquiry, salt: bytes, reach: Scope) -> None:
    """Keep the changes that the agreement shows, and of each no more than which fields differ."""
    decision, key_field = inquiry.granted, inquiry.published.key
    events = []
    for event in inquiry.events:
        states = tuple(
            (_seen(inquiry, before, salt, reach), _seen(inquiry, after, salt, reach))
            for before, after in event.states
        )
        fields = _differing(inquiry, states)
        if fields:
            bearers = (one[key_field] for pair in event.states for one in reversed(pair) if one)
            inquiry.subjects[event.key] = str(next(bearers))
            inquiry.outcomes[event.key] = CHANGED
            shown = cut({key_field: event.key}, decision.formats, salt)[key_field]
            inquiry.records[event.key] = {key_field: shown}
            events.append(replace(event, states=states, fields=tuple(sorted(fields))))
    inquiry.events = tuple(events)
    inquiry.keys = tuple(inquiry.records)


def _differing(inquiry: Inquiry, states: Sequence[State]) -> set[str]:
    """Name the fields that differ; that a record begins or ends counts where nothing else does.

    A record begins on the day of birth or founding: that it begins on another day is no more than
    that this field differs, and shows to whom may see it. What is derived from a field differs on
    some day when that one does.
    """
    differing: dict[bool, set[str]] = {True: set(), False: set()}
    for before, after in _from_its_beginning(states):
        is_whole = before is not None and after is not None
        differing[is_whole] |= {
            name
            for name in inquiry.granted.formats
            if (before or {}).get(name) != (after or {}).get(name)
        }
    found = differing[True] or differing[False]
    described = inquiry.published.fields
    return found | {
        name for name in inquiry.granted.formats if found.intersection(described[name].sources)
    }


def _from_its_beginning(states: Sequence[State]) -> Sequence[State]:
    """Leave out the days before the first on which there was a record before and after."""
    whole = (n for n, (before, after) in enumerate(states) if before and after)
    return states[next(whole, 0) :]


def _seen(
    inquiry: Inquiry, record: Mapping[str, Any] | None, salt: bytes, reach: Scope
) -> Mapping[str, Any] | None:
    """Give what the agreement shows of a state; outside of its reach there is nothing."""
    if record is None or not reach.reaches(inquiry, record):
        return None
    return cut(record, inquiry.granted.formats, salt)


def cut(record: Mapping[str, Any], formats: Mapping[str, str], salt: bytes = b"") -> dict[str, Any]:
    """Give fields of a record in the formats of an agreement.

    Args:
        salt: of the agreement's pseudonyms; to compare two states any will do.
    """
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
