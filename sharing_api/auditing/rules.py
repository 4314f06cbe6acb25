"""All rules of the auditor: what each looks for, why, how grave it is, by which numbers. Pure.

The numbers are set from what the words of a rule mean, before anything was measured; how well they
do on cases planted without regard to them is printed by `benchmarks/anomalies.py`.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sharing_api.agreements.values import Fit
from sharing_api.auditing.values import (
    Figures,
    Hour,
    Part,
    Past,
    Selection,
    Severity,
    Signal,
    Volume,
)

_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_MONITORING = (
    "Decree 356/2025/NĐ-CP art. 9: continuous monitoring of access, detection of what is unusual"
)
_PURPOSE = "Law 91/2025/QH15 art. 3: personal data are used for the stated purpose only"
_HOUR = timedelta(hours=1)
_MAD = 1.4826  # makes the median deviation of a normal distribution its standard deviation


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        reason: what an entry that it finds may be a sign of, in words.
        source: why it is looked for.
        numbers: by which it decides.
    """

    name: str
    severity: Severity
    reason: str
    source: str
    numbers: Mapping[str, float]


SELF = Rule("self_look_up", _HIGH, "an officer asked about themselves", _PURPOSE, {})
RELATIVE = Rule("relative", _HIGH, "an officer asked about kin", _PURPOSE, {})
COLLEAGUE = Rule(
    "colleague", _MEDIUM, "an officer asked about somebody of the same agency", _PURPOSE, {}
)
PROTECTED = Rule(
    "protected_person", _HIGH, "somebody asked about a person under protection", _PURPOSE, {}
)
OUT_OF_HOURS = Rule(
    "out_of_hours", _LOW, "an officer asked when the office was closed", _MONITORING,
    # A system of which so large a part works out of hours works in shifts.
    {"usual_share": 0.10, "weeks": 8},
)  # fmt: skip
ENUMERATION = Rule(
    "enumeration", _HIGH, "numbers are tried, or people are gone through one by one", _MONITORING,
    {
        # Of numbers on paper few are mistyped; of numbers made up most belong to nobody.
        "missed": 20, "missed_share": 0.30,
        # People pause unevenly: their intervals scatter about as much as they last.
        "answers": 60, "spread": 0.20,
        "subjects": 60, "times_usual": 6, "past_hours": 20,
    },
)  # fmt: skip
REFUSED_BURST = Rule(
    "refused_burst", _MEDIUM, "many questions of an hour were refused: rights are probed",
    _MONITORING, {"refused": 20, "refused_share": 0.50},
)  # fmt: skip
PURPOSE = Rule(
    "purpose_against_procedure", _MEDIUM,
    "more was asked than the named procedure needs, or purpose and procedure never go together",
    _PURPOSE, {"known": 200, "rare_share": 0.005, "rare": 3},
)  # fmt: skip
DORMANT = Rule(
    "dormant_account", _MEDIUM, "an account that was silent for long asks again", _MONITORING,
    {"days": 90},
)  # fmt: skip
VOLUME = Rule(
    "volume", _MEDIUM, "an agency asks far more than in the same hour of former weeks",
    _MONITORING, {"entries": 50, "weeks": 12, "fewest_weeks": 6, "deviations": 8},
)  # fmt: skip
RULES: tuple[Rule, ...] = (
    SELF, RELATIVE, COLLEAGUE, PROTECTED, OUT_OF_HOURS, ENUMERATION, REFUSED_BURST, PURPOSE,
    DORMANT, VOLUME,
)  # fmt: skip
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


def may_be_enumeration(hour: Hour) -> bool:
    """Test whether an hour is worth a look at the past: nearly all are not."""
    return hour.subjects >= ENUMERATION.numbers["subjects"]


def judge_hour(hour: Hour, past: Past) -> Iterable[Signal]:
    """Judge what an officer or system did in an hour."""
    yield from _enumeration(hour, past)
    numbers = REFUSED_BURST.numbers
    is_refused = hour.refused >= numbers["refused"]
    if is_refused and hour.refused >= numbers["refused_share"] * hour.entries:
        yield _of_hour(
            REFUSED_BURST, hour, hour.refused,
            {"refused": hour.refused, "of": hour.entries}, part="refused",
        )  # fmt: skip
    if hour.officer and hour.outside and past.outside_share < OUT_OF_HOURS.numbers["usual_share"]:
        figures = {"outside": hour.outside, "usual_share": round(past.outside_share, 4)}
        yield _of_hour(OUT_OF_HOURS, hour, hour.outside, figures, part="outside")


def _enumeration(hour: Hour, past: Past) -> Iterable[Signal]:
    numbers = ENUMERATION.numbers
    if hour.missed >= max(numbers["missed"], numbers["missed_share"] * hour.entries):
        figures: Figures = {"sign": "misses", "missed": hour.missed, "of": hour.entries}
        yield _of_hour(ENUMERATION, hour, hour.missed, figures, part="missed")
        return
    spread = _spread(hour)
    is_even = hour.answers >= numbers["answers"] and spread <= numbers["spread"]
    if hour.officer and is_even and hour.subjects >= numbers["subjects"]:
        figures = {"sign": "rhythm", "spread": round(spread, 3), "answers": hour.answers}
        yield _of_hour(ENUMERATION, hour, hour.entries, figures)
        return
    is_known = past.hours >= numbers["past_hours"]
    usual = numbers["times_usual"] * past.median_subjects
    if hour.officer and is_known and hour.subjects >= max(numbers["subjects"], usual):
        figures = {"sign": "breadth", "subjects": hour.subjects, "usual": past.median_subjects}
        yield _of_hour(ENUMERATION, hour, hour.entries, figures)


def _spread(hour: Hour) -> float:
    """Give the coefficient of variation of the intervals; infinite where there are too few."""
    if hour.gaps < 2 or hour.gap_sum <= 0:
        return math.inf
    mean = hour.gap_sum / hour.gaps
    return math.sqrt(max(0.0, hour.gap_squares / hour.gaps - mean * mean)) / mean


def _of_hour(
    rule: Rule,
    hour: Hour,
    entries: int,
    figures: Figures,
    part: Part = "all",
) -> Signal:
    return Signal(
        rule=rule.name,
        agency=hour.agency,
        client=hour.client,
        officer=hour.officer,
        first_at=hour.hour_at,
        last_at=hour.hour_at + _HOUR,
        entries=entries,
        figures=figures,
        selection=Selection(hour.agency, hour.client, hour.officer, hour.hour_at, part=part),
    )


def judge_fit(purpose: str, fits: Sequence[Fit], on: date) -> Figures | None:
    """Judge whether a purpose is one of those that the named procedure has.

    Args:
        fits: what is known of the procedure; nothing: it may have any.
    """
    known = [
        one for one in fits if one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
    ]
    if not known or any(purpose in one.purposes for one in known):
        return None
    return {"sign": "purpose", "fitting": ", ".join(sorted(known[-1].purposes))}


def judge_use(
    purpose: str, procedure: str, counts: Mapping[tuple[str, str], int]
) -> Figures | None:
    """Judge whether an agency names a purpose and a procedure together that never go together.

    Args:
        counts: (purpose, procedure) → answers of the agency since ever, those judged included.
    """
    numbers = PURPOSE.numbers
    of_purpose = sum(number for (one, _), number in counts.items() if one == purpose)
    of_procedure = sum(number for (_, one), number in counts.items() if one == procedure)
    together = counts.get((purpose, procedure), 0)
    fewer = min(of_purpose, of_procedure) - together
    if fewer < numbers["known"]:
        return None
    rare = max(numbers["rare"], numbers["rare_share"] * fewer)
    return {"sign": "pair", "together": together, "apart": fewer} if together <= rare else None


def judge_form(
    dataset: str, fields: Iterable[str], form: Mapping[str, frozenset[str]] | None
) -> Figures | None:
    """Judge whether more was asked than the form of the named procedure needs.

    Args:
        form: dataset → fields that the form is filled from; None: the procedure is not known.
    """
    if form is None:
        return None
    beyond = sorted(set(fields) - form.get(dataset, frozenset()))
    return {"sign": "form", "beyond": ", ".join(beyond)} if beyond else None


def judge_silence(hours: Sequence[Hour], last_at: datetime | None) -> Iterable[Signal]:
    """Judge the hours of one account, in order, by how long it was silent before each.

    Args:
        last_at: hour in which it was active before; None: never, which is no silence.
    """
    for hour in hours:
        days = (hour.hour_at - last_at).days if last_at is not None else 0
        if days >= DORMANT.numbers["days"]:
            yield _of_hour(DORMANT, hour, hour.entries, {"silent_days": days})
        last_at = hour.hour_at


def judge_volume(volume: Volume) -> Signal | None:
    """Judge how much an agency asked in an hour against the same hour of former weeks.

    Median and median absolute deviation: former bursts do not hide the next one. The deviation is
    never taken for less than that of a Poisson process of the same median.
    """
    numbers = VOLUME.numbers
    if volume.entries < numbers["entries"] or len(volume.before) < numbers["fewest_weeks"]:
        return None
    median = statistics.median(volume.before)
    scatter = _MAD * statistics.median(abs(one - median) for one in volume.before)
    deviation = max(scatter, math.sqrt(median), 1.0)
    if volume.entries < median + numbers["deviations"] * deviation:
        return None
    return Signal(
        rule=VOLUME.name,
        agency=volume.agency,
        client="",
        officer="",
        first_at=volume.hour_at,
        last_at=volume.hour_at + _HOUR,
        entries=volume.entries,
        figures={
            "entries": volume.entries,
            "usual": median,
            "deviation": round(deviation, 2),
            "weeks": len(volume.before),
        },
        selection=Selection(volume.agency, hour_at=volume.hour_at),
    )
