"""Makes answers again: reads the log, lets the questions come in again, compares, and logs it."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from databases.errors import Invalid, NotFound
from sharing_api.access_log import erasing
from sharing_api.access_log import repository as log_repository
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.questions import Kept, Message, QuestionUnreadable
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import again, own_questions
from sharing_api.disclosure.again import Then
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.replay import comparing, repository
from sharing_api.replay.past_rights import PastRights
from sharing_api.replay.stage import Stage
from sharing_api.replay.values import Cause, Outcome, Reason, Replayed

PURPOSE = "audit.replay"
_NOTHING = bytes(32)
# A process hears of an act within a second of its commit, and an act says when it was begun: what
# was decided near to one may have been decided under the rights of before or after.
_SHIFTS = (timedelta(), timedelta(seconds=-2), timedelta(seconds=2))
# Lets a message come in again, for a caller; gives the code of a refusal, if it was refused there.
WayIn = Callable[[Message, Entry], Coroutine[Any, Any, str]]


class EntryNotFound(NotFound):
    """The log has no such entry."""

    code = "replay.entry_not_found"


class AuditorUnknown(Invalid):
    """The system that makes answers again is not registered, or suspended."""

    code = "replay.auditor_unknown"


class Replayer:
    """Makes answers again.

    Args:
        corridor: whose registry is the stage; its stations make the answers.
        way_in: doors of all protocols, with the stage behind them.
        past: rights as they ever were.
        auditors: clients that are registered and active now.
        errand: who makes them again, and why.
        clock: gives the moment of each replay.
    """

    def __init__(
        self,
        corridor: Corridor,
        stage: Stage,
        way_in: WayIn,
        past: PastRights,
        auditors: Mapping[str, Mapping[str, Any]],
        errand: Errand,
        clock: Callable[[], datetime],
    ) -> None:
        if errand.client not in auditors:
            raise AuditorUnknown("No active system of that name is registered.")
        self._agency = str(auditors[errand.client]["agency_code"])
        self._corridor = corridor
        self._stage = stage
        self._way_in = way_in
        self._past = past
        self._errand = errand
        self._clock = clock

    def replay_entry(self, entry_id: uuid.UUID) -> Replayed:
        """Make the answer of an entry again.

        Raises:
            EntryNotFound: the log has no such entry.
            LogUnavailable: the replay cannot be logged; its outcome is not told.
        """
        with self._corridor.databases.reading("exchange") as session:
            answer_id = repository.find_answer(session, entry_id)
        if answer_id is None:
            raise EntryNotFound("The log has no entry of this id.")
        return next(self.replay([answer_id]))

    def draw(self, wanted: int, since: datetime | None = None) -> list[uuid.UUID]:
        """Draw answers at random."""
        with self._corridor.databases.reading("exchange") as session:
            return repository.draw_answers(session, wanted, since=since)

    def list_since(self, since: datetime) -> list[uuid.UUID]:
        """List all answers since a moment, in order."""
        with self._corridor.databases.reading("exchange") as session:
            return list(repository.iterate_answers(session, since=since))

    def replay(self, answers: Iterable[uuid.UUID]) -> Iterator[Replayed]:
        """Make answers again, one after the other; each is logged before its outcome is told.

        Raises:
            LogUnavailable: a replay cannot be logged; its outcome is not told.
        """
        with asyncio.Runner() as runner:
            for answer_id in answers:
                with self._corridor.databases.reading("exchange") as session:
                    rows = log_repository.list_answer(session, answer_id)
                logged = [log_repository.to_entry(row) for row in rows]
                sealed = rows[0]["question"]
                judged, made_hash = self._judge(runner, logged, sealed and bytes(sealed))
                outcome, decided, causes = judged
                first = logged[0]
                again.record(
                    self._corridor.databases, self._errand, self._agency, logged, outcome,
                    made_hash, self._clock(),
                )  # fmt: skip
                yield Replayed(
                    answer_id, first.dataset, first.operation, first.register_change,
                    len(logged), outcome, decided, causes,
                )  # fmt: skip

    def _judge(
        self, runner: asyncio.Runner, logged: Sequence[Entry], sealed: bytes | None
    ) -> tuple[comparing.Judged, bytes]:
        first = logged[0]
        if first.operation in repository.NO_ANSWERS:
            return _cannot(Reason.NO_ANSWER, "the entry is about the log itself"), _NOTHING
        if not sealed:
            return self._missing(logged), _NOTHING
        try:
            kept = self._corridor.sealer.open(first.answer_id, sealed)
        except QuestionUnreadable as error:
            return _cannot(Reason.UNREADABLE, error.message), _NOTHING
        judged = _cannot(Reason.NOT_TAKEN, "it was not tried"), _NOTHING
        for shift in _SHIFTS:
            judged = self._make(runner, logged, kept, first.logged_at + shift)
            if judged[0][0] is not Outcome.DECISION_DIFFERS:
                break
        return judged

    def _missing(self, logged: Sequence[Entry]) -> comparing.Judged:
        with self._corridor.databases.reading("exchange") as session:
            if erasing.is_erased(session, list(logged)):
                return _cannot(Reason.ERASED, "its question was erased by an act of the log")
        return _cannot(Reason.NOT_KEPT, "its question was not kept")

    def _make(
        self, runner: asyncio.Runner, logged: Sequence[Entry], kept: Kept, moment: datetime
    ) -> tuple[comparing.Judged, bytes]:
        """Make an answer again under the rights of a moment."""
        first = logged[0]
        rights = self._past.at(
            moment, agency=first.agency, client=first.client, agreement_hash=first.agreement_hash
        )
        self._stage.set(rights, kept.message.part)
        inquiry, refusal = self._ask(runner, kept, first)
        if inquiry is None:
            said = f"the exchange would refuse the message now: {refusal}"
            return _cannot(Reason.NOT_TAKEN, said, refusal), _NOTHING
        if inquiry.request_hash != first.request_hash:
            said = "the question that was kept is not the one that was logged"
            return _cannot(Reason.ALTERED, said), _NOTHING
        then = Then(first.answer_id, first.logged_at, first.register_change, first.valid_on)
        made = again.make_again(inquiry, then, kept, self._stage, self._corridor)
        return comparing.compare(logged, kept, made), made.entries[0].answer_hash

    def _ask(self, runner: asyncio.Runner, kept: Kept, first: Entry) -> tuple[Inquiry | None, str]:
        """Let the message come in again; give its question, or why it is refused."""
        if kept.message.method == own_questions.METHOD:
            caller = Caller(first.agency, first.client, 0)
            try:
                inquiry = own_questions.inquire_again(caller, kept.message, first.logged_at)
            except (ValueError, TypeError, KeyError):
                return None, "exchange.malformed"
            inquiry.officer, inquiry.case_reference = first.officer, first.case_reference
            return inquiry, ""
        refusal = runner.run(self._way_in(kept.message, first))
        return self._stage.inquiry, refusal


def _cannot(reason: Reason, detail: str, what: str = "") -> comparing.Judged:
    return Outcome.NOT_REPLAYABLE, comparing.UNKNOWN, (Cause(reason, what, detail),)
