"""Two records of one person: merged by an act, found under both numbers, parted byte for byte."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import states, versions
from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from population import errors, service, tables
from population.values import (
    AliasReason,
    KinRole,
    Member,
    MergeDecision,
    RelationToHead,
    Relative,
    ResidenceKind,
)
from tests.factories import population as factory
from tests.integration.population.reading import read

ON = factory.ON
DECISION = MergeDecision("QĐ-17/2026", "same birth certificate", "cb-01", "cb-02")
PERMANENT, CURRENT = ResidenceKind.PERMANENT, ResidenceKind.CURRENT


def dump(session: Session) -> bytes:
    found = versions.list_tables(tables.metadata)
    return b"".join(
        f"{table.name}\n".encode() + b"".join(states.dump(session, table)) for table in found
    )


def live(
    session: Session, act: Act, pin: str, start: date, kind: ResidenceKind = PERMANENT
) -> None:
    service.register_residence(
        session, act=act, pin=pin, kind=kind, address=factory.VILLAGE, start=start
    )


def merge(session: Session, act: Act, surviving: str, absorbed: str, **changes: Any) -> Any:
    given = {"decision": DECISION, "on": ON, **changes}
    return service.merge_persons(session, act=act, surviving=surviving, absorbed=absorbed, **given)


def days_of(session: Session, table: Any, **key: Any) -> list[tuple[date | None, date | None]]:
    rows = versions.list_current(session, table, key)
    return [(row["valid"].lower, row["valid"].upper) for row in rows]


@pytest.fixture
def twice(session: Session, act: Act) -> tuple[str, str, str, str]:
    """Somebody entered twice: with homes, card, kin, household and a former number.

    Returns:
        the surviving number, the absorbed one, the wife of both, the father that only one has.
    """
    man, wife = factory.register_couple(session, act)
    father = factory.register(session, act, 3, "1960-01-01")
    second = factory.register(session, act, 4, old_id_9="012345678")
    again = service.reestablish_number(
        session,
        act=act,
        pin=second,
        new_pin=factory.make_pin(44),
        reason=AliasReason.ENTRY_ERROR,
        decided_on=ON,
    ).key
    live(session, act, man, date(2020, 1, 1))
    live(session, act, again, date(2010, 1, 1))
    live(session, act, again, date(2015, 1, 1), CURRENT)
    service.register_relative(
        session,
        act=act,
        pin=again,
        relative=Relative(KinRole.FATHER, father),
        start=date(1990, 5, 6),
    )
    service.register_relative(
        session,
        act=act,
        pin=again,
        relative=Relative(KinRole.CHILD, full_name="Hoàng Thị Vắng"),
        start=date(2012, 1, 1),
    )
    service.register_identity_card(
        session,
        act=act,
        pin=again,
        card_type="CCCD_CHIP",
        issued_on=date(2021, 5, 5),
        issued_by="Cục Thử",
    )
    service.register_household(
        session,
        act=act,
        household_id="H1",
        address=factory.CITY,
        members=[Member(again, RelationToHead.HEAD), Member(father, RelationToHead.PARENT)],
        start=date(2016, 1, 1),
    )
    return man, again, wife, father


class TestMerge:
    def test_leads_every_number_to_the_survivor(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice

        done = merge(session, act, man, again)

        assert done.key == man
        for number in (again, factory.make_pin(4), man):
            assert read(session, number, "pin") == man
        assert versions.list_current(session, tables.person, {"pin": again}) == []

    def test_carries_over_what_the_survivor_has_not(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, wife, father = twice

        merge(session, act, man, again)

        record = read(session, man, "old_id_9", "id_card", "relations", "household")
        assert record["old_id_9"] == "012345678"
        assert record["id_card"]["issued_on"] == "2021-05-05"
        assert record["household"]["household_no"] == "H1"
        kin = {(one["role"], one["pin"], one["name"]["full"]) for one in record["relations"]}
        assert {role for role, _, _ in kin} == {"FATHER", "SPOUSE", "CHILD"}
        assert {pin for _, pin, _ in kin} == {father, wife, None}
        assert [one["pin"] for one in read(session, father, "relations")] == [man]
        own = {"pin": man, "kind": "current"}
        assert days_of(session, tables.residence, **own) == [(date(2015, 1, 1), None)]

    def test_leaves_the_survivors_own_and_keeps_the_other_in_history(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice

        done = merge(session, act, man, again)

        assert days_of(session, tables.residence, pin=man, kind="permanent") == [
            (date(2010, 1, 1), date(2020, 1, 1)),
            (date(2020, 1, 1), None),
        ]
        assert [(one.field, one.rule) for one in done.warnings] == [
            ("residence", "merge.left_in_history")
        ]
        before = read(session, again, "permanent_residence", change=done.change - 1)
        assert before["street"] == factory.VILLAGE.street

    def test_keeps_a_relation_that_both_have_once(self, session: Session, act: Act) -> None:
        father = factory.register(session, act, 3, "1960-01-01")
        one, other = (factory.register(session, act, number) for number in (5, 6))
        for pin in (one, other):
            service.register_relative(
                session,
                act=act,
                pin=pin,
                relative=Relative(KinRole.FATHER, father),
                start=date(1990, 5, 6),
            )

        merge(session, act, one, other)

        assert [kin["pin"] for kin in read(session, father, "relations")] == [one]
        assert [kin["pin"] for kin in read(session, one, "relations")] == [father]

    def test_lets_the_other_father_lose_the_child(self, session: Session, act: Act) -> None:
        fathers = [factory.register(session, act, n, "1960-01-01") for n in (3, 4)]
        children = [factory.register(session, act, n) for n in (5, 6)]
        for pin, father in zip(children, fathers, strict=True):
            service.register_relative(
                session,
                act=act,
                pin=pin,
                relative=Relative(KinRole.FATHER, father),
                start=date(1990, 5, 6),
            )

        merge(session, act, *children)

        assert [kin["pin"] for kin in read(session, children[0], "relations")] == [fathers[0]]
        assert read(session, fathers[1], "relations") == []

    def test_needs_a_head_for_those_who_stay_behind(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, father = twice
        service.register_household(
            session,
            act=act,
            household_id="H2",
            address=factory.CITY,
            members=[Member(man, RelationToHead.HEAD)],
            start=date(2018, 1, 1),
        )
        before = dump(session)

        with pytest.raises(errors.OneHeadNeeded), session.begin_nested():
            merge(session, act, man, again)
        remaining = {"H1": [Member(father, RelationToHead.HEAD)]}
        merge(session, act, man, again, remaining=remaining)

        assert read(session, father, "household")["head"]["pin"] == father
        assert read(session, man, "household", on=date(2017, 1, 1))["household_no"] == "H1"
        service.unmerge_persons(session, act=act, absorbed=again)
        assert dump(session) == before


class TestRefusals:
    @pytest.mark.parametrize(
        ("reference", "first", "second"),
        [("", "cb-01", "cb-02"), ("QĐ-1", "cb-01", " CB-01 "), ("QĐ-1", "cb-01", "")],
    )
    def test_meet_a_decision_of_fewer_than_two(
        self, session: Session, act: Act, reference: str, first: str, second: str
    ) -> None:
        one, other = factory.register(session, act, 1), factory.register(session, act, 2)

        with pytest.raises(errors.SecondReviewerNeeded):
            merge(
                session, act, one, other,
                decision=MergeDecision(reference, "a certificate", first, second),
            )  # fmt: skip

    def test_meet_one_dead_and_one_living(self, session: Session, act: Act) -> None:
        one, other = factory.register(session, act, 1), factory.register(session, act, 2)
        died = PartialDate.parse("2026-02-01")
        service.register_death(session, act=act, pin=other, happened=died, on=ON)

        with pytest.raises(errors.MergeContradicted) as refused:
            merge(session, act, one, other)

        assert [one.rule for one in refused.value.fields] == ["merge.loss_differs"]

    def test_meet_two_marriages_and_a_couple(self, session: Session, act: Act) -> None:
        man, wife = factory.register_couple(session, act)
        other, another = (
            factory.register(session, act, 5),
            factory.register(session, act, 6, sex=Sex.FEMALE),
        )
        service.register_marriage(
            session, act=act, first_pin=other, second_pin=another, on=date(2021, 1, 1)
        )

        with pytest.raises(errors.MergeContradicted) as refused:
            merge(session, act, man, other)
        assert [one.rule for one in refused.value.fields] == ["merge.spouse_differs"]
        with pytest.raises(errors.MergeContradicted):
            merge(session, act, man, wife)

    def test_meet_relatives_the_same_person_and_nobody(self, session: Session, act: Act) -> None:
        child, father = (
            factory.register(session, act, 1),
            factory.register(session, act, 2, "1960-01-01"),
        )
        service.register_relative(
            session,
            act=act,
            pin=child,
            relative=Relative(KinRole.FATHER, father),
            start=date(1990, 5, 6),
        )

        with pytest.raises(errors.MergeContradicted):
            merge(session, act, child, father)
        with pytest.raises(errors.OnePersonAlready):
            merge(session, act, child, child)
        with pytest.raises(errors.PersonNotFound):
            merge(session, act, child, factory.make_pin(99))
        with pytest.raises(errors.NotMerged):
            service.unmerge_persons(session, act=act, absorbed=child)


class TestUnmerge:
    def test_restores_the_state_before_byte_for_byte(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice
        before = dump(session)
        merged = merge(session, act, man, again)
        assert dump(session) != before

        parted = service.unmerge_persons(session, act=act, absorbed=again)

        assert dump(session) == before
        assert (parted.merge, parted.pins) == (merged.change, (man, again))
        assert (parted.undecided, parted.unrestored) == ((), ())
        at = {one.table: one for one in states.list_fingerprints(session, tables.metadata)}
        assert at == {
            one.table: one
            for one in states.list_fingerprints(session, tables.metadata, merged.change - 1)
        }

    def test_can_be_done_again_after_a_second_merge(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice
        before = dump(session)
        for _ in range(2):
            merge(session, act, man, again)
            service.unmerge_persons(session, act=act, absorbed=again)

        assert dump(session) == before

    def test_names_each_later_act_and_restores_nothing(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice
        merge(session, act, man, again)
        moved = service.register_residence(
            session, act=act, pin=again, kind=PERMANENT, address=factory.CITY, start=ON
        )
        merged = dump(session)

        with pytest.raises(errors.UnmergeNeedsDecision) as refused, session.begin_nested():
            service.unmerge_persons(session, act=act, absorbed=again)

        told = [(one.field, one.message.split(" at ")[0]) for one in refused.value.fields]
        assert set(told) == {(f"change {moved.change}", "population.residence.registered")}
        assert len(told) == 3  # one period ended, two came
        assert not any(again in one.message or man in one.message for one in refused.value.fields)
        assert dump(session) == merged

    def test_in_part_restores_what_it_can_and_names_the_rest(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, father = twice
        merge(session, act, man, again)
        service.register_residence(
            session, act=act, pin=again, kind=CURRENT, address=factory.CITY, start=ON
        )
        service.amend_household(
            session,
            act=act,
            household_id="H1",
            members=[Member(father, RelationToHead.HEAD), Member(man, RelationToHead.CHILD)],
            start=ON,
        )

        parted = service.unmerge_persons(session, act=act, absorbed=again, partly=True)

        assert read(session, again, "pin") == again
        assert read(session, factory.make_pin(4), "pin") == again
        assert read(session, again, "current_residence")["street"] == factory.VILLAGE.street
        assert read(session, man, "current_residence")["street"] == factory.CITY.street
        assert {one.table for one in parted.undecided} == {"residence", "household_member"}
        assert {table for table, _, _ in parted.unrestored} == {"household_member"}

    def test_is_whole_again_when_later_acts_are_annulled(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice
        before = dump(session)
        merge(session, act, man, again)
        corrected = service.correct_item(
            session, act=act, pin=again, item="mobile_no", value="+84900000001"
        )
        service.annul_change(session, act=act, annulled=corrected.change)

        assert service.list_acts_since_merge(session, absorbed=again) == []
        service.unmerge_persons(session, act=act, absorbed=again)

        assert dump(session) == before

    def test_survives_a_new_number_of_the_survivor(
        self, session: Session, act: Act, twice: tuple[str, str, str, str]
    ) -> None:
        man, again, _, _ = twice
        merge(session, act, man, again)
        new = service.reestablish_number(
            session,
            act=act,
            pin=man,
            new_pin=factory.make_pin(88),
            reason=AliasReason.ENTRY_ERROR,
            decided_on=ON,
        ).key

        with pytest.raises(errors.UnmergeNeedsDecision), session.begin_nested():
            service.unmerge_persons(session, act=act, absorbed=again)
        parted = service.unmerge_persons(session, act=act, absorbed=again, partly=True)

        assert read(session, again, "pin") == again
        assert read(session, man, "pin") == new
        assert parted.undecided


class TestDump:
    def test_says_the_same_of_a_past_state_as_it_said_then(
        self, session: Session, act: Act
    ) -> None:
        entered = service.register_birth(session, act=act, person=factory.make_person(), on=ON)
        then = list(states.dump(session, tables.person))
        service.correct_item(
            session, act=act, pin=entered.key, item="email", value="thu@example.vn"
        )

        assert list(states.dump(session, tables.person, entered.change)) == then
        assert list(states.dump(session, tables.person)) != then

    def test_differs_in_what_came_and_what_went(self, session: Session, act: Act) -> None:
        entered = service.register_birth(session, act=act, person=factory.make_person(), on=ON)
        changed = service.correct_item(
            session, act=act, pin=entered.key, item="other_name", value="Mít",
            valid=periods.period(date(2000, 1, 1)),
        )  # fmt: skip

        found = states.list_differences(
            session, tables.person, tables.person.c.pin == entered.key, since=entered.change
        )

        assert [(one.is_new, one.row["other_name"], one.change) for one in found] == [
            (False, None, changed.change),
            (True, None, changed.change),
            (True, "Mít", changed.change),
        ]
