"""Looking at links and deciding them; who looks asks the registers, an entry for each record."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from databases.errors import FieldProblem
from sharing_api import errors as exchange_errors
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.links import errors, judging, sources
from sharing_api.links.repository import links, working_set
from sharing_api.links.repository.links import Step, Wanted
from sharing_api.links.sealing import Sealer
from sharing_api.links.values import (
    Changes,
    Event,
    Link,
    Mention,
    Proposal,
    Shown,
    Side,
    State,
    Verdict,
)

MOST_LISTED = 500
_SIDES = ("left", "right")
_LEADS: Mapping[Verdict, Mapping[State, State]] = {
    Verdict.ACCEPT: {
        State.REVIEW: State.ACCEPTED,
        State.AUTOMATIC: State.ACCEPTED,
        State.REJECTED: State.ACCEPTED,
        State.UNDONE: State.ACCEPTED,
    },
    Verdict.REJECT: {State.REVIEW: State.REJECTED, State.AUTOMATIC: State.REJECTED},
    Verdict.UNDO: {
        State.AUTOMATIC: State.UNDONE,
        State.ACCEPTED: State.UNDONE,
        State.REJECTED: State.REVIEW,
    },
}


class Reviewer:
    """Lists, shows and decides links.

    Args:
        corridor: that everything shown of a register passes.
        errand: who looks, and why; its officer is the reviewer.
        clock: gives the moment.
    """

    def __init__(self, corridor: Corridor, errand: Errand, clock: Callable[[], datetime]) -> None:
        self._databases = corridor.databases
        self._desk = Desk(corridor, clock)
        self._errand = errand
        self._clock = clock
        self._sealer = Sealer(corridor.subject_key)

    def list(self, wanted: Wanted, *, after: int = 0, limit: int = MOST_LISTED) -> Sequence[Link]:
        """List links with weights and evidence, and nothing that says whose they are."""
        with self._databases.reading("exchange") as session:
            return links.list_wanted(session, wanted, after=after, limit=limit)

    def show(self, link_id: int) -> Shown:
        """Give a link with what its records say now; each record leaves an entry in the log.

        Raises:
            LinkNotFound: there is none of that number.
            AgreementRefuses: the agreement does not allow it.
            LogUnavailable: it could not be logged; nothing is shown.
        """
        with self._databases.writing("exchange") as session:
            return self._show(session, self._get(session, link_id, locked=False))

    def decide(self, link_id: int, verdict: Verdict, reason: str) -> Shown:
        """Decide a link, and give it as it stands then.

        To accept two records of one register as one person takes two officers: the first one leaves
        the link where it is, the second one moves it.

        Raises:
            LinkNotFound: there is none of that number.
            ReasonMissing: no reason is given.
            NotToDecide: no such decision leads on from where it stands.
            RecordChanged: a record says something else than when it was compared, or is gone;
                `shown` says what. To undo is always possible.
            OtherReviewerNeeded: the second reviewer is the first one.
            AgreementRefuses, LogUnavailable: it may not be shown, and stays as it was.
        """
        if not reason.strip():
            raise errors.ReasonMissing("Say why: the reason stays with the link.")
        with self._databases.writing("exchange") as session:
            link = self._get(session, link_id, locked=True)
            target = _LEADS[verdict].get(link.state)
            if target is None:
                raise errors.NotToDecide(
                    f"The link is {link.state.value}: to {verdict.value} it leads nowhere."
                )
            shown = self._show(session, link)
            if verdict is not Verdict.UNDO:
                _require_unchanged(shown)
            step = Step(self._errand.officer, self._clock(), target, reason)
            if target is State.ACCEPTED and self._waits_for_second(link):
                links.note_first_reviewer(
                    session, link, dataclasses.replace(step, to_state=link.state)
                )
            else:
                judging.take(session, link, step, is_decided=target is not State.REVIEW)
            decided = self._get(session, link_id, locked=False)
            history = links.list_events(session, link_id)
        return dataclasses.replace(shown, link=decided, history=history)

    def propose(self, link_id: int, surviving: str) -> Proposal:
        """Give what two officers accepted as a merge for the register to record.

        Args:
            surviving: number of the record that goes on.

        Raises:
            LinkNotFound: there is none of that number.
            NotAProposal: two officers have not accepted it, or neither record has that number.
            AgreementRefuses, LogUnavailable: it may not be shown.
        """
        shown = self.show(link_id)
        link = shown.link
        is_pair = sources.get_comparison(link.comparison).finds_duplicates
        if not is_pair or link.state is not State.ACCEPTED or surviving not in shown.keys:
            raise errors.NotAProposal(
                "Name an accepted link of two records of one register, and the number of one."
            )
        _require_unchanged(shown)
        first, second = [one.officer for one in shown.history if not _is_run(one)][-2:]
        evidence = ", ".join(f"{one.field} {one.level}" for one in link.evidence if one.level)
        return Proposal(
            absorbed=next(key for key in shown.keys if key != surviving),
            decision=f"link {link_id}",
            evidence=f"{link.weight:.1f} bits by model {link.model_version}: {evidence}",
            reviewers=(first, second),
        )

    def _waits_for_second(self, link: Link) -> bool:
        if not sources.get_comparison(link.comparison).finds_duplicates:
            return False
        first, now = (one.strip().casefold() for one in (link.first_reviewer, self._errand.officer))
        if first and first == now:
            raise errors.OtherReviewerNeeded(
                "You have accepted it already: another officer has to look at it too."
            )
        return not first

    def _get(self, session: Session, link_id: int, *, locked: bool) -> Link:
        link = links.find(session, link_id, locked=locked)
        if link is None:
            raise errors.LinkNotFound("There is no link of that number.")
        return link

    def _show(self, session: Session, link: Link) -> Shown:
        keys, parts, fields, changed, gone = [], [], [], [], []
        for name, side in zip(_SIDES, (link.left, link.right), strict=True):
            key, part = self._sealer.open_key(side.sealed_key)
            values = self._ask(side.dataset, key)
            now = self._mention(link, side, key, part, values)
            if now is None:
                gone.append(name)
            keys.append(key)
            parts.append(part)
            fields.append({} if now is None else now.fields)
            changed.append({} if now is None else self._compare(session, side, now))
        return Shown(
            link=link,
            keys=(keys[0], keys[1]),
            parts=(parts[0], parts[1]),
            fields=(fields[0], fields[1]),
            kin=self._kin(link, keys[1]),
            changed=(changed[0], changed[1]),
            gone=tuple(gone),
            history=links.list_events(session, link.link_id),
        )

    def _ask(self, dataset: str, key: str) -> Mapping[str, Any] | None:
        wanted = sources.BY_DATASET[dataset].fields
        return self._desk.ask(self._errand, dataset, [key], wanted).get(key)

    def _kin(self, link: Link, key: str) -> Sequence[Mapping[str, Any]]:
        """Give the relatives of a citizen; none where the agreement does not grant them."""
        if sources.get_comparison(link.comparison).right != sources.BY_SUBJECT[sources.PERSON]:
            return []
        try:
            found = self._desk.ask(self._errand, sources.KIN_OF, [key], (sources.KIN,)).get(key, {})
        except exchange_errors.AgreementRefuses as refused:
            if refused.rule != "field.not_granted":
                raise
            return []
        return [
            {"role": one["role"], "name": one["name"]["full"]}
            for one in found.get(sources.KIN) or ()
        ]

    def _mention(
        self, link: Link, side: Side, key: str, part: str, values: Mapping[str, Any] | None
    ) -> Mention | None:
        """Read what a record says of whom the link is about; None where it says nothing more."""
        if values is None:
            return None
        said = sources.BY_DATASET[side.dataset].list_mentions(key, values, side.change)
        return next((m for m in said if (m.subject, m.part) == (link.subject, part)), None)

    def _compare(self, session: Session, side: Side, now: Mention) -> Changes | None:
        if self._sealer.content_tag(now) == side.content_tag:
            return {}
        kept = working_set.find_mention(session, side.tag)
        if kept is None or kept[0] != side.content_tag:
            return None
        before = self._sealer.open_mention(kept[1], kept[2]).fields
        names = dict.fromkeys((*before, *now.fields))
        pairs = {name: (before.get(name, ()), now.fields.get(name, ())) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _is_run(event: Event) -> bool:
    return event.officer == judging.OFFICER


def _require_unchanged(shown: Shown) -> None:
    problems = [
        FieldProblem(name, "link.record_gone", "There is no such record any more.")
        for name in shown.gone
    ]
    for name, changes in zip(_SIDES, shown.changed, strict=True):
        for field in ("",) if changes is None else changes:
            place = f"{name}.{field}".rstrip(".")
            message = "This says something else than when it was compared."
            problems.append(FieldProblem(place, "link.record_changed", message))
    if problems:
        raise errors.RecordChanged(
            "A record changed since it was compared: let the linkage run first.",
            fields=problems,
            shown=shown,
        )
