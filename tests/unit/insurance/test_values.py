"""Numbers and codes of the register, and what of them is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurance import errors, values
from insurance.values import CardCode, CardForm

DIGITS = st.text("0123456789", min_size=10, max_size=10)


class TestCardCode:
    @given(group=st.sampled_from(["DN", "HN", "TE"]), level=st.integers(1, 5), number=DIGITS)
    def test_of_fifteen_characters_holds_group_and_number(
        self, group: str, level: int, number: str
    ) -> None:
        code = CardCode.parse(f" {group.lower()} {level} 96 {number} ")

        assert (code.form, code.object_code, code.number) == (CardForm.GROUPED, group, number)
        assert code.text == f"{group}{level}96{number}"

    @given(number=DIGITS)
    def test_of_digits_is_the_number(self, number: str) -> None:
        assert CardCode.parse(number).form is CardForm.BOOK
        assert CardCode.parse(f"00{number}").form is CardForm.PERSONAL

    @pytest.mark.parametrize(
        "text",
        ["", "DN0969600000001", "DN6969600000001", "D14969600000001", "960000001", "96000000011",
         "٩٦٠٠٠٠٠٠٠١", "DN496960000000", "DN49696000000011"],
    )  # fmt: skip
    def test_of_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(errors.MalformedNumber) as refusal:
            CardCode.parse(text)

        assert refusal.value.fields[0].rule == "card_code.shape"
        assert text == "" or text not in refusal.value.message


class TestShapes:
    @pytest.mark.parametrize(
        ("require", "good", "bad"),
        [
            (values.require_social_insurance_no, "9600000001", "096085000001"),
            (values.require_participant_no, "096085000001", "96000000011"),
            (values.require_facility_code, "96001", "9600"),
            (values.require_unit_code, "YN0123Z", "yn0123z"),
        ],
    )
    def test_are_checked(self, require: Callable[[str], str], good: str, bad: str) -> None:
        assert require(good) == good
        with pytest.raises(errors.MalformedNumber):
            require(bad)
