"""The law of the population register: facts and what follows from them, one row per clause."""

from datetime import date

import pytest

from databases.identifiers import Pin, Sex
from databases.periods import PartialDate
from population import errors, rules
from population.values import (
    AliasReason,
    HouseholdPeriod,
    Loss,
    LossKind,
    MaritalStatus,
    Member,
    PersonName,
    PersonState,
    RelationToHead,
    ResidenceKind,
)

ON = date(2026, 3, 2)


def state(
    pin: str = "001090000001",
    birth: str = "1990-05-06",
    sex: Sex = Sex.MALE,
    marital: MaritalStatus = MaritalStatus.SINGLE,
    loss: Loss | None = None,
    spouse: str | None = None,
) -> PersonState:
    return PersonState(pin, PartialDate.parse(birth), sex, marital, loss, spouse)


def woman(birth: str = "1995-01-01", **more: str) -> PersonState:
    return state("001195000002", birth, Sex.FEMALE, **more)  # type: ignore[arg-type]  # spouse only


class TestAgeOn:
    @pytest.mark.parametrize(
        ("birth", "on", "age"),
        [
            ("2000-03-02", date(2018, 3, 1), 17),
            ("2000-03-02", date(2018, 3, 2), 18),
            ("2004-02-29", date(2022, 2, 28), 17),
            ("2004-02-29", date(2022, 3, 1), 18),
            ("2000-03", date(2018, 3, 30), 17),
            ("2000-03", date(2018, 3, 31), 18),
            ("2000", date(2018, 12, 30), 17),
            ("2000", date(2018, 12, 31), 18),
            ("2030", date(2018, 1, 1), 0),
        ],
    )
    def test_counts_what_is_certain(self, birth: str, on: date, age: int) -> None:
        assert rules.age_on(PartialDate.parse(birth), on) == age


class TestIsAdult:
    @pytest.mark.parametrize(
        ("birth", "on", "adult"),
        [
            ("2008-03-02", date(2026, 3, 1), False),
            ("2008-03-02", date(2026, 3, 2), True),
            ("2008", date(2025, 12, 31), False),
            ("2008", date(2026, 1, 1), None),
            ("2008", date(2026, 12, 31), True),
        ],
    )
    def test_is_open_where_the_date_is(self, birth: str, on: date, adult: bool | None) -> None:
        assert rules.is_adult(PartialDate.parse(birth), on) is adult


class TestRequirePinFits:
    @pytest.mark.parametrize(
        ("pin", "birth", "sex"),
        [
            ("087084000999", "1984-01-01", Sex.MALE),
            ("087184000999", "1984", Sex.FEMALE),
            ("001202000001", "2002-02", Sex.MALE),
            ("001302000001", "2002-02", Sex.FEMALE),
            ("001302000001", "2002-02", Sex.UNKNOWN),
            ("199302000001", "2002-02", Sex.FEMALE),
        ],
    )
    def test_accepts(self, pin: str, birth: str, sex: Sex) -> None:
        rules.require_pin_fits(Pin.parse(pin), birth=PartialDate.parse(birth), sex=sex)

    @pytest.mark.parametrize(
        ("pin", "birth", "sex", "rule"),
        [
            ("087084000999", "1985", Sex.MALE, "pin.birth_year"),
            ("087284000999", "1984", Sex.MALE, "pin.birth_year"),
            ("087084000999", "1984", Sex.FEMALE, "pin.sex"),
        ],
    )
    def test_refuses(self, pin: str, birth: str, sex: Sex, rule: str) -> None:
        with pytest.raises(errors.PinContradictsRecord) as refusal:
            rules.require_pin_fits(Pin.parse(pin), birth=PartialDate.parse(birth), sex=sex)

        assert [problem.rule for problem in refusal.value.fields] == [rule]


class TestFindPinRemarks:
    @pytest.mark.parametrize(
        ("origin", "found"),
        [("001", False), ("096", False), ("003", True), ("000", True), ("100", True)],
    )
    def test_an_unknown_origin_is_only_a_doubt(self, origin: str, found: bool) -> None:
        warnings = rules.list_pin_warnings(
            Pin.parse(origin + "090000001"), birth=PartialDate.parse("1990"), sex=Sex.MALE
        )

        assert [r.rule for r in warnings] == (["pin.origin"] if found else [])


class TestRequireName:
    @pytest.mark.parametrize(
        ("full", "family", "middle", "given"),
        [("", "", "", ""), ("Lê An", "Lê", "", "Bình"), ("Lê An", "Lê", "Văn", "An")],
    )
    def test_refuses(self, full: str, family: str, middle: str, given: str) -> None:
        with pytest.raises(errors.NameMissing):
            rules.require_name(PersonName(full, family, middle, given))

    def test_accepts_a_clan_name_at_the_end(self) -> None:
        rules.require_name(PersonName("H'Hen Niê", "Niê", "", "H'Hen"))


class TestRequireAlive:
    @pytest.mark.parametrize(
        ("kind", "happened", "refused"),
        [
            (LossKind.DEAD, "2026-03-01", True),
            (LossKind.DEAD, "2026-03-02", False),
            (LossKind.DEAD, "2026", False),
            (LossKind.DEAD, "2025", True),
            (LossKind.MISSING, "2020", False),
        ],
    )
    def test_the_day_of_death_is_lived(self, kind: LossKind, happened: str, refused: bool) -> None:
        person = state(loss=Loss(kind, PartialDate.parse(happened)))
        if refused:
            with pytest.raises(errors.PersonNotAlive):
                rules.require_alive(person, ON)
        else:
            rules.require_alive(person, ON)


class TestRequirePossibleDeath:
    @pytest.mark.parametrize("happened", ["1989-12-31", "2026-03-03", "1989"])
    def test_refuses(self, happened: str) -> None:
        birth = PartialDate.parse("1990-01-01")
        with pytest.raises(errors.ImpossibleDeath):
            rules.require_possible_death(birth, PartialDate.parse(happened), ON)

    @pytest.mark.parametrize("happened", ["1990-01-01", "1990", "2026-03-02", "2026"])
    def test_accepts(self, happened: str) -> None:
        birth = PartialDate.parse("1990-01-01")
        rules.require_possible_death(birth, PartialDate.parse(happened), ON)


class TestRequireMarriageAllowed:
    @pytest.mark.parametrize(
        ("first", "second", "error"),
        [
            pytest.param(
                state(birth="2006-03-03"), woman(), errors.NotOldEnoughToMarry, id="8.1.a-man"
            ),
            pytest.param(
                state(), woman("2008-03-03"), errors.NotOldEnoughToMarry, id="8.1.a-woman"
            ),
            pytest.param(state(), woman("2008"), errors.NotOldEnoughToMarry, id="8.1.a-unknown"),
            pytest.param(
                state(), woman(spouse="001090000009"), errors.AlreadyMarried, id="5.2.c-spouse"
            ),
            pytest.param(
                state(marital=MaritalStatus.MARRIED),
                woman(),
                errors.AlreadyMarried,
                id="5.2.c-spouse-outside-the-register",
            ),
            pytest.param(
                state(), state("001090000003"), errors.ForbiddenMarriage, id="8.2-same-sex"
            ),
            pytest.param(state(), state(), errors.ForbiddenMarriage, id="same-person"),
        ],
    )
    def test_refuses(self, first: PersonState, second: PersonState, error: type[Exception]) -> None:
        with pytest.raises(error):
            rules.require_marriage_allowed(first, second, ON)

    def test_accepts_on_the_birthdays(self) -> None:
        rules.require_marriage_allowed(state(birth="2006-03-02"), woman("2008-03-02"), ON)


class TestRequireNotCloseKin:
    def test_refuses_kin_and_only_kin(self) -> None:
        rules.require_not_close_kin({"a"}, "b")
        with pytest.raises(errors.ForbiddenMarriage):
            rules.require_not_close_kin({"a", "b"}, "b")


class TestRequireMarriedToEachOther:
    def test_refuses_strangers(self) -> None:
        with pytest.raises(errors.NotMarried):
            rules.require_married_to_each_other(state(spouse="x"), woman())


class TestRequireTemporaryTerm:
    @pytest.mark.parametrize(
        ("start", "last", "allowed"),
        [
            (date(2026, 3, 2), date(2028, 3, 1), True),
            (date(2026, 3, 2), date(2028, 3, 2), False),
            (date(2026, 3, 2), date(2026, 3, 2), True),
            (date(2026, 3, 2), date(2026, 3, 1), False),
            (date(2024, 2, 29), date(2026, 2, 28), True),
            (date(2024, 2, 29), date(2026, 3, 1), False),
        ],
    )
    def test_two_years_at_most(self, start: date, last: date, allowed: bool) -> None:
        if allowed:
            rules.require_temporary_term(start, last)
        else:
            with pytest.raises(errors.TemporaryResidenceTooLong):
                rules.require_temporary_term(start, last)


class TestRequireTemporaryElsewhere:
    def test_refuses_the_same_commune_of_the_same_lists_only(self) -> None:
        rules.require_temporary_elsewhere(None, ("19/2025", "00004"))
        rules.require_temporary_elsewhere(("124/2004", "00004"), ("19/2025", "00004"))
        with pytest.raises(errors.TemporaryResidenceNotElsewhere):
            rules.require_temporary_elsewhere(("19/2025", "00004"), ("19/2025", "00004"))


def lives(
    pin: str, relation: RelationToHead, start: int, end: int | None = None
) -> HouseholdPeriod:
    last = None if end is None else date(end, 1, 1)
    return HouseholdPeriod(Member(pin, relation), date(start, 1, 1), last)


class TestRequireOneHead:
    @pytest.mark.parametrize(
        ("members", "allowed"),
        [
            ([], True),
            ([lives("a", RelationToHead.HEAD, 2020)], True),
            ([lives("a", RelationToHead.CHILD, 2020)], False),
            (
                [
                    lives("a", RelationToHead.HEAD, 2020, 2022),
                    lives("b", RelationToHead.CHILD, 2020, 2022),
                    lives("b", RelationToHead.HEAD, 2022),
                ],
                True,
            ),
            (
                [
                    lives("a", RelationToHead.HEAD, 2020, 2022),
                    lives("b", RelationToHead.CHILD, 2020),
                ],
                False,
            ),
            (
                [
                    lives("a", RelationToHead.HEAD, 2020, 2023),
                    lives("b", RelationToHead.HEAD, 2022),
                ],
                False,
            ),
        ],
    )
    def test_every_day_has_one_head(self, members: list[HouseholdPeriod], allowed: bool) -> None:
        if allowed:
            rules.require_one_head(members)
        else:
            with pytest.raises(errors.OneHeadNeeded):
                rules.require_one_head(members)


class TestRequireParentOlder:
    @pytest.mark.parametrize(
        ("parent", "child", "allowed"),
        [
            ("1960", "1990-05-06", True),
            ("1990-05-06", "1990-05-06", False),
            ("1991", "1990", False),
            ("1990", "1990", True),  # the years leave it open
        ],
    )
    def test_refuses_the_impossible_only(self, parent: str, child: str, allowed: bool) -> None:
        dates = PartialDate.parse(parent), PartialDate.parse(child)
        if allowed:
            rules.require_parent_older(*dates)
        else:
            with pytest.raises(errors.ImpossibleKinship):
                rules.require_parent_older(*dates)


class TestRequireGroundForNewNumber:
    @pytest.mark.parametrize(
        ("reason", "year", "sex", "allowed"),
        [
            (AliasReason.BIRTH_YEAR_CORRECTED, True, False, True),
            (AliasReason.BIRTH_YEAR_CORRECTED, False, True, False),
            (AliasReason.SEX_REDETERMINED, False, True, True),
            (AliasReason.SEX_REDETERMINED, True, False, False),
            (AliasReason.ENTRY_ERROR, False, False, True),
        ],
    )
    def test_the_ground_must_hold(
        self, reason: AliasReason, year: bool, sex: bool, allowed: bool
    ) -> None:
        if allowed:
            rules.require_ground_for_new_number(reason, year_changes=year, sex_changes=sex)
        else:
            with pytest.raises(errors.NoGroundForNewNumber):
                rules.require_ground_for_new_number(reason, year_changes=year, sex_changes=sex)


class TestRequireTerm:
    def test_temporary_residence_and_no_other_has_a_last_day(self) -> None:
        rules.require_term(ResidenceKind.TEMPORARY, ON)
        rules.require_term(ResidenceKind.PERMANENT, None)
        for kind, last in ((ResidenceKind.TEMPORARY, None), (ResidenceKind.CURRENT, ON)):
            with pytest.raises(errors.TermMissing):
                rules.require_term(kind, last)


class TestRequireBirthBefore:
    def test_refuses_tomorrow(self) -> None:
        rules.require_birth_before(PartialDate.parse("2026-03-02"), ON)
        with pytest.raises(errors.ImpossibleBirth):
            rules.require_birth_before(PartialDate.parse("2026-03-03"), ON)
