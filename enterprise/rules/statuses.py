"""The legal status of a day, and which acts it allows."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from databases import periods
from databases.errors import FieldProblem
from enterprise import errors, legal
from enterprise.values import Status

_SATURDAY = 5

# Status 3 counts only when no other does (sourced); that the more final state comes first among the
# others is the order of the decree read backwards: no text was found that says so.
_PRECEDENCE = (
    Status.ENDED,
    Status.BANKRUPTCY,
    Status.WINDING_UP,
    Status.REVOKED,
    Status.SUSPENDED,
    Status.NOT_AT_ADDRESS,
)


class Act(StrEnum):
    """Acts whose permission depends on the legal status."""

    AMEND = "amend"
    SUSPEND = "suspend"
    RESUME = "resume"
    MARK_NOT_AT_ADDRESS = "mark_not_at_address"
    REVOKE = "revoke"
    START_WINDING_UP = "start_winding_up"
    START_BANKRUPTCY = "start_bankruptcy"
    END = "end"
    REORGANISE = "reorganise"
    OPEN_UNIT = "open_unit"


_ALIVE = frozenset(set(Status) - {Status.ENDED})
_FREE = frozenset({Status.OPERATING, Status.NOT_AT_ADDRESS})
_ALLOWED: dict[Act, frozenset[Status]] = {
    Act.AMEND: _FREE | {Status.SUSPENDED},
    Act.SUSPEND: _FREE | {Status.SUSPENDED},
    Act.RESUME: frozenset({Status.SUSPENDED}),
    Act.MARK_NOT_AT_ADDRESS: _ALIVE,
    Act.REVOKE: _ALIVE,
    Act.START_WINDING_UP: _FREE | {Status.SUSPENDED, Status.REVOKED},
    Act.START_BANKRUPTCY: _ALIVE,
    Act.END: frozenset({Status.WINDING_UP, Status.BANKRUPTCY}),
    Act.REORGANISE: _FREE | {Status.SUSPENDED, Status.WINDING_UP},
    Act.OPEN_UNIT: _FREE,
}


def status_of(facts: Collection[int]) -> Status:
    """Give the legal status that follows from the facts that hold on a day.

    Args:
        facts: codes 2 to 7 that hold; empty for an enterprise that simply operates.

    Source:
        Decree 168/2025/NĐ-CP art. 35 (seven statuses; status 3 only when none of 2, 4, 5, 6, 7
        holds); in force from 2025-07-01. The order among the others: no source found.
    """
    return next((status for status in _PRECEDENCE if status in facts), Status.OPERATING)


def require_act_allowed(act: Act, status: Status) -> None:
    """Refuse an act that the legal status does not allow.

    Raises:
        ActNotAllowedInStatus: the status forbids it.

    Source:
        Law on Enterprises 59/2020/QH14 arts 206-213 (suspension, dissolution, revocation: an
        enterprise that is wound up or revoked changes nothing but what leads to its end; one that
        ended does nothing). Clause by clause: no text at hand; the table is our reading.
    """
    if status not in _ALLOWED[act]:
        message = f"Legal status {status.value} does not allow this act."
        raise errors.ActNotAllowedInStatus.of_field(
            "enterprise_code", "status.act_allowed", message
        )


def require_suspension_period(starts_on: date, ends_on: date) -> None:
    """Refuse a suspension that does not end after it starts, or is longer than one notice allows.

    Args:
        starts_on: first day of the suspension.
        ends_on: first day after it.

    Raises:
        SuspensionTooLong: longer than a year, or empty.

    Source:
        Law on Enterprises 59/2020/QH14 art. 206; Decree 01/2021/NĐ-CP art. 66 cl. 1; see
        `legal.SUSPENSION_YEARS_MAX`.
    """
    longest = periods.anniversary(starts_on, legal.SUSPENSION_YEARS_MAX.value)
    if not starts_on < ends_on <= longest:
        message = "A suspension lasts at least a day and, by each notice, at most one year."
        raise errors.SuspensionTooLong.of_field("ends_on", "suspension.length", message)


def suspension_warnings(*, notified_on: date | None, starts_on: date) -> tuple[FieldProblem, ...]:
    """Say what is doubtful about the notice of a suspension; public holidays are not known here.

    Source:
        Law on Enterprises 59/2020/QH14 art. 206 cl. 1: three working days before; see
        `legal.SUSPENSION_NOTICE_DAYS`. Warns only: working days are counted without holidays.
    """
    if notified_on is None:
        message = "The day of the enterprise's notice is missing."
        return (FieldProblem("notified_on", "suspension.notice_missing", message),)
    if count_working_days(notified_on, starts_on) < legal.SUSPENSION_NOTICE_DAYS.value:
        message = "The notice came less than three working days before the suspension."
        return (FieldProblem("notified_on", "suspension.notice_late", message),)
    return ()


def count_working_days(since: date, until: date) -> int:
    """Count the days from Monday to Friday from a day up to the day before another.

    Source:
        none: Monday to Friday by custom of the administration; public holidays are not counted out.
    """
    days = (since + timedelta(days=i) for i in range((until - since).days))
    return sum(day.weekday() < _SATURDAY for day in days)
