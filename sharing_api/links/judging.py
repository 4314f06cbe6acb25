"""Judges what is alike, and compares it with the links that stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from databases.sessions import Databases
from sharing_api.links import comparing
from sharing_api.links.comparing import Alike, Pool
from sharing_api.links.repository import calibrations, entities, links, working_set
from sharing_api.links.repository.links import Judged, Step, Taken
from sharing_api.links.sealing import Sealer
from sharing_api.links.values import HOLDING, Comparison, Link, Side, State
from sharing_api.matching import learned
from sharing_api.matching.explanation import BITS
from sharing_api.matching.learned import Learned
from sharing_api.matching.linkage import Progress
from sharing_api.matching.model import Model

OFFICER = "linkage run"
_LEFTS = 1_000  # records whose links are written in one transaction
_MOST = 5  # links of one record; further ones are namesakes
_FOUND, _AGAIN, _REVISED = "found", "found again", "records changed"
_GONE = "gone, or no longer alike"


@dataclass(frozen=True)
class Judge:
    """Makes the links of comparisons, in pages, each page in one transaction.

    Args:
        databases: of the site; working set and links are in the exchange's.
        sealer: opens what is kept.
        model: of the likeness.
        home: folder for what a first comparison puts aside.
        clock: gives the moment of a page.
        workers: processes that compare all with all.
    """

    databases: Databases
    sealer: Sealer
    model: Model
    home: Path
    clock: Callable[[], datetime]
    workers: int

    def judge(self, run_id: int, comparison: Comparison, progress: Progress) -> None:
        """Link what came, changed or went since the last time; everything the first time."""
        left_sides, right_side = comparison.sides
        with self.databases.writing("exchange") as session:
            touched = working_set.list_touched(session, comparison.name)
            if not touched:
                return
            written = working_set.find_likeness(session, comparison.name, self.model.version)
            right = comparing.read_pool(session, [right_side], self.sealer)
            left = right
            if not comparison.finds_duplicates:
                left = comparing.read_pool(session, left_sides, self.sealer)
            led = self._led_to(session, comparison, touched)
            threshold = calibrations.find_threshold(session, comparison.name, self.model.version)
        if written is None:
            known, alike = comparing.compare_all(
                comparison, left, right, self.model, self.home, progress, self.workers
            )
            wanted, looked_at = left, [*left.tags, *touched]
        else:
            known = learned.from_bytes(self.sealer.open_bytes(written), self.model)
            wanted = self._to_judge(comparison, known, left, right, touched | led)
            alike = comparing.compare_some(known, wanted, right, self.model)
            looked_at = [*wanted.tags, *(touched | led)]
        found = self._judge(comparison, wanted, right, alike, threshold)
        self._write(run_id, comparison, sorted(set(looked_at)), found, progress)
        with self.databases.writing("exchange") as session:
            if written is None and known is not None:
                sealed = self.sealer.seal_bytes(known.to_bytes())
                working_set.save_likeness(
                    session, comparison.name, self.model.version, sealed, self.clock()
                )
            working_set.settle(session, comparison.name, touched)
        comparing.clear(comparison, self.home)

    def _led_to(self, session: Session, comparison: Comparison, touched: set[bytes]) -> set[bytes]:
        """Name the records that links lead to from what was touched: they may fit another one."""
        held = links.list_of_mentions(session, comparison.name, sorted(touched))
        return {one.left.tag for one in held}

    def _to_judge(
        self, comparison: Comparison, known: Learned, left: Pool, right: Pool, touched: set[bytes]
    ) -> Pool:
        """Give the left records that changed, or that something new on the right is like."""
        if comparison.finds_duplicates:
            return left.take(left.places_of(touched))
        changed = right.take(right.places_of(touched))
        near = comparing.compare_some(known, left, changed, self.model)
        tags = touched | {left.tags[place] for place in near.left.tolist()}
        return left.take(left.places_of(tags))

    def _judge(
        self,
        comparison: Comparison,
        left: Pool,
        right: Pool,
        alike: Alike,
        threshold: float | None,
    ) -> dict[bytes, Judged]:
        """Judge pairs: link tag → what is to be written."""
        if threshold is None:
            automatic = self.model.decision.automatic
            threshold = float(np.log(automatic / (1 - automatic)) * BITS)
        probabilities, decision = alike.probabilities, self.model.decision
        by_left: dict[int, list[int]] = {}  # left → pairs, the likeliest first
        for place in np.argsort(-alike.bits, kind="stable").tolist():
            one, other = int(alike.left[place]), int(alike.right[place])
            if left.tags[one] != right.tags[other]:
                by_left.setdefault(one, []).append(place)
        found: dict[bytes, Judged] = {}
        for one, places in by_left.items():
            likely = [place for place in places if probabilities[place] >= decision.link]
            for place in places[:_MOST]:
                other = int(alike.right[place])
                # Two that fit leave it to people; so do two records in one register.
                is_sure = alike.bits[place] >= threshold and len(likely) == 1
                sides = [self._side(left, one), self._side(right, other)]
                if comparison.finds_duplicates:
                    is_sure = False
                    sides.sort(key=lambda side: side.tag)
                judged = Judged(
                    tag=self.sealer.link_tag(comparison.name, sides[0].tag, sides[1].tag),
                    comparison=comparison.name,
                    subject=comparison.subject,
                    left=sides[0],
                    right=sides[1],
                    model_version=self.model.version,
                    weight=float(alike.bits[place]),
                    probability=float(probabilities[place]),
                    evidence=alike.evidence[place],
                    state=State.AUTOMATIC if is_sure else State.REVIEW,
                )
                found.setdefault(judged.tag, judged)
        return found

    def _side(self, pool: Pool, place: int) -> Side:
        mention = self.sealer.open_mention(pool.sealed[place], pool.changes[place])
        return Side(
            dataset=mention.dataset,
            tag=pool.tags[place],
            sealed_key=self.sealer.seal_key(mention),
            content_tag=pool.contents[place],
            change=mention.change,
        )

    def _write(
        self,
        run_id: int,
        comparison: Comparison,
        looked_at: Sequence[bytes],
        found: Mapping[bytes, Judged],
        progress: Progress,
    ) -> None:
        by_record: dict[bytes, list[Judged]] = {}
        for one in found.values():
            by_record.setdefault(one.left.tag, []).append(one)
            if comparison.finds_duplicates:
                by_record.setdefault(one.right.tag, []).append(one)
        for start, tags in _pages(looked_at):
            page = {one.tag: one for tag in tags for one in by_record.get(tag, ())}
            with self.databases.writing("exchange") as session:
                standing = links.list_by_tag(session, list(page))
                new = [one for tag, one in page.items() if tag not in standing]
                self._enter(session, comparison, new)
                for tag, link in standing.items():
                    self._revise(session, link, page[tag])
                for link in links.list_of_mentions(session, comparison.name, tags):
                    if link.tag not in found:
                        self._supersede(session, link)
                working_set.count_run(session, run_id, links=len(page))
            progress("writing", start + len(tags), len(looked_at))

    def _enter(self, session: Session, comparison: Comparison, new: Sequence[Judged]) -> None:
        entered = links.add(session, new)
        holding = [one for one in entered if one.state in HOLDING]
        pairs = [(one.left.tag, one.right.tag) for one in holding]
        joined = entities.join(session, pairs, comparison.subject)
        became = {one.link_id: what for one, what in zip(holding, joined, strict=True)}
        now = self.clock()
        taken = []
        for one in entered:
            what = became.get(one.link_id)
            ids = (None, None) if what is None else (what.entity_id, what.former)
            taken.append(Taken(one, Step(OFFICER, now, one.state, _FOUND), *ids))
        links.note(session, taken, is_new=True)

    def _revise(self, session: Session, link: Link, now: Judged) -> None:
        changed = (link.left.content_tag, link.right.content_tag) != (
            now.left.content_tag,
            now.right.content_tag,
        )
        if changed or abs(link.weight - now.weight) > 1e-6 or link.state is State.SUPERSEDED:
            links.revise(session, link, now)
        target = self._target(link, now, changed)
        if target is not link.state:
            reason = _AGAIN if link.state is State.SUPERSEDED else _REVISED
            take(session, link, Step(OFFICER, self.clock(), target, reason), is_decided=False)

    def _target(self, link: Link, now: Judged, changed: bool) -> State:
        """Say where a link stands now: what a person decided stays while the records do."""
        if not link.is_decided:
            return now.state
        if changed and link.state is State.ACCEPTED:
            doubtful = now.probability < self.model.decision.link
            return State.REVIEW if doubtful else link.state
        if changed and now.state is State.AUTOMATIC:
            return State.REVIEW
        return link.state

    def _supersede(self, session: Session, link: Link) -> None:
        if link.state in HOLDING or link.state is State.REVIEW:
            step = Step(OFFICER, self.clock(), State.SUPERSEDED, _GONE)
            take(session, link, step, is_decided=False)


def take(session: Session, link: Link, step: Step, *, is_decided: bool) -> None:
    """Move a link to another state, with what that means for the entities of its records."""
    pair = (link.left.tag, link.right.tag)
    links.set_state(session, link, step, is_decided=is_decided)
    what = None
    if step.to_state in HOLDING and link.state not in HOLDING:
        (what,) = entities.join(session, [pair], link.subject)
    elif link.state in HOLDING and step.to_state not in HOLDING:
        what = entities.part(session, *pair, link.subject)
    ids = (None, None) if what is None else (what.entity_id, what.former)
    links.note(session, [Taken(link, step, *ids)])


def _pages(tags: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    for start in range(0, len(tags), _LEFTS):
        yield start, tags[start : start + _LEFTS]
