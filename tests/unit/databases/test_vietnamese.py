"""The keys compare what people write alike, and making a key twice changes nothing."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from databases import vietnamese

_LETTERS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯYbcdđDĐghklmnpqrstvxfjwzÐðHòaThủyQuýgì '’-–.\u0300\u0301\u0309"
_TEXTS = st.one_of(st.text(), st.text(alphabet=_LETTERS, max_size=20))
_KEYS = [vietnamese.fold, vietnamese.tone_key, vietnamese.iy_key, vietnamese.name_key]


class TestKeys:
    @pytest.mark.parametrize("key", _KEYS)
    @given(text=_TEXTS)
    @example(text="Nguyễn Thị Thuý Hòa")
    @example(text="H’Hen Niê")
    def test_are_idempotent(self, key, text: str) -> None:
        once = key(text)

        assert key(once) == once

    @pytest.mark.parametrize("key", _KEYS)
    @given(text=st.text(alphabet=_LETTERS, max_size=20))
    def test_do_not_depend_on_composition(self, key, text: str) -> None:
        composed = unicodedata.normalize("NFC", text)
        decomposed = unicodedata.normalize("NFD", text)

        assert key(composed) == key(decomposed)


class TestToneKey:
    @pytest.mark.parametrize(
        ("older", "newer"),
        [
            ("hòa", "hoà"),
            ("hỏe", "hoẻ"),
            ("thủy", "thuỷ"),
            ("úy", "uý"),
            ("loạt", "loạt"),
            ("tòan", "toàn"),
            ("khủyu", "khuỷu"),
            ("qùy", "quỳ"),
            ("gìa", "già"),
            ("Hòa Bình", "Hoà Bình"),
        ],
    )
    def test_moves_the_tone_to_one_place(self, older: str, newer: str) -> None:
        assert vietnamese.tone_key(older) == vietnamese.tone_key(newer)

    @pytest.mark.parametrize(
        ("one", "other"), [("hoa", "hoà"), ("dung", "đung"), ("lan", "lân"), ("bán", "bàn")]
    )
    def test_keeps_apart_what_sounds_different(self, one: str, other: str) -> None:
        assert vietnamese.tone_key(one) != vietnamese.tone_key(other)

    @pytest.mark.parametrize("word", ["lụa", "lửa", "bìa", "mía", "của", "tới", "cười", "nguyễn"])
    def test_leaves_a_tone_in_its_place(self, word: str) -> None:
        assert vietnamese.tone_key(word) == word


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Lý", "Lí"),
            ("Mỹ", "Mĩ"),
            ("Sĩ", "Sỹ"),
            ("Quý", "Quí"),
            ("Thúy", "Thuý"),
            ("Đặng", "Ðặng"),
            ("Ea H'Leo", "Ea H’Leo"),
            ("NGUYỄN VĂN AN", "nguyen van an"),
            ("Lê\u00a0 Lợi", " Lê Lợi "),
        ],
    )
    def test_is_equal_for_spellings_of_one_name(self, one: str, other: str) -> None:
        assert vietnamese.name_key(one) == vietnamese.name_key(other)

    @pytest.mark.parametrize(("one", "other"), [("Huy", "Hui"), ("Thúy", "Thúi"), ("Tay", "Tai")])
    def test_keeps_y_after_a_vowel(self, one: str, other: str) -> None:
        assert vietnamese.name_key(one) != vietnamese.name_key(other)
