"""Runs the rules over the access log: each entry once, in stretches of whole hours."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from databases import periods
from sharing_api.access_log import repository as log_repository
from sharing_api.agreements import purposes
from sharing_api.auditing import rules
from sharing_api.auditing.officers import Officers
from sharing_api.auditing.repository import findings, past, runs, signals, windows
from sharing_api.auditing.repository.signals import Asked, Protected, Tied
from sharing_api.auditing.repository.windows import Window
from sharing_api.auditing.values import Figures, Hour, Past, Selection, Signal
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.worklists.values import State, Step

OFFICER = "audit run"
CHUNK = 50_000
# An answer waits no longer than seconds: minutes after its end nobody writes an hour any more.
_GRACE = timedelta(minutes=5)
_REOPENED = "new evidence"
# Procedure → dataset → fields that its form needs.
Forms = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did.

    Args:
        entries: of the log that were judged.
        kin_asked: officers whose kin was asked.
        added, reopened: findings.
    """

    run_id: int
    entries: int = 0
    kin_asked: int = 0
    added: int = 0
    reopened: int = 0


class Watch:
    """Judges what was written to the log since the last run.

    Args:
        corridor: that kin is asked through.
        errand: who asks, and why; None: no kin is asked, ties stay as they are.
        clock: gives the moment.
        forms: what the forms of known procedures need.
        chunk: entries of a stretch.
    """

    def __init__(
        self,
        corridor: Corridor,
        errand: Errand | None,
        clock: Callable[[], datetime],
        forms: Forms,
        chunk: int = CHUNK,
    ) -> None:
        self._databases = corridor.databases
        self._desk = Desk(corridor, clock)
        self._officers = Officers(corridor.databases, corridor.subject_key, clock)
        self._errand = errand
        self._clock = clock
        self._forms = forms
        self._chunk = chunk

    def run(self, *, with_current_hour: bool = False) -> Done:
        """Judge all entries of the hours that are over; a run that breaks off loses nothing.

        Args:
            with_current_hour: judge what there is of the hour under way, too.

        Raises:
            AgreementRefuses, LogUnavailable: kin could not be asked; what was judged before stays.
        """
        now = self._clock()
        before = (
            now if with_current_hour else (now - _GRACE).replace(minute=0, second=0, microsecond=0)
        )
        with self._databases.writing("exchange") as session:
            log_repository.wait_for_writers(session)
        with self._databases.writing("exchange") as session:
            done = Done(runs.begin(session, at=now))
        while (stretch := self._judge_next(done, before)) is not None:
            done = stretch
        with self._databases.writing("exchange") as session:
            runs.finish(session, done.run_id, at=self._clock())
        return done

    def _judge_next(self, done: Done, before: datetime) -> Done | None:
        with self._databases.writing("exchange") as session:
            after = runs.find_position(session)
            window = windows.find_next(session, after=after, before=before, chunk=self._chunk)
        if window is None:
            return None
        kin = 0
        if self._errand is not None:
            kin = self._officers.learn_kin(self._desk, self._errand, window)
        with self._databases.writing("exchange") as session:
            runs.wait_to_run_alone(session)
            if runs.find_position(session) != after:
                return dataclasses.replace(done, kin_asked=done.kin_asked + kin)
            entries, added, reopened = self._judge(session, window)
            runs.advance(session, done.run_id, position=window.until, entries=entries)
        return Done(
            done.run_id,
            done.entries + entries,
            done.kin_asked + kin,
            done.added + added,
            done.reopened + reopened,
        )

    def _judge(self, session: Session, window: Window) -> tuple[int, int, int]:
        counted = windows.count(session, window)
        hours = windows.fold(session, window)
        seen = [
            *_ties(signals.list_tied(session, window)),
            *_protected(signals.list_protected(session, window)),
            *self._uses(session, window),
            *_hours(session, hours),
            *_silences(session, hours),
            *_volumes(session, hours),
        ]
        step = Step(OFFICER, self._clock(), State.OPEN, _REOPENED)
        drawn = _merge(_with_evidence(session, window, seen))
        severities = {rule.name: rule.severity for rule in rules.RULES}
        added, reopened = findings.save(session, drawn, severities, step)
        return counted, added, reopened

    def _uses(self, session: Session, window: Window) -> Iterator[Signal]:
        counts = signals.count_uses(session, window)
        for asked in signals.list_asked(session, window):
            figures = (
                rules.judge_fit(
                    asked.purpose,
                    purposes.fits_of([asked.procedure]).get(asked.procedure, ()),
                    periods.day_in_vietnam(asked.last_at),
                )
                or rules.judge_use(asked.purpose, asked.procedure, counts.get(asked.agency, {}))
                or rules.judge_form(asked.dataset, asked.fields, self._forms.get(asked.procedure))
            )
            if figures:
                yield _of_use(asked, figures)


def _of_use(asked: Asked, figures: Figures) -> Signal:
    return Signal(
        rule=rules.PURPOSE.name,
        agency=asked.agency,
        client=asked.client,
        officer=asked.officer,
        first_at=asked.first_at,
        last_at=asked.last_at,
        entries=asked.entries,
        figures={"purpose": asked.purpose, "procedure": asked.procedure, **figures},
        about=f"{asked.purpose}\x1f{asked.procedure}",
        selection=Selection(
            asked.agency,
            asked.client,
            asked.officer,
            purpose=asked.purpose,
            procedure=asked.procedure,
            dataset=asked.dataset,
        ),
    )


def _ties(tied: Iterable[Tied]) -> Iterator[Signal]:
    for one in tied:
        if one.is_own:
            rule = rules.SELF if one.relation == "self" else rules.RELATIVE
        else:
            rule = rules.COLLEAGUE
        yield Signal(
            rule=rule.name,
            agency=one.agency,
            client=one.client,
            officer=one.officer,
            first_at=one.logged_at,
            last_at=one.logged_at,
            entries=1,
            figures={"relation": one.relation, "dataset": one.dataset},
            subject_tag=one.subject_tag,
            entry_ids=(one.entry_id,),
        )


def _protected(entries: Iterable[Protected]) -> Iterator[Signal]:
    for one in entries:
        yield Signal(
            rule=rules.PROTECTED.name,
            agency=one.agency,
            client=one.client,
            officer=one.officer,
            first_at=one.logged_at,
            last_at=one.logged_at,
            entries=1,
            figures={"dataset": one.dataset, "decision": one.decision, "outcome": one.rule},
            subject_tag=one.subject_tag,
            entry_ids=(one.entry_id,),
        )


def _hours(session: Session, hours: list[Hour]) -> Iterator[Signal]:
    if not hours:
        return
    numbers = rules.OUT_OF_HOURS.numbers
    moments = [one.hour_at for one in hours]
    shares = past.read_outside_shares(
        session,
        (one.agency for one in hours if one.outside and one.officer),
        since=min(moments) - timedelta(weeks=numbers["weeks"]),
        until=max(moments) + timedelta(hours=1),
    )
    for hour in hours:
        share = shares.get((hour.agency, hour.client), 0.0)
        known = Past(outside_share=share)
        if rules.may_be_enumeration(hour):
            fewest = rules.ENUMERATION.numbers["past_hours"]
            known = past.read_past(session, hour, share, fewest)
        yield from rules.judge_hour(hour, known)


def _silences(session: Session, hours: list[Hour]) -> Iterator[Signal]:
    accounts = [list(some) for _, some in itertools.groupby(hours, key=lambda one: one.account)]
    before = past.list_last_active(session, [some[0] for some in accounts])
    for some, last_at in zip(accounts, before, strict=True):
        yield from rules.judge_silence(some, last_at)


def _volumes(session: Session, hours: list[Hour]) -> Iterator[Signal]:
    sums: dict[tuple[str, datetime], int] = {}
    for one in hours:
        key = (one.agency, one.hour_at)
        sums[key] = sums.get(key, 0) + one.entries
    numbers = rules.VOLUME.numbers
    large = [key for key, entries in sums.items() if entries >= numbers["entries"]]
    for volume in past.list_volumes(session, large, int(numbers["weeks"])):
        signal = rules.judge_volume(volume)
        if signal is not None:
            yield signal


def _with_evidence(session: Session, window: Window, seen: list[Signal]) -> Iterator[Signal]:
    """Find the entries of signals that do not name them yet; without any there is no signal."""
    selected = [one for one in seen if one.selection is not None]
    found = windows.list_evidence(
        session, window, [one.selection for one in selected if one.selection is not None]
    )
    yield from (one for one in seen if one.selection is None)
    for number, signal in enumerate(selected):
        if number in found:
            one = found[number]
            yield dataclasses.replace(
                signal,
                entries=one.entries,
                first_at=one.first_at,
                last_at=one.last_at,
                entry_ids=one.entry_ids,
            )


def _merge(seen: Iterable[Signal]) -> list[Signal]:
    """Make one signal of those that belong to the same finding; the last one's figures count."""
    merged: dict[bytes, Signal] = {}
    for one in seen:
        other = merged.get(one.tag)
        if other is not None:
            one = dataclasses.replace(
                one,
                entries=other.entries + one.entries,
                first_at=min(other.first_at, one.first_at),
                last_at=max(other.last_at, one.last_at),
                entry_ids=(*other.entry_ids, *one.entry_ids),
            )
        merged[one.tag] = one
    return list(merged.values())
