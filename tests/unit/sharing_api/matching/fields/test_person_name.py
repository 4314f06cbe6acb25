import unicodedata

import numpy as np
import pyarrow as pa
import pytest

from sharing_api.matching.fields import person_name
from sharing_api.matching.fields.person_name import PersonNames
from tests.unit.sharing_api.matching.fields.pairs import level_of, meet

NAME = "Nguyễn Thị Thuỳ Trang"


class TestCompare:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            pytest.param(NAME, NAME.upper(), "same", id="upper case"),
            pytest.param(NAME, unicodedata.normalize("NFD", NAME), "same", id="decomposed"),
            pytest.param("Lê Thị Hoà", "Lê Thị Hòa", "same", id="tone placed the older way"),
            pytest.param("Ðặng Văn An", "Đặng Văn An", "same", id="eth for d with stroke"),
            pytest.param(NAME, "Nguyen Thi Thuy Trang", "signs_lost", id="signs lost"),
            pytest.param("Lý Thị Mỹ", "Li Thi Mi", "signs_lost", id="i for y and signs lost"),
            pytest.param("Nguyễn Mai", "Nguyễn Mại", "signs_differ", id="another tone"),
            pytest.param("Trần Văn An", "An Trần Văn", "order_differs", id="given name first"),
            pytest.param("Trần Văn An", "TrầnVăn An", "order_differs", id="joined words"),
            pytest.param("Trần Thị Mai", "Trần Mai", "middle_missing", id="Thị left out"),
            pytest.param("Trần Văn Anh", "Trần Văn An", "typing_error", id="letter left out"),
            pytest.param("Trần Văn An", "Trần Ngọc An", "same_ends", id="another middle name"),
            pytest.param("Nguyễn An", "Hoàng Thị An", "one_end_same", id="only the given name"),
            pytest.param("Trần Văn An", "Lê Ngọc Quỳnh", "different", id="nothing"),
            pytest.param("NguyÔn V¨n §øc", "Nguyễn Văn Đức", "same", id="TCVN3"),
            pytest.param("Nguyeãn Vaên Ñöùc", "Nguyễn Văn Đức", "same", id="VNI"),
            pytest.param("Nguyeenx Vawn An", "Nguyễn Văn An", "same", id="Telex"),
            pytest.param("H'Hen Niê", "H’Hen Niê", "same", id="apostrophes"),
            pytest.param("mary jane o'neill", "jane mary o'neill", "order_differs", id="others"),
            pytest.param("", NAME, "missing", id="empty"),
            pytest.param(None, NAME, "missing", id="null"),
            pytest.param(" - ", NAME, "missing", id="only signs"),
        ],
    )
    def test_names_the_likeness(self, left: str | None, right: str | None, level: str) -> None:
        assert level_of(PersonNames, person_name.LEVELS, left, right) == level


class TestKeys:
    @pytest.mark.parametrize(
        ("right", "key"),
        [
            pytest.param("Trang Nguyễn Thị Thuỳ", "name", id="order"),
            pytest.param("Nguyễn Thị Trang", "name_less_a_word", id="a word less"),
            pytest.param("Nguyen Thi Thuy Trangg", "first_word", id="last word mistyped"),
            pytest.param("Nguyễnthị Thuỳ Trang", "name", id="joined"),
            pytest.param("Nguyễn Hoa Trang", "ends", id="another middle name"),
        ],
    )
    def test_let_likely_names_meet(self, right: str, key: str) -> None:
        assert meet(PersonNames, NAME, right, key)

    def test_do_not_let_strangers_meet(self) -> None:
        assert not any(meet(PersonNames, NAME, "Lê Văn Bình", key) for key in ("name", "ends"))


class TestChance:
    def test_is_lower_for_a_rare_name(self) -> None:
        names = PersonNames(pa.array(["Nguyễn Văn An"] * 98 + ["Quàng Lò Xuyến"] * 2))
        common, rare = (
            names.chance(person_name.SAME, np.array([row]), np.array([row + 1])) for row in (0, 98)
        )

        assert common is not None
        assert rare is not None
        assert common[0] > 20 * rare[0]
