"""Compares an answer made again with what the log holds of the one that was given. Pure."""

from collections.abc import Mapping, Sequence

from sharing_api import errors
from sharing_api.access_log import entries
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.questions import Kept
from sharing_api.disclosure import marks
from sharing_api.disclosure.again import Made
from sharing_api.replay.values import Cause, Outcome, Reason

# What a moment brought about and no state of register or agreement tells again.
_OF_THE_MOMENT = frozenset(
    one.code for one in (errors.TooMany, errors.RegisterUnavailable, errors.LogUnavailable)
)
_SENTENCES = {
    Reason.FIELD: "the register says otherwise of the same state; no recorded change explains it",
    Reason.RECORDS: "other records fit the same question in the same state",
    Reason.INDEX: "the index of candidates has gone on; likeness depends on what it counted",
    Reason.NOTICES: "notices that stood in the page were added to since",
}
Judged = tuple[Outcome, str, tuple[Cause, ...]]
SAME, DIFFERS, UNKNOWN = "same", "differs", "unknown"


def compare(logged: Sequence[Entry], kept: Kept, made: Made) -> Judged:
    """Say how an answer made again compares, whether it was decided alike, and why not.

    Args:
        logged: all entries of the answer that was given, in the order of its subjects.
    """
    then, now = logged[0], made.entries[0]
    if then.rule in _OF_THE_MOMENT and now.decision == entries.PERMITTED:
        cause = Cause(Reason.MOMENT, then.rule, "what it depended on then is kept nowhere")
        return Outcome.NOT_REPLAYABLE, SAME, (cause,)
    if _decision(then) != _decision(now):
        return Outcome.DECISION_DIFFERS, DIFFERS, (_otherwise(then, now),)
    if now.rule == errors.RegisterUnavailable.code:
        cause = Cause(Reason.UNREACHABLE, now.dataset, "the register cannot be read now")
        return Outcome.NOT_REPLAYABLE, SAME, (cause,)
    if made.dropped and now.decision == entries.PERMITTED:
        return Outcome.NOT_REPLAYABLE, SAME, tuple(_dropped(made))
    if then.answer_hash == now.answer_hash and _about(logged) == _about(made.entries):
        return Outcome.SAME, SAME, ()
    return Outcome.ANSWER_DIFFERS, SAME, tuple(_explain(logged, kept, made))


def _decision(entry: Entry) -> tuple[str, str, str]:
    """What was decided: a refusal by its rule, a permission whatever came of it."""
    rule = entry.rule if entry.decision == entries.REFUSED else ""
    return entry.decision, entry.agreement_hash, rule


def _about(several: Sequence[Entry]) -> set[tuple[bytes | None, str, tuple[str, ...]]]:
    return {(one.subject_tag, one.rule, one.fields) for one in several}


def _otherwise(then: Entry, now: Entry) -> Cause:
    if now.agreement_hash != then.agreement_hash:
        sentence = "no agreement acted at that moment that decides so; is its document sound?"
        return Cause(Reason.AGREEMENT, then.agreement_hash or "none", sentence)
    said = f"then {then.decision} ({then.rule}), now {now.decision} ({now.rule})"
    return Cause(Reason.DECISION, now.rule, said)


def _dropped(made: Made) -> list[Cause]:
    return [
        Cause(Reason.DROPPED, one.field.name, f"dropped by migration {one.migration}")
        for one in made.dropped
    ]


def _explain(logged: Sequence[Entry], kept: Kept, made: Made) -> list[Cause]:
    """Name the parts that differ; what follows from another part is not named beside it."""
    parts = _differing(kept.marks, made.marks)
    found = [Cause(_reason(one), one, _SENTENCES[_reason(one)]) for one in parts]
    indexed = [one for one in found if one.reason is Reason.INDEX]
    if indexed:
        return indexed[:1]
    then, now = ({one.rule for one in several} for several in (logged, made.entries))
    if then != now:
        said = f"then {', '.join(sorted(then))}; now {', '.join(sorted(now))}"
        found.append(Cause(Reason.OUTCOME, "", said))
    if not found and kept.standard != made.standard:
        said = f"then {kept.standard}, now {made.standard}"
        found.append(Cause(Reason.STANDARD, made.standard, said))
    return found or [Cause(Reason.FORM, "", "every part is the same; it is written otherwise")]


def _differing(then: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    names = sorted({*then, *now})
    return [one for one in names if then.get(one) != now.get(one)]


def _reason(part: str) -> Reason:
    if part in (marks.MODEL, marks.LIKENESS):
        return Reason.INDEX
    if part == marks.NOTICES:
        return Reason.NOTICES
    return Reason.RECORDS if part in (marks.RECORDS, marks.EVENTS) else Reason.FIELD
