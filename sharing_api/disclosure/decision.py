"""Station 3: may it be asked. The agreement decides, then its quota."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.exc import SQLAlchemyError

from databases import periods
from databases.errors import RegisterError
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.agreements import decide, repository
from sharing_api.agreements.values import Decision
from sharing_api.disclosure import catalogue
from sharing_api.disclosure.caller import HasRights
from sharing_api.disclosure.inquiry import Inquiry


def decide_all(inquiries: Sequence[Inquiry], registry: HasRights, quota: "QuotaKeeper") -> None:
    """Decide each question under the agreements of its caller; refused ones get their problem."""
    agreements = registry.rights.agreements
    for inquiry in inquiries:
        question = inquiry.question
        inquiry.decision = decide.decide_any(
            agreements.get(question.consumer, ()),
            question,
            catalogue.FACTS.get(question.dataset),
            periods.day_in_vietnam(inquiry.received_at),
        )
        if not inquiry.decision.permitted:
            inquiry.problem = _refusal(inquiry.decision)
            continue
        if inquiry.decision.search_limit is not None:
            inquiry.limit = min(inquiry.limit, inquiry.decision.search_limit)
        if inquiry.decision.matching is not None:
            inquiry.limit = min(inquiry.limit, inquiry.decision.matching.most_hits)
        if inquiry.decision.daily_quota is not None:
            inquiry.problem = quota.take(inquiry)


def _refusal(decision: Decision) -> errors.AgreementRefuses:
    sentence = decide.explain(decision.rule)
    return errors.AgreementRefuses(sentence, rule=decision.rule, field=decision.member)


class QuotaKeeper:
    """Counts records against daily quotas; reserves blocks so that not every question writes."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._left: dict[tuple[str, date], int] = {}
        self._lock = threading.Lock()

    def take(self, inquiry: Inquiry) -> RegisterError | None:
        """Take what a question needs from its agreement's quota of the day, or say why not."""
        decision = inquiry.granted
        quota = decision.daily_quota or 0
        day = periods.day_in_vietnam(inquiry.received_at)
        needed = max(1, len(inquiry.keys), inquiry.limit)
        key = (decision.agreement_hash, day)
        with self._lock:
            left = self._left.get(key, 0)
            if left < needed:
                try:
                    left += self._reserve(key, quota, needed - left)
                except SQLAlchemyError:
                    return errors.LogUnavailable("The quota cannot be counted; nothing was read.")
            if left < needed:
                self._left[key] = left
                return _exhausted(inquiry.received_at)
            self._left[key] = left - needed
        return None

    def _reserve(self, key: tuple[str, date], quota: int, needed: int) -> int:
        # A block of a hundredth: small quotas stay exact across processes, large ones cost nothing.
        wanted = max(needed, quota // 100)
        with self._databases.writing("exchange") as session:
            return repository.reserve_quota(
                session, agreement_hash=key[0], day=key[1], quota=quota, wanted=wanted
            )


def _exhausted(now: datetime) -> errors.TooMany:
    midnight = datetime.combine(
        periods.day_in_vietnam(now) + timedelta(days=1), time(), periods.VIETNAM
    )
    seconds = int((midnight - now.astimezone(UTC)).total_seconds()) + 1
    return errors.TooMany("The agreement's quota of the day is used.", retry_after_seconds=seconds)
