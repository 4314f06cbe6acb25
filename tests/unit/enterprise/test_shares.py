"""Effective shares against an independent, slow enumeration of paths and against closed forms."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprise import errors
from enterprise.rules import shares
from enterprise.rules.shares import Stake

F = Fraction


def by_paths(target: str, stakes: list[Stake], individuals: frozenset[str]) -> dict[str, Fraction]:
    """Walk every path upwards from the target, one by one."""
    found: dict[str, Fraction] = {}

    def walk(enterprise: str, weight: Fraction) -> None:
        for stake in stakes:
            if stake.enterprise != enterprise:
                continue
            if stake.holder in individuals:
                found[stake.holder] = found.get(stake.holder, F(0)) + weight * stake.share
            else:
                walk(stake.holder, weight * stake.share)

    walk(target, F(1))
    return found


def by_series(target: str, stakes: list[Stake], person: str, rounds: int) -> Fraction:
    """Sum the walks of at most `rounds` steps."""
    weights, total = {target: F(1)}, F(0)
    for _ in range(rounds):
        following: dict[str, Fraction] = {}
        for stake in stakes:
            part = weights.get(stake.enterprise, F(0)) * stake.share
            if stake.holder == person:
                total += part
            else:
                following[stake.holder] = following.get(stake.holder, F(0)) + part
        weights = following
    return total


@st.composite
def graphs(draw: st.DrawFn, *, with_cycles: bool) -> list[Stake]:
    size = draw(st.integers(1, 6))
    stakes = []
    for enterprise in range(size):
        above = range(size) if with_cycles else range(enterprise + 1, size)
        holders = [f"e{i}" for i in above] + ["p0", "p1", "p2", "state"]
        chosen = draw(st.lists(st.sampled_from(holders), min_size=1, max_size=4, unique=True))
        parts = [draw(st.integers(1, 100)) for _ in chosen]
        unknown = draw(st.integers(0, 50))
        whole = sum(parts) + unknown
        stakes += [
            Stake(f"e{enterprise}", holder, F(part, whole))
            for holder, part in zip(chosen, parts, strict=True)
        ]
    return stakes


PEOPLE = frozenset({"p0", "p1", "p2"})


class TestListEffectiveShares:
    @given(graphs(with_cycles=False))
    def test_agrees_with_every_single_path(self, stakes: list[Stake]) -> None:
        assert shares.list_effective_shares("e0", stakes, PEOPLE) == by_paths("e0", stakes, PEOPLE)

    @given(graphs(with_cycles=True))
    def test_never_exceeds_the_whole_and_contains_every_finite_walk(
        self, stakes: list[Stake]
    ) -> None:
        found = shares.list_effective_shares("e0", stakes, PEOPLE)

        assert sum(found.values()) <= 1
        for person in PEOPLE:
            assert by_series("e0", stakes, person, 8) <= found.get(person, F(0))

    @given(graphs(with_cycles=True))
    def test_solves_the_equations_of_the_circle(self, stakes: list[Stake]) -> None:
        def of(enterprise: str) -> dict[str, Fraction]:
            return shares.list_effective_shares(enterprise, stakes, PEOPLE)

        expected = dict.fromkeys(PEOPLE, F(0))
        for stake in stakes:
            if stake.enterprise != "e0":
                continue
            if stake.holder in PEOPLE:
                expected[stake.holder] += stake.share
            elif stake.holder != "state":
                for person, share in of(stake.holder).items():
                    expected[person] += stake.share * share

        assert {p: s for p, s in expected.items() if s} == of("e0")

    def test_a_cross_holding_goes_to_those_who_hold_the_rest(self) -> None:
        stakes = [Stake("t", "u", F(6, 10)), Stake("t", "p0", F(4, 10)), Stake("u", "t", F(1))]

        # 0.4 + 0.4 * 0.6 + 0.4 * 0.6² + … = 0.4 / (1 - 0.6)
        assert shares.list_effective_shares("t", stakes, PEOPLE) == {"p0": F(1)}

    def test_a_closed_form_of_two_outside_holders(self) -> None:
        stakes = [
            Stake("a", "p0", F(3, 4)),
            Stake("a", "b", F(1, 4)),
            Stake("b", "p1", F(1, 2)),
            Stake("b", "a", F(1, 2)),
        ]

        # x = 3/4 / (1 - 1/4 * 1/2), the rest is the other's
        assert shares.list_effective_shares("a", stakes, PEOPLE) == {"p0": F(6, 7), "p1": F(1, 7)}

    def test_treasury_shares_are_a_circle_of_one(self) -> None:
        stakes = [Stake("t", "t", F(1, 5)), Stake("t", "p0", F(2, 5)), Stake("t", "p1", F(2, 5))]

        assert shares.list_effective_shares("t", stakes, PEOPLE) == {"p0": F(1, 2), "p1": F(1, 2)}

    def test_a_circle_that_owns_all_of_itself_gives_nobody_anything(self) -> None:
        stakes = [
            Stake("t", "p0", F(1, 2)),
            Stake("t", "a", F(1, 2)),
            Stake("a", "b", F(1)),
            Stake("b", "a", F(1)),
        ]

        assert shares.list_effective_shares("t", stakes, PEOPLE) == {"p0": F(1, 2)}

    def test_shares_above_the_whole_are_refused(self) -> None:
        stakes = [Stake("t", "p0", F(2, 3)), Stake("t", "p1", F(1, 2))]

        with pytest.raises(errors.SharesExceedWhole):
            shares.list_effective_shares("t", stakes, PEOPLE)

    def test_an_enterprise_without_known_owners_has_none(self) -> None:
        assert shares.list_effective_shares("t", [], PEOPLE) == {}

    def test_a_chain_of_thousands_ends_in_time(self) -> None:
        length = 5_000
        stakes = [Stake(f"e{i}", f"e{i + 1}", F(9999, 10000)) for i in range(length)]
        stakes += [Stake(f"e{i}", f"q{i}", F(1, 10000)) for i in range(length)]
        people = frozenset(f"q{i}" for i in range(length))
        started = time.process_time()

        found = shares.list_effective_shares("e0", stakes, people)

        assert time.process_time() - started < 5
        assert len(found) == length
        expected = 1 - 0.9999**length
        assert abs(float(sum(found.values())) - expected) < 1e-9
