"""Links between the registers of a sample country: found, incremental, decided, calibrated."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from databases.changes.ledger import Act
from databases.code_lists import reading
from databases.identifiers import Sex
from databases.periods import PartialDate
from population import service
from population.values import MergeDecision, Person, PersonName, ResidenceKind
from sample_country import country
from sharing_api import errors as exchange_errors
from sharing_api import tables
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.links import errors, sampling, sources
from sharing_api.links.repository import calibrations
from sharing_api.links.repository.links import Wanted
from sharing_api.links.reviewing import Reviewer
from sharing_api.links.running import Linkage, Run
from sharing_api.links.sampling import Sampler
from sharing_api.links.sealing import Sealer
from sharing_api.links.values import Link, Shown, State, Verdict
from sharing_api.matching import model
from tests.conftest import read_clock
from tests.factories import population as factory
from tests.integration.sharing_api.conftest import SEED, SIZE
from tests.integration.sharing_api.test_in_house import LAW, list_entries

ERRAND = Errand("linking", "cb-01", "registers.linkage", LAW, "match run")
ACT = Act("test.recorded", read_clock(), "tester", "a test", "none", "invented")
MODEL = model.read_model(model.CURRENT)
PLANTED = {
    "insurance.birth_swapped": "insurance.person",
    "insurance.number_missing": "insurance.person",
    "insurance.two_numbers": "insurance.person",
    "land.number_mistyped": "land.person",
    "land.number_cancelled": "land.person",
    "land.name_unaccented": "land.person",
    "insurance.employer_mistyped": "insurance.enterprise",
}


@pytest.fixture(scope="module")
def linkage(corridor: Corridor, tmp_path_factory: pytest.TempPathFactory) -> Linkage:
    home = tmp_path_factory.mktemp("links")
    return Linkage(corridor, ERRAND, read_clock, MODEL, home, page=300)


def run(linkage: Linkage) -> Run:
    return linkage.run(sources.COMPARISONS, lambda *_: None)


@pytest.fixture(scope="module")
def first(linkage: Linkage) -> Run:
    return run(linkage)


def reviewer(corridor: Corridor, officer: str = "cb-01") -> Reviewer:
    return Reviewer(corridor, dataclasses.replace(ERRAND, officer=officer), read_clock)


def listed(corridor: Corridor, comparison: str, state: State | None = None) -> list[Link]:
    return list(reviewer(corridor).list(Wanted(comparison, state), limit=10_000))


def keys_of(corridor: Corridor, link: Link) -> tuple[str, str]:
    return reviewer(corridor).show(link.link_id).keys


def find(corridor: Corridor, comparison: str, key: str) -> Link:
    """Find a link by the key of one of its records."""
    sealer = Sealer(corridor.subject_key)
    return next(
        one
        for one in listed(corridor, comparison)
        if key in {sealer.open_key(side.sealed_key)[0] for side in (one.left, one.right)}
    )


def rows(corridor: Corridor, name: str) -> list[dict[str, Any]]:
    table = tables.metadata.tables[f"exchange.{name}"]
    with corridor.databases.reading("exchange") as session:
        found = session.execute(select(table).order_by(*table.primary_key))
        return [dict(row) for row in found.mappings()]


class TestRun:
    def test_finds_every_planted_pair_and_links_next_to_nobody_else(
        self, corridor: Corridor, first: Run
    ) -> None:
        drawn = country.generate(reading.load_catalogue(), size=SIZE, seed=SEED)
        sealer = Sealer(corridor.subject_key)
        pairs: dict[str, set[tuple[str, str]]] = {}
        for name in {*PLANTED.values()}:
            pairs[name] = {
                (sealer.open_key(one.left.sealed_key)[0], sealer.open_key(one.right.sealed_key)[0])
                for one in listed(corridor, name)
            }

        planted = [one for one in drawn.planted if one.kind in PLANTED]
        missed = [
            one
            for one in planted
            if one.other_record not in {right for _, right in pairs[PLANTED[one.kind]]}
            or (
                one.register == "insurance"
                and (one.record, one.other_record) not in pairs[PLANTED[one.kind]]
            )
        ]
        mistyped = {one.kind for one in planted if one.register == "land"}
        others = {(left, right) for left, right in pairs["land.person"] if left != right}
        assert len({one.kind for one in planted}) >= 5
        assert missed == []
        assert len(others) <= 3 * len(mistyped)

    def test_proposes_few_duplicates_and_joins_none_by_itself(
        self, corridor: Corridor, first: Run
    ) -> None:
        found = listed(corridor, "population.duplicates")

        assert len(found) < SIZE // 100
        assert {one.state for one in found} <= {State.REVIEW}

    def test_the_second_time_reads_and_judges_nothing(
        self, linkage: Linkage, corridor: Corridor, first: Run
    ) -> None:
        before = [rows(corridor, name) for name in ("link", "link_event", "link_member")]

        again = run(linkage)

        assert first.records > SIZE
        assert (again.records, again.links) == (0, 0)
        assert [rows(corridor, name) for name in ("link", "link_event", "link_member")] == before

    def test_keeps_nothing_that_names_anybody(self, corridor: Corridor, first: Run) -> None:
        written = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for name in ("link_mention", "link_cursor", "link", "link_event", "link_likeness")
            for row in rows(corridor, name)
            for value in row.values()
        )
        with corridor.databases.reading("population") as session:
            names = session.execute(text("SELECT pin, full_name FROM population.person LIMIT 300"))
            told = [value for row in names for value in row]

        assert len(written) > 100_000
        assert [one for one in told if one.encode() in written] == []

    def test_has_a_permanent_entity_for_the_records_that_hold_together(
        self, corridor: Corridor, first: Run
    ) -> None:
        members = {
            bytes(one["mention_tag"]): one["entity_id"] for one in rows(corridor, "link_member")
        }

        holding = [
            one for one in rows(corridor, "link") if one["state"] in ("automatic", "accepted")
        ]

        assert holding
        assert all(
            members[bytes(one["left_tag"])] == members[bytes(one["right_tag"])] for one in holding
        )
        events = {one["link_id"]: one for one in rows(corridor, "link_event")}
        assert all(events[one["link_id"]]["entity_id"] for one in holding)


class TestIncremental:
    def test_judges_again_what_changed_under_the_same_number(
        self, linkage: Linkage, corridor: Corridor, first: Run
    ) -> None:
        link = listed(corridor, "insurance.person", State.AUTOMATIC)[3]
        _, pin = keys_of(corridor, link)
        with corridor.databases.writing("population") as session:
            service.correct_item(session, act=ACT, pin=pin, item="mobile_no", value="0911222333")

        again = run(linkage)

        now = next(
            one for one in listed(corridor, "insurance.person") if one.link_id == link.link_id
        )
        assert 0 < again.records < 30
        assert again.links < 60
        assert now.right.change > link.right.change
        assert now.right.content_tag != link.right.content_tag
        assert now.state is State.AUTOMATIC

    def test_supersedes_a_link_whose_record_went_and_finds_it_again(
        self, linkage: Linkage, corridor: Corridor, first: Run
    ) -> None:
        twin, original = twins(corridor, 701)
        run(linkage)
        link = find(corridor, "population.duplicates", twin)
        with corridor.databases.writing("population") as session:
            service.merge_persons(
                session, act=ACT, surviving=original, absorbed=twin,
                decision=MergeDecision("QĐ-1", "a certificate", "cb-01", "cb-02"), on=factory.ON,
            )  # fmt: skip

        run(linkage)
        merged = find(corridor, "population.duplicates", twin)
        with corridor.databases.writing("population") as session:
            service.unmerge_persons(session, act=ACT, absorbed=twin)
        run(linkage)
        parted = find(corridor, "population.duplicates", twin)

        assert [one.state for one in (link, merged, parted)] == [
            State.REVIEW, State.SUPERSEDED, State.REVIEW,
        ]  # fmt: skip
        assert link.link_id == merged.link_id == parted.link_id
        steps = [
            (one.from_state, one.to_state) for one in reviewer(corridor).show(link.link_id).history
        ]
        assert steps == [("", "review"), ("review", "superseded"), ("superseded", "review")]


class TestReview:
    def test_shows_both_records_and_leaves_an_entry_for_each(
        self, corridor: Corridor, first: Run
    ) -> None:
        link = listed(corridor, "insurance.person")[0]
        mark = len(list_entries(corridor))

        shown = reviewer(corridor).show(link.link_id)

        entries = list_entries(corridor)[mark:]
        assert {one["dataset"] for one in entries} >= {
            "insurance/participant", "population/identity_history",
        }  # fmt: skip
        assert all(one["subject_tag"] is not None for one in entries)
        assert {one["officer"] for one in entries} == {"cb-01"}
        assert shown.fields[0]["full_name"]
        assert shown.fields[1]["full_name"]
        assert shown.changed == ({}, {})

    def test_shows_nothing_that_cannot_be_logged(
        self, corridor: Corridor, first: Run, without_log: Callable[[], None]
    ) -> None:
        link = listed(corridor, "insurance.person")[0]
        without_log()

        with pytest.raises(exchange_errors.LogUnavailable):
            reviewer(corridor).decide(link.link_id, Verdict.ACCEPT, "as I see it")
        assert listed(corridor, "insurance.person")[0].state is link.state

    def test_is_refused_to_a_system_without_agreement(self, corridor: Corridor, first: Run) -> None:
        link = listed(corridor, "insurance.person")[0]
        stranger = dataclasses.replace(ERRAND, client="hospital")

        with pytest.raises(exchange_errors.AgreementRefuses):
            Reviewer(corridor, stranger, read_clock).show(link.link_id)

    def test_undoes_and_accepts_with_entities_parted_and_joined(
        self, linkage: Linkage, corridor: Corridor, first: Run
    ) -> None:
        link = listed(corridor, "finance.person", State.AUTOMATIC)[0]
        before = entity_of(corridor, link.left.tag)

        undone = reviewer(corridor, "cb-07").decide(link.link_id, Verdict.UNDO, "two people")
        apart = entity_of(corridor, link.left.tag), entity_of(corridor, link.right.tag)
        run(linkage)
        stays = find_number(corridor, link)
        accepted = reviewer(corridor).decide(link.link_id, Verdict.ACCEPT, "one after all")

        assert undone.link.state is State.UNDONE
        assert apart[0] is None or apart[0] != apart[1]
        assert stays.state is State.UNDONE
        assert accepted.link.state is State.ACCEPTED
        assert entity_of(corridor, link.left.tag) == entity_of(corridor, link.right.tag)
        assert [one.officer for one in accepted.history][-2:] == ["cb-07", "cb-01"]
        assert before is not None

    def test_meets_a_record_that_changed_since(
        self, linkage: Linkage, corridor: Corridor, first: Run
    ) -> None:
        link = listed(corridor, "insurance.person", State.AUTOMATIC)[9]
        _, pin = keys_of(corridor, link)
        with corridor.databases.writing("population") as session:
            service.correct_item(session, act=ACT, pin=pin, item="mobile_no", value="0911222444")

        with pytest.raises(errors.RecordChanged) as refused:
            reviewer(corridor).decide(link.link_id, Verdict.REJECT, "not the same")
        run(linkage)
        rejected = reviewer(corridor).decide(link.link_id, Verdict.REJECT, "not the same")

        assert [one.field for one in refused.value.fields] == ["right.telephone"]
        assert "0911222444" not in str(refused.value.fields)
        changed = changes(refused.value.shown)
        assert changed["telephone"][1][0] == "0911222444"
        assert rejected.link.state is State.REJECTED
        reviewer(corridor).decide(link.link_id, Verdict.UNDO, "back")

    def test_of_one_person_twice_takes_two_officers(
        self, linkage: Linkage, corridor: Corridor, first: Run
    ) -> None:
        twin, original = twins(corridor, 702)
        run(linkage)
        link = find(corridor, "population.duplicates", twin)

        once = reviewer(corridor, "cb-01").decide(link.link_id, Verdict.ACCEPT, "one person")
        with pytest.raises(errors.OtherReviewerNeeded):
            reviewer(corridor, " CB-01").decide(link.link_id, Verdict.ACCEPT, "one person")
        with pytest.raises(errors.NotAProposal):
            reviewer(corridor).propose(link.link_id, original)
        twice = reviewer(corridor, "cb-02").decide(link.link_id, Verdict.ACCEPT, "I agree")
        proposal = reviewer(corridor).propose(link.link_id, original)

        assert (once.link.state, once.link.first_reviewer) == (State.REVIEW, "cb-01")
        assert twice.link.state is State.ACCEPTED
        assert (proposal.absorbed, proposal.reviewers) == (twin, ("cb-01", "cb-02"))
        assert twin not in proposal.evidence

    @pytest.mark.parametrize(
        ("number", "verdict", "reason", "error"),
        [
            (10**9, Verdict.ACCEPT, "why", errors.LinkNotFound),
            (None, Verdict.ACCEPT, "  ", errors.ReasonMissing),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self,
        corridor: Corridor,
        first: Run,
        number: int | None,
        verdict: Verdict,
        reason: str,
        error: type[Exception],
    ) -> None:
        link_id = number or listed(corridor, "land.person")[0].link_id

        with pytest.raises(error):
            reviewer(corridor).decide(link_id, verdict, reason)


class TestCalibration:
    def test_sets_the_threshold_of_the_next_run(
        self, linkage: Linkage, corridor: Corridor, first: Run, tmp_path: Path
    ) -> None:
        sampler = Sampler(corridor, ERRAND, read_clock, MODEL)
        comparison = sources.get_comparison("enterprise.person")
        drawn = list(sampler.draw(comparison, 10_000, seed=1))
        written = sampling.write_sample(drawn)
        assert written.splitlines()[0].endswith(",same")
        assert "bits" not in written

        few = label(written, 20)
        _, short = sampler.read(few, 0.999)
        name, whole = sampler.read(label(written), 0.999)
        run(linkage)

        assert short.chosen is None
        assert short.missing is not None
        assert short.missing > 1_000
        assert name == comparison.name
        assert whole.chosen is not None
        assert whole.chosen.bound == 1.0
        found = listed(corridor, comparison.name)
        assert {one.state for one in found} == {State.AUTOMATIC}
        with corridor.databases.reading("exchange") as session:
            assert calibrations.find_threshold(
                session, comparison.name, MODEL.version
            ) == pytest.approx(whole.chosen.weight)

    def test_leaves_an_entry_for_each_record_of_the_sample(
        self, corridor: Corridor, first: Run
    ) -> None:
        sampler = Sampler(corridor, ERRAND, read_clock, MODEL)
        mark = len(list_entries(corridor))

        drawn = list(sampler.draw(sources.get_comparison("land.enterprise"), 3, seed=1))

        entries = list_entries(corridor)[mark:]
        assert len(drawn) == 3
        assert len([one for one in entries if one["dataset"] == "land/holding"]) == 3


def label(written: str, most: int = 10**6) -> bytes:
    """Answer that all links of a sample are right."""
    head, *lines = written.splitlines()
    answered = [line + ("1" if number < most else "") for number, line in enumerate(lines)]
    return "\n".join([head, *answered]).encode()


def changes(shown: Shown) -> dict[str, Any]:
    return {name: pair for side in shown.changed for name, pair in (side or {}).items()}


def entity_of(corridor: Corridor, tag: bytes) -> int | None:
    members = {bytes(one["mention_tag"]): one["entity_id"] for one in rows(corridor, "link_member")}
    return members.get(tag)


def find_number(corridor: Corridor, link: Link) -> Link:
    return next(one for one in listed(corridor, link.comparison) if one.link_id == link.link_id)


def twins(corridor: Corridor, number: int) -> tuple[str, str]:
    """Enter somebody twice: the second time with a slip in the number."""
    name = PersonName(f"Đặng Thị Sóc{number}", "Đặng", "Thị", f"Sóc{number}")
    pins = []
    with corridor.databases.writing("population") as session:
        for place in (number, number + 10_000):
            person = Person(
                factory.make_pin(place, "1988-11-23", Sex.FEMALE),
                name,
                PartialDate.parse("1988-11-23"),
                Sex.FEMALE,
                mobile_no=f"09{number:08d}",
            )
            pins.append(service.register_person(session, act=ACT, person=person, on=factory.ON).key)
            service.register_residence(
                session, act=ACT, pin=pins[-1], kind=ResidenceKind.PERMANENT,
                address=factory.VILLAGE, start=factory.ON,
            )  # fmt: skip
    return pins[1], pins[0]
