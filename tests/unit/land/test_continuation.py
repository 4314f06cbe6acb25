"""Split and merger: nothing that stood on the former parcels is lost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from land import errors
from land.rules import continuation
from land.values.kinds import LegalForm, LineageKind, RightKind
from land.values.parcels import Parcel
from land.values.parties import Party
from land.values.registrations import Part
from land.values.rights import Holder, Right

OWNER = Holder(Party("pin:001084000999"), "An")
OTHER = Holder(Party("pin:001185001234"), "Bình")
USE = Right("R1", "P1", RightKind.LAND_USE, LegalForm.SINGLE, (OWNER,))
LEASE = replace(USE, right_id="L1", kind=RightKind.LEASE, holders=(OTHER,), derived_from="R1")


def part(name: str, **right_ids: str) -> Part:
    return Part(Parcel(name, "00004", "19/2025", "01", Decimal(200)), right_ids)


class TestRequireReshaping:
    @pytest.mark.parametrize(
        ("kind", "befores", "afters"),
        [
            (LineageKind.SPLIT, ["P1"], ["P2"]),
            (LineageKind.SPLIT, ["P1", "P2"], ["P3", "P4"]),
            (LineageKind.SPLIT, ["P1"], ["P2", "P2"]),
            (LineageKind.SPLIT, ["P1"], ["P1", "P2"]),
            (LineageKind.MERGE, ["P1"], ["P2"]),
            (LineageKind.MERGE, ["P1", "P1"], ["P2"]),
        ],
    )
    def test_refuses(self, kind: LineageKind, befores: list[str], afters: list[str]) -> None:
        with pytest.raises(errors.WrongContinuation):
            continuation.require_reshaping(kind, befores, [part(name) for name in afters])

    def test_accepts_a_split_and_a_merger(self) -> None:
        continuation.require_reshaping(LineageKind.SPLIT, ["P1"], [part("P2"), part("P3")])
        continuation.require_reshaping(LineageKind.MERGE, ["P1", "P2"], [part("P3")])


class TestRequireRightsContinued:
    def test_accepts_a_lease_that_stays_on_one_part(self) -> None:
        parts = [part("P2", R1="R2", L1="L2"), part("P3", R1="R3")]

        continuation.require_rights_continued([USE, LEASE], parts)

    @pytest.mark.parametrize(
        ("parts", "rule"),
        [
            ([part("P2", R1="R2"), part("P3", R1="R3")], "rights.lost"),
            ([part("P2", R1="R2", L1="L2", R9="R9"), part("P3", R1="R3")], "rights.lost"),
            ([part("P2", R1="R2", L1="L2"), part("P3")], "rights.land_use"),
            ([part("P2", R1="R2", L1="L2"), part("P3", R1="R2")], "rights.name_twice"),
            ([part("P2", R1="R2", L1="R2"), part("P3", R1="R3")], "rights.joined"),
        ],
    )
    def test_refuses(self, parts: list[Part], rule: str) -> None:
        with pytest.raises(errors.WrongContinuation) as refused:
            continuation.require_rights_continued([USE, LEASE], parts)

        assert refused.value.fields[0].rule == rule

    def test_refuses_to_join_rights_of_other_shares(self) -> None:
        half = Fraction(1, 2)
        third = Fraction(1, 3)
        first = replace(
            USE,
            legal_form=LegalForm.SHARED,
            holders=(replace(OWNER, share=half), replace(OTHER, share=half)),
        )
        second = replace(
            first,
            right_id="R2",
            holders=(replace(OWNER, share=third), replace(OTHER, share=1 - third)),
        )

        with pytest.raises(errors.WrongContinuation):
            continuation.require_rights_continued([first, second], [part("P9", R1="R9", R2="R9")])


class TestRequireSpacesContinued:
    @pytest.mark.parametrize("named", [(), ("H1", "H2"), ("H1", "H1")])
    def test_refuses_to_lose_or_double_a_space(self, named: tuple[str, ...]) -> None:
        with pytest.raises(errors.WrongContinuation):
            continuation.require_spaces_continued(
                ["H1"], [replace(part("P2"), legal_space_ids=named)]
            )


class TestListContinued:
    def test_joins_rights_with_the_shorter_term(self) -> None:
        long = replace(USE, ends_on=date(2060, 1, 1))
        short = replace(USE, right_id="R2", ends_on=date(2050, 1, 1))

        (joined,) = continuation.list_continued([long, short], part("P9", R1="R9", R2="R9"))

        assert (joined.right_id, joined.parcel_id) == ("R9", "P9")
        assert joined.ends_on == date(2050, 1, 1)

    def test_grants_a_lease_out_of_the_new_right(self) -> None:
        found = continuation.list_continued([USE, LEASE], part("P2", R1="R2", L1="L2"))

        assert [one.derived_from for one in found] == [None, "R2"]
