"""Shares of rights, exactly."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from land import errors, values
from land.rules import shares
from land.values.kinds import LegalForm
from land.values.parties import Party
from land.values.rights import Holder
from tests.factories import land as factory

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def holder(number: int, share: Fraction = Fraction(1)) -> Holder:
    return Holder(Party(f"pin:{number:012d}"), f"Người {number}", share)


def ref(number: int) -> str:
    return f"pin:{number:012d}"


class TestRequireHolders:
    @pytest.mark.parametrize(
        ("form", "parts"),
        [
            (LegalForm.SINGLE, [Fraction(1)]),
            (LegalForm.SPOUSES, [HALF, HALF]),
            (LegalForm.SHARED, [THIRD, THIRD, THIRD]),
            (LegalForm.HOUSEHOLD, [HALF, Fraction(1, 4), Fraction(1, 4)]),
        ],
    )
    def test_accepts_shares_that_sum_to_one(self, form: LegalForm, parts: list[Fraction]) -> None:
        shares.require_holders(form, [holder(n, part) for n, part in enumerate(parts)])

    @pytest.mark.parametrize(
        "parts", [[HALF, THIRD], [HALF, HALF, Fraction(1, 10**12)], [THIRD, Fraction(333, 500)]]
    )
    def test_refuses_any_other_sum(self, parts: list[Fraction]) -> None:
        with pytest.raises(errors.SharesNotWhole):
            shares.require_holders(
                LegalForm.SHARED, [holder(n, part) for n, part in enumerate(parts)]
            )

    @pytest.mark.parametrize(
        ("form", "holders"),
        [
            (LegalForm.SINGLE, []),
            (LegalForm.SINGLE, [holder(1, HALF), holder(2, HALF)]),
            (LegalForm.SHARED, [holder(1)]),
            (LegalForm.SHARED, [holder(1, HALF), holder(1, HALF)]),
            (LegalForm.SPOUSES, [holder(1, HALF), holder(2, THIRD), holder(3, Fraction(1, 6))]),
        ],
    )
    def test_refuses_holders_that_do_not_fit(self, form: LegalForm, holders: list[Holder]) -> None:
        with pytest.raises(errors.WrongHolders):
            shares.require_holders(form, holders)


class TestListAfterDisposal:
    def test_leaves_out_who_gave_everything(self) -> None:
        after = shares.list_after_disposal([holder(1)], {ref(1): Fraction(1)}, [holder(2)])

        assert after == (holder(2),)

    def test_adds_to_what_somebody_held(self) -> None:
        before = [holder(1, HALF), holder(2, HALF)]

        after = shares.list_after_disposal(before, {ref(1): THIRD}, [holder(2, THIRD)])

        assert {one.party.ref: one.share for one in after} == {
            ref(1): Fraction(1, 6),
            ref(2): Fraction(5, 6),
        }

    @pytest.mark.parametrize("given_", [{ref(1): Fraction(2, 3)}, {ref(3): HALF}, {ref(1): 0}])
    def test_refuses_to_give_what_is_not_held(self, given_: dict[str, Fraction]) -> None:
        with pytest.raises(errors.NotTheHolder):
            shares.list_after_disposal([holder(1, HALF), holder(2, HALF)], given_, [])

    def test_refuses_to_receive_another_part_than_is_given(self) -> None:
        with pytest.raises(errors.SharesNotWhole):
            shares.list_after_disposal([holder(1)], {ref(1): HALF}, [holder(2, THIRD)])

    @given(
        some.lists(some.integers(1, 10**6), min_size=1, max_size=6),
        some.lists(some.integers(1, 10**6), min_size=1, max_size=6),
        some.integers(1, 10**6),
    )
    def test_never_loses_or_makes_a_part(
        self, held: list[int], received: list[int], divisor: int
    ) -> None:
        before = [holder(n, Fraction(part, sum(held))) for n, part in enumerate(held)]
        part = before[0].share / divisor
        others = [holder(n, part * one / sum(received)) for n, one in enumerate(received, start=3)]

        after = shares.list_after_disposal(before, {ref(0): part}, others)

        assert sum(one.share for one in after) == 1


class TestRequireUndividedWhole:
    @pytest.mark.parametrize("form", [LegalForm.SPOUSES, LegalForm.JOINT, LegalForm.HOUSEHOLD])
    def test_refuses_that_one_gives_alone(self, form: LegalForm) -> None:
        with pytest.raises(errors.NotTheHolder):
            shares.require_undivided_whole(form, [holder(1, HALF), holder(2, HALF)], {ref(1): HALF})

    def test_lets_all_give_everything(self) -> None:
        shares.require_undivided_whole(
            LegalForm.SPOUSES, [holder(1, HALF), holder(2, HALF)], {ref(1): HALF, ref(2): HALF}
        )

    def test_lets_a_co_owner_by_shares_give_alone(self) -> None:
        shares.require_undivided_whole(
            LegalForm.SHARED, [holder(1, HALF), holder(2, HALF)], {ref(1): HALF}
        )


class TestRequireNamed:
    @pytest.mark.parametrize(
        "changes",
        [{"name": " "}, {"birth_date": "84"}, {"birth_date": "01/02/1984"}],
        ids=["no name", "two digits", "other form"],
    )
    def test_refuses(self, changes: dict[str, Any]) -> None:
        with pytest.raises(errors.WrongHolders):
            shares.require_named(replace(holder(1), **changes))

    def test_refuses_a_reference_without_form(self) -> None:
        with pytest.raises(errors.MalformedParty):
            shares.require_named(replace(holder(1), party=Party("pin:1")))

    @pytest.mark.parametrize("birth_date", [None, "1984", "1984-02-01"])
    def test_accepts_a_year_or_a_day(self, birth_date: str | None) -> None:
        shares.require_named(replace(holder(1), birth_date=birth_date))


class TestCorrectHolder:
    HOLDERS = (factory.make_holder(),)

    def correct(self, party: values.Party, name: str, **more: str) -> values.Holder:
        identity = values.Identity(party, name, **more)
        _, after = shares.correct_holder(self.HOLDERS, factory.OWNER.ref, identity)
        return after

    def test_gives_the_number_to_a_name_and_keeps_the_share(self) -> None:
        after = self.correct(factory.BUYER, "NGUYỄN VĂN AN", birth_date="1984-02-01")

        assert (after.party, after.share) == (factory.BUYER, Fraction(1))
        assert after.birth_date == "1984-02-01"

    def test_gives_another_name_to_a_number(self) -> None:
        assert self.correct(factory.OWNER, "Trần Văn Ân").name == "Trần Văn Ân"

    def test_refuses_another_person(self) -> None:
        with pytest.raises(errors.WrongHolders):
            self.correct(factory.BUYER, "Trần Văn Ân")

    def test_refuses_a_name_that_is_empty(self) -> None:
        with pytest.raises(errors.WrongHolders):
            self.correct(factory.OWNER, " ")

    def test_refuses_somebody_who_holds_nothing(self) -> None:
        identity = values.Identity(factory.OWNER, "Nguyễn Văn An")

        with pytest.raises(errors.NotTheHolder):
            shares.correct_holder(self.HOLDERS, factory.BUYER.ref, identity)

    def test_refuses_the_number_of_another_holder(self) -> None:
        half = Fraction(1, 2)
        both = (
            factory.make_holder(share=half),
            factory.make_holder(factory.BUYER, half),
        )
        identity = values.Identity(factory.BUYER, "Nguyễn Văn An")

        with pytest.raises(errors.WrongHolders):
            shares.correct_holder(both, factory.OWNER.ref, identity)
