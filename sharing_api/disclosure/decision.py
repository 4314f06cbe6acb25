"""Station 3: may it be asked. The agreement decides, then its quota."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from databases import periods
from databases.errors import RegisterError
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.agreements import decide, repository
from sharing_api.agreements.values import DatasetFacts, Decision, Window
from sharing_api.disclosure import catalogue
from sharing_api.disclosure.caller import HasRights
from sharing_api.disclosure.inquiry import Inquiry


class TakesQuota(Protocol):
    """Counts questions against quotas."""

    def take(self, inquiry: Inquiry) -> RegisterError | None:
        """Take what a question needs from its agreement's quotas, or say why not."""


def decide_all(
    inquiries: Sequence[Inquiry],
    registry: HasRights,
    quota: TakesQuota,
    facts: Callable[[str], DatasetFacts | None] = catalogue.FACTS.get,
) -> None:
    """Decide each question under the agreements of its caller; refused ones get their problem.

    Args:
        facts: what is published of a dataset.
    """
    agreements = registry.rights.agreements
    for inquiry in inquiries:
        question = inquiry.question
        inquiry.decision = decide.decide_any(
            agreements.get(question.consumer, ()),
            question,
            facts(question.dataset),
            periods.day_in_vietnam(inquiry.received_at),
        )
        if not inquiry.decision.permitted:
            inquiry.problem = _refusal(inquiry.decision)
            continue
        if inquiry.decision.search_limit is not None:
            inquiry.limit = min(inquiry.limit, inquiry.decision.search_limit)
        if inquiry.decision.matching is not None:
            inquiry.limit = min(inquiry.limit, inquiry.decision.matching.most_hits)
        if inquiry.decision.daily_quota is not None or inquiry.decision.minute_quota is not None:
            inquiry.problem = quota.take(inquiry)


def _refusal(decision: Decision) -> errors.AgreementRefuses:
    sentence = decide.explain(decision.rule)
    return errors.AgreementRefuses(sentence, rule=decision.rule, field=decision.member)


class QuotaKeeper:
    """Counts against quotas of days and minutes; reserves blocks, so that few questions write."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._left: dict[Window, int] = {}
        self._lock = threading.Lock()

    def take(self, inquiry: Inquiry) -> RegisterError | None:
        """Take what a question needs from its agreement's quotas, or say why not.

        A question counts once a minute; of a day count the records that it may give.
        """
        decision, now = inquiry.granted, inquiry.received_at
        problem = None
        if decision.minute_quota is not None:
            minute = now.astimezone(UTC).replace(second=0, microsecond=0)
            window = Window(decision.agreement_hash, minute, decision.minute_quota)
            problem = self._take(window, 1, now)
        if problem is None and decision.daily_quota is not None:
            window = Window(
                decision.agreement_hash, periods.day_in_vietnam(now), decision.daily_quota
            )
            problem = self._take(window, max(1, len(inquiry.keys), inquiry.limit), now)
        return problem

    def _take(self, window: Window, needed: int, now: datetime) -> RegisterError | None:
        with self._lock:
            if window not in self._left:
                self._forget_before(window)
            left = self._left.get(window, 0)
            if left < needed:
                try:
                    left += self._reserve(window, needed - left)
                except SQLAlchemyError:
                    return errors.LogUnavailable("The quota cannot be counted; nothing was read.")
            if left < needed:
                self._left[window] = left
                return _exhausted(window, now)
            self._left[window] = left - needed
        return None

    def _reserve(self, window: Window, needed: int) -> int:
        # A block of a hundredth: small quotas stay exact across processes, large ones cost nothing.
        wanted = max(needed, window.quota // 100)
        with self._databases.writing("exchange") as session:
            return repository.reserve_quota(session, window=window, wanted=wanted)

    def _forget_before(self, window: Window) -> None:
        """Forget earlier windows of the same agreement and kind."""
        for known in [one for one in self._left if one.is_before(window)]:
            del self._left[known]


def _exhausted(window: Window, now: datetime) -> errors.TooMany:
    if isinstance(window.start, datetime):
        following = window.start + timedelta(minutes=1)
        sentence = "The agreement's questions of this minute are used."
    else:
        following = datetime.combine(window.start + timedelta(days=1), time(), periods.VIETNAM)
        sentence = "The agreement's quota of the day is used."
    seconds = int((following - now.astimezone(UTC)).total_seconds()) + 1
    return errors.TooMany(sentence, retry_after_seconds=seconds)
