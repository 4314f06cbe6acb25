"""What a registration must say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from land import errors
from land.rules import registrations
from land.values.kinds import LegalForm, RightKind, SourceKind, SpaceKind
from land.values.papers import Certificate, Source
from land.values.parcels import LegalSpace, Parcel
from land.values.parties import Party
from land.values.registrations import FirstRegistration
from land.values.rights import Holder, Right

PARCEL = Parcel("P1", "00004", "19/2025", "01", Decimal(400))
RIGHT = Right(
    "R1",
    "P1",
    RightKind.LAND_USE,
    LegalForm.SINGLE,
    (Holder(Party("pin:001084000999"), "An"),),
)
HOUSE = LegalSpace("H1", "P1", SpaceKind.HOUSE, "Nhà ở")
OWNERSHIP = replace(RIGHT, right_id="R2", kind=RightKind.ASSET_OWNERSHIP, legal_space_id="H1")
PAPER = Certificate("C1", "CB 246904", ("R1",), issued_on=date(2020, 3, 1))
WHOLE = FirstRegistration(PARCEL, (RIGHT, OWNERSHIP), (PAPER,), (HOUSE,))


class TestRequireComplete:
    def test_accepts_records_that_fit(self) -> None:
        registrations.require_complete(WHOLE)

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"rights": (replace(RIGHT, parcel_id="P2"),)}, errors.WrongParcel),
            ({"spaces": ()}, errors.WrongParcel),
            ({"spaces": (replace(HOUSE, parcel_id="P2"),)}, errors.WrongParcel),
            ({"sources": (Source("s", "P1", SourceKind.OTHER, "?"),)}, errors.WrongParcel),
            ({"sources": (Source("S1", "P2", SourceKind.OTHER, "?"),)}, errors.WrongParcel),
            ({"certificates": (replace(PAPER, right_ids=()),)}, errors.WrongCertificate),
            ({"certificates": (replace(PAPER, right_ids=("R9",)),)}, errors.WrongCertificate),
        ],
        ids=[
            "right elsewhere",
            "space missing",
            "space elsewhere",
            "name without form",
            "paper elsewhere",
            "certificate of nothing",
            "certificate of an unknown right",
        ],
    )
    def test_refuses(self, changes: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error):
            registrations.require_complete(replace(WHOLE, **changes))


class TestRequireSpace:
    @pytest.mark.parametrize(
        "changes",
        [{"legal_space_id": None}, {"parcel_id": "P2"}, {"kind": RightKind.LAND_USE}],
        ids=["over the parcel", "elsewhere", "to use land"],
    )
    def test_refuses_rights_over_something_else(self, changes: dict[str, Any]) -> None:
        with pytest.raises(errors.WrongParcel):
            registrations.require_space(HOUSE, [replace(OWNERSHIP, **changes)])

    def test_accepts_its_owner(self) -> None:
        registrations.require_space(HOUSE, [OWNERSHIP])


class TestNumberWarnings:
    @pytest.mark.parametrize(
        ("text", "issued_on", "rules"),
        [
            ("CB 246904", date(2020, 3, 1), []),
            ("Seri CB 246904", date(2020, 3, 1), []),
            ("", None, ["issue_number.empty"]),
            ("CB 246 9O4", None, ["issue_number.letters_for_digits"]),
            ("AA 12345678", date(2024, 12, 31), ["issue_number.before_its_form"]),
            ("AA 12345678", date(2025, 1, 1), []),
        ],
    )
    def test_name_each_doubt(self, text: str, issued_on: date | None, rules: list[str]) -> None:
        paper = replace(PAPER, number_as_written=text, issued_on=issued_on)

        assert [one.rule for one in registrations.number_warnings(paper)] == rules
