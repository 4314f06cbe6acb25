"""The firms: codes, shares, chains, people behind them, statuses."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from databases.identifiers import EnterpriseCode
from sample_country import draws, firm_frames, firms
from sample_country.columns import Frame
from sample_country.country import Country
from sample_country.lives import ALIVE


@pytest.fixture(scope="session")
def frames(drawn: Country) -> dict[str, Frame]:
    return dict(firm_frames.build(drawn))


class TestCodes:
    def test_are_unique_and_have_their_check_digit(self, drawn: Country) -> None:
        codes = [f"{code:010d}" for code in drawn.all_firms.code]

        assert len(set(codes)) == drawn.all_firms.count
        assert all(str(EnterpriseCode.parse(code)) == code for code in codes)

    def test_units_have_codes_of_their_firm(self, frames: dict[str, Frame]) -> None:
        rows = frames["dependent_unit"].to_pylist()

        for row in rows:
            if row["kind"] != "LOC":
                assert EnterpriseCode.parse(row["unit_code"]).base == row["enterprise_code"]
        assert {row["kind"] for row in rows} == {"BRANCH", "REP", "LOC"}


class TestHoldings:
    def test_never_pass_the_whole(self, drawn: Country) -> None:
        held = drawn.all_firms.holdings
        total = np.bincount(held.firm, weights=held.percent, minlength=drawn.all_firms.count)

        assert held.percent.min() >= 1
        assert total.max() <= 100
        assert (total[drawn.all_firms.legal_type != firms.JSC] == 100).all()

    def test_owners_are_living_adults_of_the_population(self, drawn: Country) -> None:
        held = drawn.all_firms.holdings
        person, firm = held.person[held.person >= 0], held.firm[held.person >= 0]
        adult_on = draws.same_day(drawn.persons.born[person], 18)

        assert (drawn.events.loss[person] == ALIVE).all()
        assert (adult_on <= drawn.all_firms.registered_on[firm]).all()

    def test_representatives_are_living_adults_too(self, drawn: Country) -> None:
        person = drawn.all_firms.representative
        adult_on = draws.same_day(drawn.persons.born[person], 18)

        assert (person >= 0).all()
        assert (drawn.events.loss[person] == ALIVE).all()
        assert (adult_on <= drawn.all_firms.registered_on).all()

    def test_nobody_holds_a_firm_twice(self, drawn: Country) -> None:
        held = drawn.all_firms.holdings
        keys = set(zip(held.firm, held.person, held.owner_firm, strict=True))

        assert len(keys) == len(held.firm)

    def test_members_are_as_many_as_the_legal_type_allows(self, drawn: Country) -> None:
        many = np.bincount(drawn.all_firms.holdings.firm, minlength=drawn.all_firms.count)
        legal_type = drawn.all_firms.legal_type

        assert set(many[legal_type == firms.LLC1]) == {1}
        assert set(many[legal_type == firms.PRIV]) == {1}
        assert many[legal_type == firms.LLC2].min() >= 2
        assert many[legal_type == firms.JSC].min() >= 3

    def test_chains_reach_four_firms_and_some_go_round(self, drawn: Country) -> None:
        held = drawn.all_firms.holdings
        owners: dict[int, set[int]] = defaultdict(set)
        for firm, owner in zip(held.firm.tolist(), held.owner_firm.tolist(), strict=True):
            if owner >= 0:
                owners[firm].add(owner)
        cycles = [(a, b) for a, above in owners.items() for b in above if a in owners.get(b, ())]

        def height(firm: int, seen: frozenset[int]) -> int:
            above = owners.get(firm, set()) - seen
            return 1 + max((height(o, seen | {firm}) for o in above), default=0)

        assert max(height(firm, frozenset()) for firm in owners) >= 4
        assert cycles


class TestStatuses:
    def test_all_seven_occur(self, drawn: Country) -> None:
        assert set(drawn.all_firms.status.tolist()) == {1, 2, 3, 4, 5, 6, 7}

    def test_never_begin_before_the_firm(self, drawn: Country) -> None:
        assert (drawn.all_firms.status_from >= drawn.all_firms.registered_on).all()

    def test_mergers_go_into_operating_firms_that_were_there(self, drawn: Country) -> None:
        rows = np.flatnonzero(drawn.all_firms.merged_into >= 0)
        into = drawn.all_firms.merged_into[rows]

        assert len(rows) > 0
        assert (drawn.all_firms.status[into] == 1).all()
        assert (drawn.all_firms.registered_on[into] < drawn.all_firms.status_from[rows]).all()


class TestLines:
    def test_one_is_principal_on_any_day(self, frames: dict[str, Frame]) -> None:
        principal = defaultdict(list)
        for row in frames["industry_line"].to_pylist():
            if row["is_principal"]:
                principal[row["enterprise_code"]].append((row["valid_from"], row["valid_to"]))

        assert set(principal) == set(frames["enterprise"].column("enterprise_code").to_pylist())
        for periods in principal.values():
            periods.sort()
            assert periods[-1][1] is None
            for earlier, later in itertools.pairwise(periods):
                assert earlier[1] == later[0]
        versions = set(frames["industry_line"].column("vsic_version").to_pylist())
        assert versions == {"27/2018", "36/2025"}
