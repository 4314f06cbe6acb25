"""The rules between registers: facts and what is found of them, on each boundary."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from sharing_api.consistency.rules import catalogue
from sharing_api.consistency.values import Bundle, Confidence, Kind, Mention, Record, Subject

ON = date(2026, 3, 2)
PIN = "001190000001"
FIRM = "0100233488"
PERSON = Subject(Kind.PERSON, PIN)
COMPANY = Subject(Kind.ENTERPRISE, FIRM)
PLACE = Subject(Kind.PARCEL, "TD1")
UNIT = Subject(Kind.UNIT, "YN1")
NAMESAKE = Subject(Kind.IDENTITY, "tran thi lan|1990-02-03")
LAN: Mapping[str, Any] = {
    "name": "Trần Thị Lan",
    "born": "1990-02-03",
    "sex": "2",
    "died": None,
    "commune": "00004",
    "commune_version": "19/2025",
}
DEAD = {**LAN, "died": "2025-05-06"}
INSURED = {"name": "Trần Thị Lan", "born": "1990-02-03", "sex": "2"}
OPERATING, ENDED = (
    {"is_ended": False, "ended": None},
    {"is_ended": True, "ended": "2025-05-06"},
)


def mention(
    dataset: str,
    says: Mapping[str, Any],
    *leads_to: Subject,
    key: str = "1",
    about: Subject = PERSON,
) -> Mention:
    return Mention(about, Record(dataset, key, 7), says, leads_to)


def citizen(says: Mapping[str, Any], key: str = PIN) -> Mention:
    return mention("population/citizen", says, key=key)


def firm(says: Mapping[str, Any]) -> Mention:
    return mention("enterprise/enterprise", says, key=FIRM, about=COMPANY)


def names(bundle: Bundle, on: date = ON) -> list[str]:
    return [rule.name for rule, _ in catalogue.judge(bundle, on)]


def of_person(*mentions: Mention, on: date = ON) -> list[str]:
    return names(Bundle(PERSON, mentions), on)


class TestPersons:
    def test_of_whom_all_say_the_same_are_let_be(self) -> None:
        said = (
            citizen(LAN),
            mention("insurance/participant", INSURED),
            mention("insurance/contribution", {"units": 1}),
            mention("land/holding", {"names": ["Trần Thị Lan"]}, PLACE),
            mention("finance/taxpayer", {"last_duty": ["2025-Q3", "2025-10-20"], "name": "x"}),
            mention("enterprise/enterprise", {"roles": ["legal_representatives", "owners"]}),
        )

        assert of_person(*said) == []

    @pytest.mark.parametrize(
        ("dataset", "says", "rule"),
        [
            ("enterprise/enterprise", {"roles": ["owners"]}, "enterprise.officer_dead"),
            ("insurance/contribution", {"units": 1}, "insurance.paid_after_death"),
            ("finance/taxpayer", {"last_duty": ["2025-Q3", ""]}, "finance.taxpayer_dead"),
        ],
    )
    def test_who_are_dead_are_found(self, dataset: str, says: Mapping[str, Any], rule: str) -> None:
        assert of_person(citizen(DEAD), mention(dataset, says)) == [rule]

    @pytest.mark.parametrize(
        ("died", "is_found"),
        [
            ("2026-03-01", True),
            ("2026-03-02", False),
            ("2026-02", True),
            ("2026-03", False),
            ("2025", True),
            ("2026", False),
        ],
    )
    def test_count_the_day_of_death_as_lived(self, died: str, is_found: bool) -> None:
        found = of_person(
            citizen({**LAN, "died": died}), mention("insurance/contribution", {"units": 1})
        )

        assert bool(found) is is_found

    @pytest.mark.parametrize(
        ("died", "period", "is_found"),
        [
            ("2025-06-30", "2025-Q3", True),
            ("2025-07-01", "2025-Q3", False),
            ("2025-07-31", "2025-08", True),
            ("2025-12-31", "2025", False),
            ("2024-12-31", "2025", True),
        ],
    )
    def test_are_taxed_for_the_time_that_they_lived(
        self, died: str, period: str, is_found: bool
    ) -> None:
        taxed = mention("finance/taxpayer", {"last_duty": [period, "2026-01-20"]})

        assert bool(of_person(citizen({**LAN, "died": died}), taxed)) is is_found

    @pytest.mark.parametrize(
        ("born", "roles", "is_found"),
        [
            ("2008-03-03", ["legal_representatives"], True),
            ("2008-03-02", ["legal_representatives"], False),
            ("2008-03-03", ["owners"], False),
            ("2008", ["legal_representatives"], False),
            ("2009", ["legal_representatives"], True),
        ],
    )
    def test_who_are_certainly_no_adults_represent_nobody(
        self, born: str, roles: list[str], is_found: bool
    ) -> None:
        said = (citizen({**LAN, "born": born}), mention("enterprise/enterprise", {"roles": roles}))

        assert ("enterprise.representative_minor" in of_person(*said)) is is_found

    @pytest.mark.parametrize(
        ("dataset", "says", "rule"),
        [
            ("enterprise/enterprise", {"roles": ["owners"]}, "enterprise.officer_unknown"),
            ("insurance/participant", INSURED, "insurance.number_unknown"),
            ("finance/taxpayer", {"last_duty": None}, "finance.taxpayer_unknown"),
        ],
    )
    @pytest.mark.parametrize("former", [(), (citizen({"bears": "001190000002"}),)])
    def test_whose_number_nobody_bears_now_are_found(
        self, dataset: str, says: Mapping[str, Any], rule: str, former: tuple[Mention, ...]
    ) -> None:
        assert of_person(*former, mention(dataset, says)) == [rule]

    @pytest.mark.parametrize(
        ("born", "rule"),
        [
            ("1990-03-02", ["insurance.birth_swapped"]),
            ("1990-02-04", ["insurance.birth_differs"]),
            ("1991-03-02", ["insurance.birth_differs"]),
            ("1990-02", []),
            ("1990", []),
            ("1991", ["insurance.birth_differs"]),
        ],
    )
    def test_are_born_on_one_day(self, born: str, rule: list[str]) -> None:
        said = (citizen(LAN), mention("insurance/participant", {**INSURED, "born": born}))

        assert of_person(*said) == rule

    @pytest.mark.parametrize(("sex", "rule"), [("1", ["insurance.sex_differs"]), ("0", [])])
    def test_have_one_sex_where_it_is_known(self, sex: str, rule: list[str]) -> None:
        said = (citizen(LAN), mention("insurance/participant", {**INSURED, "sex": sex}))

        assert of_person(*said) == rule

    @pytest.mark.parametrize(
        ("written", "rule"),
        [
            ("Tran Thi Lan", ["land.name_unaccented"]),
            ("TRAN THI LAN", ["land.name_unaccented"]),
            ("TRẦN THỊ LAN", []),
            ("Trần  Thị Lan", []),
            ("Trần Thi Lan", []),  # one sign lost: too little to tell from a variant
            ("Trần Thị Loan", ["land.name_differs"]),
        ],
    )
    def test_hold_land_under_their_name(self, written: str, rule: list[str]) -> None:
        said = (citizen(LAN), mention("land/holding", {"names": ["Trần Thị Lan", written]}))

        assert of_person(*said) == rule

    @pytest.mark.parametrize(
        ("says", "rule"),
        [
            ({"born": "1991-02-03"}, ["population.birth_against_number"]),
            ({"sex": "1"}, ["population.sex_against_number"]),
            ({"sex": "0"}, []),
        ],
    )
    def test_are_what_their_number_says(self, says: Mapping[str, str], rule: list[str]) -> None:
        assert of_person(citizen({**LAN, **says})) == rule

    @pytest.mark.parametrize(
        ("version", "on", "is_found"),
        [
            ("124/2004", date(2025, 6, 30), False),
            ("124/2004", date(2025, 7, 1), True),
            ("19/2025", date(2025, 7, 1), False),
        ],
    )
    def test_live_in_communes_that_are_there(self, version: str, on: date, is_found: bool) -> None:
        found = of_person(citizen({**LAN, "commune_version": version}), on=on)

        assert ("population.commune_abolished" in found) is is_found


class TestFirms:
    @pytest.mark.parametrize(
        ("period", "rule"),
        [("2025-Q2", []), ("2025-Q3", ["finance.taxpayer_ended"]), ("2025", [])],
    )
    def test_are_taxed_for_the_time_before_they_ended(self, period: str, rule: list[str]) -> None:
        taxed = mention("finance/taxpayer", {"last_duty": [period, "2025-10-20"]}, about=COMPANY)

        assert names(Bundle(COMPANY, (firm(ENDED), taxed))) == rule

    def test_that_are_taxed_are_registered(self) -> None:
        taxed = mention("finance/taxpayer", {"last_duty": None}, about=COMPANY)

        assert names(Bundle(COMPANY, (taxed,))) == ["finance.firm_unknown"]


class TestUnits:
    def judge(self, *firms: Mention, code: str = FIRM) -> list[tuple[str, Confidence | None]]:
        company = Subject(Kind.ENTERPRISE, code)
        employer = mention("insurance/employer", {"enterprise": code}, company, about=UNIT)
        insured = [
            mention("insurance/contribution", {}, key=key, about=UNIT) for key in ("91", "92")
        ]
        bundle = Bundle(UNIT, (employer, *insured), {company: firms})
        return [(rule.name, found.confidence) for rule, found in catalogue.judge(bundle, ON)]

    def test_of_firms_that_operate_are_let_be(self) -> None:
        assert self.judge(firm(OPERATING)) == []

    def test_of_firms_that_ended_insure_nobody(self) -> None:
        assert self.judge(firm(ENDED)) == [("insurance.employer_ended", None)] * 2

    def test_of_unknown_firms_are_found_surely_where_the_code_is_none(self) -> None:
        assert self.judge() == [("insurance.employer_mistyped", None)]
        assert self.judge(code="0100233480") == [
            ("insurance.employer_mistyped", Confidence.CERTAIN)
        ]


class TestParcels:
    def judge(
        self,
        *known: Mention,
        holder: Subject = PERSON,
        notes: tuple[str, ...] = (),
        rights: tuple[str, ...] = ("land_use",),
        asset: bool = False,
    ) -> list[str]:
        said = [
            mention("land/parcel", {"notes": list(notes)}, key="TD1", about=PLACE),
            mention("land/holding", {"rights": list(rights)}, holder, about=PLACE),
        ]
        if asset:
            said.append(mention("finance/public_asset", {}, key="TS1", about=PLACE))
        return names(Bundle(PLACE, said, {holder: known}))

    def test_of_the_living_are_let_be(self) -> None:
        assert self.judge(citizen(LAN)) == []
        assert self.judge(firm(OPERATING), holder=COMPANY, asset=True) == []

    def test_of_the_dead_are_found_with_and_without_open_inheritance(self) -> None:
        assert self.judge(citizen(DEAD)) == ["land.holder_dead"]
        assert self.judge(citizen(DEAD), notes=("Thừa kế đang mở",)) == ["land.inheritance_open"]

    def test_of_unknown_and_of_cancelled_numbers_are_told_apart(self) -> None:
        assert self.judge() == ["land.number_unknown"]
        assert self.judge(citizen({"bears": "001190000002"})) == ["land.number_cancelled"]

    def test_of_firms_that_ended_or_never_were_are_found(self) -> None:
        assert self.judge(firm(ENDED), holder=COMPANY) == ["land.firm_ended"]
        assert self.judge(holder=COMPANY) == ["land.firm_unknown"]

    def test_of_persons_carry_no_public_asset_unless_they_only_lease(self) -> None:
        assert self.judge(citizen(LAN), asset=True) == ["finance.asset_private"]
        assert self.judge(citizen(LAN), asset=True, rights=("lease",)) == []

    def test_that_carry_public_assets_are_registered(self) -> None:
        asset = mention("finance/public_asset", {}, key="TS1", about=PLACE)

        assert names(Bundle(PLACE, (asset,))) == ["finance.asset_unknown"]


class TestIdentities:
    def judge(self, *mentions: Mention) -> list[tuple[str, Confidence | None]]:
        judged = catalogue.judge(Bundle(NAMESAKE, mentions), ON)
        return [(rule.name, found.confidence) for rule, found in judged]

    def insured(self, key: str, pin: str | None, sex: str = "2") -> Mention:
        says = {"pin": pin, "sex": sex}
        return mention("insurance/participant", says, key=key, about=NAMESAKE)

    def living(self, key: str, sex: str = "2", commune: str | None = "00004") -> Mention:
        says = {"sex": sex, "commune": commune}
        return mention("population/citizen", says, key=key, about=NAMESAKE)

    def test_with_one_number_each_are_let_be(self) -> None:
        assert self.judge(self.living(PIN), self.insured("91", PIN)) == []

    def test_have_no_second_book_without_number(self) -> None:
        second = (self.living(PIN), self.insured("91", PIN), self.insured("92", None))
        other_sex = (self.living(PIN), self.insured("91", PIN, "1"), self.insured("92", None))

        assert self.judge(*second) == [("insurance.two_numbers", None)]
        assert self.judge(*other_sex) == [("insurance.number_missing", None)]

    def test_that_several_fit_are_doubtful(self) -> None:
        missing = (self.living(PIN), self.living("2", commune="00005"), self.insured("91", None))
        nobody = (self.insured("91", None),)

        assert self.judge(*missing) == [("insurance.number_missing", Confidence.DOUBTFUL)]
        assert self.judge(*nobody) == [("insurance.number_missing", Confidence.DOUBTFUL)]

    @pytest.mark.parametrize(
        ("sex", "commune", "is_found"),
        [("2", "00004", True), ("1", "00004", False), ("2", "00005", False), ("2", None, False)],
    )
    def test_in_one_commune_may_be_one_person(
        self, sex: str, commune: str | None, is_found: bool
    ) -> None:
        found = self.judge(self.living(PIN), self.living("2", sex, commune))

        assert found == ([("population.two_persons_alike", None)] if is_found else [])

    def test_do_not_share_an_old_card(self) -> None:
        card = Subject(Kind.OLD_CARD, "012345678")
        both = [mention("population/citizen", {"born": "x"}, key=k, about=card) for k in "12"]

        assert names(Bundle(card, both)) == ["population.old_card_shared"]
        assert names(Bundle(card, both[:1])) == []


class TestCatalogue:
    def test_names_each_rule_once_by_the_register_that_is_to_mend_it(self) -> None:
        registers = {rule.name.partition(".")[0] for rule in catalogue.RULES}

        assert len(catalogue.BY_NAME) == len(catalogue.RULES)
        assert registers == {"population", "enterprise", "land", "insurance", "finance"}

    def test_only_warns_where_the_law_is_recalled_only(self) -> None:
        for name in ("population.old_card_shared", "population.commune_abolished"):
            assert catalogue.BY_NAME[name].confidence is Confidence.DOUBTFUL
