"""The insured: groups, jobs in firms that exist, cards in three forms."""

from collections import defaultdict

import numpy as np
import pytest

from insurance import legal
from insurance.values import CardCode, CardForm
from sample_country import (
    cast_insurance,
    columns,
    draws,
    firms,
    insurance_frames,
    participation,
)
from sample_country.columns import Frame
from sample_country.country import Country
from sample_country.lives import DEAD


@pytest.fixture(scope="module")
def frames(drawn: Country) -> dict[str, Frame]:
    return dict(insurance_frames.build(drawn))


def listed(drawn: Country, kind: str) -> set[str]:
    return {case.record for case in drawn.planted if case.kind == kind}


def numbers(found: np.ndarray) -> set[str]:
    return {f"{number:010d}" for number in found.tolist()}


class TestParticipants:
    def test_are_about_seven_of_ten(self, drawn: Country) -> None:
        assert 0.65 * drawn.size < drawn.insured.participants.count < 0.78 * drawn.size

    def test_have_a_number_of_their_own(self, drawn: Country) -> None:
        found = drawn.insured.participants.number

        assert len(np.unique(found)) == len(found)

    def test_are_dead_where_the_population_has_them_dead(self, drawn: Country) -> None:
        book = drawn.insured.participants
        is_dead = drawn.events.loss[book.person] == DEAD
        unknown = is_dead & (book.died_on == columns.OPEN)

        assert numbers(book.number[unknown]) == listed(drawn, "insurance.paid_after_death")
        known = is_dead & ~unknown
        assert (book.died_on[known] == drawn.events.lost_on[book.person[known]]).all()

    def test_are_known_by_groups_of_the_law(self) -> None:
        assert set(participation.GROUPS) <= set(legal.PAYERS)


class TestSpells:
    def test_are_in_firms_that_exist(self, drawn: Country) -> None:
        spells, all_firms = drawn.insured.participants.spells, drawn.all_firms
        rows = np.flatnonzero(spells.firm >= 0)
        firm = spells.firm[rows]
        has_ended = all_firms.status[firm] == firms.ENDED
        lasts = has_ended & (spells.end[rows] > all_firms.status_from[firm])
        late = numbers(drawn.insured.participants.number[spells.participant[rows[lasts]]])

        assert (spells.start[rows] > all_firms.registered_on[firm]).all()
        assert late == listed(drawn, "insurance.employer_ended")

    def test_of_a_scheme_follow_each_other(self, drawn: Country) -> None:
        spells = drawn.insured.participants.spells
        order = np.lexsort((spells.start, spells.scheme, spells.participant))
        same = (np.diff(spells.participant[order]) == 0) & (np.diff(spells.scheme[order]) == 0)

        assert (spells.end[order][:-1][same] <= spells.start[order][1:][same]).all()
        assert (spells.start < spells.end).all()

    def test_salaries_keep_to_the_bounds_of_the_law(self, drawn: Country) -> None:
        spells = drawn.insured.participants.spells
        paid = spells.salary[spells.scheme == participation.COMPULSORY]
        newest = legal.REFERENCE_LEVELS[-1].value

        assert paid.min() >= newest
        assert paid.max() <= newest * legal.SALARY_CAP_TIMES.value


class TestInsuranceFrames:
    def test_contributions_are_whole_months_inside_their_spell(
        self, frames: dict[str, Frame]
    ) -> None:
        spells = defaultdict(list)
        for row in frames["spell"].to_pylist():
            key = (row["participant_no"], row["scheme"], row["unit_code"])
            spells[key].append((row["valid_from"], row["valid_to"]))

        for row in frames["contribution"].to_pylist():
            held = spells[row["participant_no"], row["scheme"], row["unit_code"]]
            assert row["valid_from"].day == row["valid_to"].day == 1
            assert any(start <= row["valid_from"] for start, _ in held)

    def test_cards_have_all_three_forms_and_are_unique(self, frames: dict[str, Frame]) -> None:
        codes = [CardCode.parse(row["card_code"]) for row in frames["health_card"].to_pylist()]

        assert {code.form for code in codes} == set(CardForm)
        assert len({code.text for code in codes}) == len(codes)

    def test_cards_are_issued_in_the_years_of_their_form(self, frames: dict[str, Frame]) -> None:
        for row in frames["health_card"].to_pylist():
            first, end = legal.CARD_FORMS_ISSUED[CardCode.parse(row["card_code"]).form]
            assert first is None or row["issued_on"] >= first
            assert end is None or row["issued_on"] < end

    def test_members_of_a_household_have_positions_of_their_own(
        self, frames: dict[str, Frame]
    ) -> None:
        rows = frames["household_cover"].to_pylist()
        positions = [(row["household_no"], row["ordinal"]) for row in rows]

        assert len(set(positions)) == len(positions)

    def test_employers_are_firms_but_for_what_is_listed(
        self, drawn: Country, frames: dict[str, Frame]
    ) -> None:
        known = {f"{code:010d}" for code in drawn.all_firms.code.tolist()}
        wrong = {
            row["unit_code"]
            for row in frames["employer"].to_pylist()
            if row["enterprise_code"] and row["enterprise_code"] not in known
        }

        assert wrong == listed(drawn, "insurance.employer_mistyped")

    def test_units_of_the_cast_are_of_no_commune_and_no_firm(self, drawn: Country) -> None:
        units = {f"XA{code}Z" for code in drawn.places.commune_code.tolist()}
        units |= {participation.firm_unit(firm) for firm in range(drawn.all_firms.count)}

        assert not units & {cast_insurance.EMPLOYER, cast_insurance.SCHOOL}

    def test_nobody_is_insured_before_birth(self, drawn: Country) -> None:
        book = drawn.insured.participants
        born = draws.same_day(drawn.persons.born[book.person], 0)

        assert (book.since >= born).all()
