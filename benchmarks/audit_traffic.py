"""Invented traffic of agencies, honest and not, written straight into the access log.

Offices work by day, a hospital in shifts, a tax system at night by itself; officers differ in how
much they ask and how often they mistype. Among it stand planted cases of each rule, drawn from
ranges that reach below what the rules can see: their numbers are not those of the rules.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from databases.sessions import Databases
from sharing_api.access_log import entries, repository
from sharing_api.access_log.entries import Entry
from sharing_api.agreements.life import working_days
from sharing_api.auditing.repository import officers as officer_repository
from sharing_api.auditing.repository.officers import Tie

WEEKS = 30
FIRST = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
_VIETNAM = timedelta(hours=7)
_BESIDE = 35_000
_LAW = "Decree 194/2025/NĐ-CP art. 16"
_USES = tuple((f"public_service.{name}", name) for name in ("birth_registration", "land_transfer"))
_NEEDED = {
    "birth_registration": ("ethnicity", "full_name", "nationality"),
    "land_transfer": ("date_of_birth", "full_name"),
}


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who asks; `rate` questions an hour, of which a share finds nobody."""

    agency: str
    client: str
    name: str
    rate: float
    missing: float
    own: bytes
    kin: bytes
    away: tuple[int, int] = (-1, -1)


@dataclass(slots=True)
class Line:
    """An entry to be written."""

    at: datetime
    agency: str
    client: str
    officer: str
    subject: bytes | None
    rule: str = "found"
    decision: str = "permitted"
    purpose: str = _USES[0][0]
    procedure: str = _USES[0][1]
    fields: tuple[str, ...] = _NEEDED["birth_registration"]
    is_planted: bool = False


@dataclass
class Traffic:
    """Draws traffic day by day.

    Args:
        size: about how many entries.
        cases: planted cases of each kind.
    """

    size: int
    seed: int
    cases: int = 20
    planted: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        # Ten officers at four questions an hour, 45 hours a week; beside them hospital and system.
        offices = max(2, round((self.size - _BESIDE) / (WEEKS * 45 * 10 * 4.3)))
        self.officers = [
            self._officer(f"H{office:02}", f"one-stop-{office}", number)
            for office in range(1, offices + 1)
            for number in range(10)
        ]
        self.shift = [self._officer("G18", "hospital", number) for number in range(6)]
        self._later: dict[int, list[Line]] = {}
        self._plant()

    def _tag(self) -> bytes:
        return self._random.randbytes(32)

    def _officer(self, agency: str, client: str, number: int) -> Officer:
        rng = self._random
        leave = rng.randrange(0, WEEKS * 7 - 60)
        return Officer(
            agency,
            client,
            f"cb-{number:02}",
            rate=rng.choice((2.0, 3.0, 4.0, 4.0, 5.0, 8.0)),
            missing=rng.choice((0.01, 0.02, 0.03, 0.05, 0.12)),
            own=self._tag(),
            kin=self._tag(),
            away=(leave, leave + rng.randrange(5, 45)) if rng.random() < 0.3 else (-1, -1),
        )

    def ties(self) -> list[Tie]:
        """List what agencies filed: officers and one of their kin each."""
        return [
            tie
            for one in (*self.officers, *self.shift)
            for tie in (
                Tie(one.own, one.agency, one.name, "self"),
                Tie(one.kin, one.agency, one.name, "father"),
            )
        ]

    def days(self) -> Iterator[list[Line]]:
        """Give the lines of each day in order of time."""
        for number in range(WEEKS * 7):
            day = FIRST + timedelta(days=number) - _VIETNAM
            lines = [*self._honest(number, day), *self._later.pop(number, ())]
            yield sorted(lines, key=lambda one: one.at)

    def _honest(self, number: int, day: datetime) -> Iterator[Line]:
        # Public holidays and days worked in exchange are facts of the calendar, as in the log.
        date_there = (day + _VIETNAM).date()
        is_workday = working_days.is_working_day(date_there, working_days.load_years())
        # Some days are busy for everybody: a deadline, the day after a holiday.
        busy = random.Random(self.seed * 1_000 + number).choice((0.8, 0.9, 1.0, 1.0, 1.1, 1.6))
        for one in self.officers if is_workday else ():
            if not one.away[0] <= number < one.away[1]:
                for hour in range(8, 17):
                    yield from self._hour(one, day + timedelta(hours=hour), one.rate * busy)
        for place, one in enumerate(self.shift):
            for hour in range(24):
                if (hour // 8 + number) % 3 == place % 3:
                    yield from self._hour(one, day + timedelta(hours=hour), 1.5)
        if is_workday:  # a system by itself, at night and evenly
            for step in range(80):
                at = day + timedelta(hours=22, seconds=40 * step)
                yield Line(at, "G12.18", "tax-audit", "", self._tag(), procedure="")

    def _hour(self, one: Officer, start: datetime, rate: float) -> Iterator[Line]:
        rng = self._random
        at = start + timedelta(seconds=rng.expovariate(rate / 3_600))
        while at < start + timedelta(hours=1):
            purpose, procedure = rng.choice(_USES)
            rule, decision = "found", "permitted"
            chance = rng.random()
            if chance < one.missing:
                rule = "not_found"
            elif chance < one.missing + 0.01:
                rule, decision = "field.not_granted", "refused"
            yield Line(
                at, one.agency, one.client, one.name, self._tag(), rule, decision,
                purpose, procedure,
                _NEEDED[procedure] if rule == "found" else (),
            )  # fmt: skip
            at += timedelta(seconds=rng.expovariate(rate / 3_600))

    def _plant(self) -> None:
        kinds = (
            ("self_look_up", self._self),
            ("relative", self._relative),
            ("colleague", self._colleague),
            ("out_of_hours", self._night),
            ("enumeration", self._misses),
            ("enumeration", self._rhythm),
            ("enumeration", self._breadth),
            ("refused_burst", self._refused),
            ("purpose_against_procedure", self._pair),
            ("purpose_against_procedure", self._form),
            ("dormant_account", self._dormant),
            ("volume", self._volume),
        )
        for rule, plant in kinds:
            for _ in range(max(1, self.cases // sum(one == rule for one, _ in kinds))):
                one = self._random.choice(self.officers)
                number = 7 * self._random.randrange(15, WEEKS) + self._random.randrange(5)
                start = (
                    FIRST - _VIETNAM + timedelta(days=number, hours=self._random.randrange(8, 17))
                )
                lines = plant(one, start)
                self._later.setdefault(number, []).extend(lines)
                key = (one.agency, "" if rule == "volume" else lines[0].officer)
                self.planted.setdefault(rule, set()).add(key)

    def _line(self, one: Officer, at: datetime, **changes: object) -> Line:
        line = Line(at, one.agency, one.client, one.name, self._tag(), is_planted=True)
        for name, value in changes.items():
            setattr(line, name, value)
        return line

    def _within(self, start: datetime) -> datetime:
        return start + timedelta(seconds=self._random.uniform(0, 3_599))

    def _self(self, one: Officer, start: datetime) -> list[Line]:
        return [self._line(one, self._within(start), subject=one.own)]

    def _relative(self, one: Officer, start: datetime) -> list[Line]:
        return [self._line(one, self._within(start), subject=one.kin)]

    def _colleague(self, one: Officer, start: datetime) -> list[Line]:
        others = [o for o in self.officers if o.agency == one.agency and o.name != one.name]
        return [self._line(one, self._within(start), subject=self._random.choice(others).own)]

    def _night(self, one: Officer, start: datetime) -> list[Line]:
        night = start.replace(hour=0) + timedelta(hours=self._random.choice((12, 13, 14, 16, 20)))
        return [self._line(one, self._within(night)) for _ in range(self._random.randint(1, 5))]

    def _misses(self, one: Officer, start: datetime) -> list[Line]:
        share = self._random.uniform(0.25, 0.98)
        return [
            self._line(
                one,
                self._within(start),
                rule="not_found" if self._random.random() < share else "found",
            )
            for _ in range(self._random.randint(20, 200))
        ]

    def _rhythm(self, one: Officer, start: datetime) -> list[Line]:
        count, jitter = self._random.randint(60, 400), self._random.uniform(0.0, 0.3)
        step = 3_400 / count
        return [
            self._line(
                one, start + timedelta(seconds=step * (n + self._random.gauss(0, jitter / 2)))
            )
            for n in range(1, count + 1)
        ]

    def _breadth(self, one: Officer, start: datetime) -> list[Line]:
        return [self._line(one, self._within(start)) for _ in range(self._random.randint(40, 250))]

    def _refused(self, one: Officer, start: datetime) -> list[Line]:
        refused = {"rule": "field.not_granted", "decision": "refused", "fields": ()}
        return [
            self._line(one, self._within(start), **refused)
            for _ in range(self._random.randint(12, 150))
        ]

    def _pair(self, one: Officer, start: datetime) -> list[Line]:
        return [
            self._line(one, self._within(start), purpose=_USES[1][0], fields=("full_name",))
            for _ in range(self._random.randint(1, 3))
        ]

    def _form(self, one: Officer, start: datetime) -> list[Line]:
        fields = ("full_name", self._random.choice(("religion", "blood_group", "relations")))
        return [self._line(one, self._within(start), fields=fields)]

    def _dormant(self, one: Officer, start: datetime) -> list[Line]:
        name = f"old-{self._random.randrange(10**6)}"
        back = timedelta(days=self._random.randint(80, 104))
        number = (start - back + _VIETNAM - FIRST).days
        first = self._line(one, start - back, officer=name, is_planted=False)
        if first.at.weekday() > 4:  # honest then: on a workday
            first.at -= timedelta(days=2)
            number -= 2
        self._later.setdefault(number, []).append(first)
        return [self._line(one, self._within(start), officer=name)]

    def _volume(self, one: Officer, start: datetime) -> list[Line]:
        several = [o for o in self.officers if o.agency == one.agency]
        return [
            self._line(self._random.choice(several), self._within(start))
            for _ in range(self._random.randint(60, 400))
        ]


def write(databases: Databases, traffic: Traffic) -> tuple[int, set[uuid.UUID]]:
    """Write traffic into the log; give how many entries, and which of them were planted."""
    ties = traffic.ties()
    with databases.writing("exchange") as session:
        officer_repository.replace_ties(session, [("-", "-")], ties)
    count, planted = 0, set()
    for lines in traffic.days():
        made = [_entry(line) for line in lines]
        planted |= {e.entry_id for e, line in zip(made, lines, strict=True) if line.is_planted}
        with databases.committing("exchange") as connection:
            repository.append(connection, made, [entries.leaf_hash(one) for one in made])
        count += len(made)
    return count, planted


def _entry(line: Line) -> Entry:
    answer_id = entries.new_answer_id(line.at)
    return Entry(
        entry_id=answer_id,
        answer_id=answer_id,
        logged_at=line.at,
        agency=line.agency,
        client=line.client,
        officer=line.officer,
        subject_tag=line.subject,
        dataset="population/citizen",
        operation="look-up",
        purpose=line.purpose,
        legal_basis=_LAW,
        procedure=line.procedure,
        case_reference="",
        agreement_hash="",
        decision=line.decision,
        rule=line.rule,
        fields=tuple(sorted(line.fields)) if line.rule == "found" else (),
        request_hash=bytes(32),
        answer_hash=bytes(32),
        register_change=1,
        valid_on=date(2026, 1, 5),
        transport={},
    )
