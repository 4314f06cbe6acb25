"""Judges who was touched, and compares what is found with the worklist."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from databases.sessions import Databases
from sharing_api.consistency.repository import findings, working_set
from sharing_api.consistency.repository.findings import Drawn, SealedRecord, Standing
from sharing_api.consistency.rules import catalogue
from sharing_api.consistency.rules.catalogue import Rule
from sharing_api.consistency.sealing import Sealer
from sharing_api.consistency.values import LOOKING, Bundle, Found, Mention, Subject
from sharing_api.worklists.values import State, Step

OFFICER = "consistency run"
_SUBJECTS = 1_000
_GONE = "no longer found"
_BACK = "found again"


@dataclass(frozen=True)
class Judge:
    """Judges subjects in pages, each page in one transaction.

    Args:
        databases: of the site; working set and worklist are in the exchange's.
        sealer: opens what is kept.
        stewards: dataset → agency that owns it.
        clock: gives the moment of a page.
    """

    databases: Databases
    sealer: Sealer
    stewards: Mapping[str, str]
    clock: Callable[[], datetime]

    def judge_touched(self, run_id: int, on: date) -> None:
        """Judge all who were touched, and whose findings stand: a day may settle them too."""
        with self.databases.writing("exchange") as session:
            working_set.touch_found(session)
        is_done = False
        while not is_done:
            with self.databases.writing("exchange") as session:
                touched = working_set.list_touched(session, _SUBJECTS)
                is_done = not touched
                if touched:
                    tags = [tag for _, tag in touched]
                    self._judge_page(session, run_id, tags, on)
                    working_set.mark_judged(session, touched[0][0], tags)
                    working_set.count_run(session, run_id, subjects=len(tags))

    def _judge_page(self, session: Session, run_id: int, tags: Sequence[bytes], on: date) -> None:
        said = self._read(session, tags)
        working_set.touch(session, self._led_to(said))
        others = self._read(session, {self.sealer.subject_tag(one) for one in _looked_at(said)})
        by_subject = {mentions[0].subject: mentions for mentions in others.values()}
        drawn: dict[bytes, Drawn] = {}
        for tag, mentions in said.items():
            bundle = Bundle(mentions[0].subject, mentions, by_subject)
            for rule, found in catalogue.judge(bundle, on):
                one = self._draw(tag, bundle.subject, rule, found)
                drawn[one.tag] = one
        self._compare(session, run_id, tags, drawn)

    def _read(self, session: Session, tags: Iterable[bytes]) -> dict[bytes, list[Mention]]:
        return {
            tag: [self.sealer.open_mention(one) for one in sealed]
            for tag, sealed in working_set.read_mentions(session, tags).items()
        }

    def _led_to(self, said: Mapping[bytes, Sequence[Mention]]) -> set[tuple[int, bytes]]:
        """Name those who are judged by what is said of these: parcels by their holders."""
        return {
            (other.kind.rank, self.sealer.subject_tag(other))
            for mentions in said.values()
            for mention in mentions
            if mention.subject.kind not in LOOKING
            for other in mention.leads_to
            if other.kind in LOOKING
        }

    def _draw(self, tag: bytes, subject: Subject, rule: Rule, found: Found) -> Drawn:
        names = [part for one in found.records for part in (one.dataset, one.key)]
        return Drawn(
            tag=self.sealer.tag("finding", rule.name, *names),
            rank=subject.kind.rank,
            subject_tag=tag,
            rule=rule.name,
            confidence=found.confidence or rule.confidence,
            steward=self.stewards.get(found.records[0].dataset, ""),
            records=tuple(
                SealedRecord(one.dataset, self.sealer.seal(one.key), one.change)
                for one in found.records
            ),
        )

    def _compare(
        self, session: Session, run_id: int, tags: Sequence[bytes], drawn: Mapping[bytes, Drawn]
    ) -> None:
        now = self.clock()
        standing = {one.tag: one for one in findings.list_of_subjects(session, tags)}
        for tag, one in drawn.items():
            if tag not in standing:
                step = Step(OFFICER, now, State.OPEN, "")
                findings.add(session, one, run_id=run_id, step=step)
            elif standing[tag].confidence is not one.confidence:
                findings.weigh(session, standing[tag], one.confidence)
        back = [one for one in _resolved(standing.values()) if one.tag in drawn]
        findings.move(session, back, Step(OFFICER, now, State.OPEN, _BACK))
        gone = [
            one
            for one in standing.values()
            if one.tag not in drawn and one.state is not State.RESOLVED
        ]
        findings.move(session, gone, Step(OFFICER, now, State.RESOLVED, _GONE))


def _resolved(standing: Iterable[Standing]) -> list[Standing]:
    return [one for one in standing if one.state is State.RESOLVED]


def _looked_at(said: Mapping[bytes, Sequence[Mention]]) -> set[Subject]:
    return {
        other
        for mentions in said.values()
        for mention in mentions
        if mention.subject.kind in LOOKING
        for other in mention.leads_to
    }
