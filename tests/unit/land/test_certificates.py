"""Issue numbers as people write them."""

import pytest

from land import errors
from land.rules import certificates
from land.values.kinds import NumberForm


class TestReadNumber:
    @pytest.mark.parametrize(
        ("text", "number", "form"),
        [
            ("CB 246904", "CB246904", NumberForm.LETTERS_6),
            ("cb246904", "CB246904", NumberForm.LETTERS_6),
            ("AA 12345678", "AA12345678", NumberForm.LETTERS_8),
            ("Đ 123456", "Đ123456", NumberForm.LETTER_6),
        ],
    )
    def test_gives_the_normal_form(self, text: str, number: str, form: NumberForm) -> None:
        read = certificates.read_number(text)

        assert (read.number, read.form, read.flags) == (number, form, ())

    @pytest.mark.parametrize(
        "text",
        [
            "Số phát hành: CB 246904",
            "SỐ PHÁT HÀNH CB246904",
            "Seri: CB 246904",
            "số CB 246904",
            "So\u0302\u0301 pha\u0301t ha\u0300nh: CB 246904",
        ],
    )
    def test_takes_labels_away(self, text: str) -> None:
        read = certificates.read_number(text)

        assert (read.number, read.flags) == ("CB246904", ("label_removed",))

    @pytest.mark.parametrize("text", ["C.B-246904", "cb 246.904", "CB 246 904"])
    def test_says_that_something_stood_between(self, text: str) -> None:
        read = certificates.read_number(text)

        assert (read.number, read.flags) == ("CB246904", ("separators_removed",))
        assert read.is_certain

    @pytest.mark.parametrize("text", ["SOAN 276270", "SỐAN 276270", "SÔAN276270"])
    def test_unsticks_the_label_of_a_scan(self, text: str) -> None:
        read = certificates.read_number(text)

        assert (read.number, read.flags) == ("AN276270", ("label_stuck",))

    def test_leaves_letters_that_are_the_number_s_own(self) -> None:
        assert certificates.read_number("SO 276270").number == "SO276270"

    def test_marks_what_it_had_to_guess(self) -> None:
        read = certificates.read_number("CB 246 9O4")

        assert read.number == "CB246904"
        assert not read.is_certain

    @pytest.mark.parametrize("text", ["", "   "])
    def test_says_that_there_is_nothing(self, text: str) -> None:
        assert certificates.read_number(text).flags == ("empty",)

    @pytest.mark.parametrize(
        "text", ["chưa cấp", "12345", "CB 12345", "CBX 123456", "CB 123456789"]
    )
    def test_reads_nothing_into_what_is_no_number(self, text: str) -> None:
        read = certificates.read_number(text)

        assert (read.number, read.flags[-1]) == (None, "unreadable")

    def test_keeps_a_number_of_no_known_form_and_says_so(self) -> None:
        read = certificates.read_number("CB 1234567")

        assert (read.number, read.form) == ("CB1234567", NumberForm.OTHER)
        assert read.flags == ("unknown_form",)


class TestRequireNumber:
    def test_refuses_a_guess(self) -> None:
        with pytest.raises(errors.WrongCertificate):
            certificates.require_number("CB 246 9O4")

    def test_gives_what_is_certain(self) -> None:
        assert certificates.require_number("cb 246904") == "CB246904"
