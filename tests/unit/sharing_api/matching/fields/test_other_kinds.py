import numpy as np
import pyarrow as pa
import pytest

from sharing_api.matching.fields import categories, dates, numbers, organisation_name, places, texts
from tests.unit.sharing_api.matching.fields.pairs import level_of, meet


class TestDates:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            pytest.param("1985-03-12", "12/03/1985", "same", id="two forms"),
            pytest.param("12.3.1985", "19850312", "same", id="two more forms"),
            pytest.param("12-Mar-1985", "1985-03-12T00:00:00", "same", id="and two more"),
            pytest.param("1985", "12/03/1985", "part_unknown", id="year alone"),
            pytest.param("03/1985", "12/03/1985", "part_unknown", id="month and year"),
            pytest.param("04/1985", "12/03/1985", "same_year", id="another month"),
            pytest.param("12/03/1985", "03/12/1985", "swapped", id="day and month swapped"),
            pytest.param("12/03/1985", "12/03/1986", "one_digit", id="a digit of the year"),
            pytest.param("12/03/1985", "12/03/1958", "one_digit", id="neighbours swapped"),
            pytest.param("12/03/1985", "12/03/2004", "same_birthday", id="another year"),
            pytest.param("12/03/1985", "29/03/1985", "same_month", id="another day"),
            pytest.param("12/03/1985", "29/11/1985", "same_year", id="the year"),
            pytest.param("12/03/1985", "29/11/1984", "next_year", id="the year before"),
            pytest.param("12/03/1985", "29/11/1950", "different", id="nothing"),
            pytest.param("", "12/03/1985", "missing", id="empty"),
            pytest.param("31/02/85x/9", "12/03/1985", "missing", id="unreadable"),
        ],
    )
    def test_names_the_likeness(self, left: str, right: str, level: str) -> None:
        assert level_of(dates.Dates, dates.LEVELS, left, right) == level

    def test_fillers_say_less(self) -> None:
        born = dates.Dates(pa.array(["01/01/1960"] * 50 + ["17/08/1960"] * 2))
        filler, day = (
            born.chance(dates.SAME, np.array([row]), np.array([row + 1])) for row in (0, 50)
        )

        assert filler is not None
        assert day is not None
        assert filler[0] > 10 * day[0]

    def test_swapped_days_meet(self) -> None:
        assert meet(dates.Dates, "12/03/1985", "03/12/1985", "birth_date")

    def test_known_months_tell_as_much_whether_parts_are_often_unknown_or_seldom(self) -> None:
        """What true pairs reach the level, and strangers, grows by the same share of pairs."""
        chances = []
        for partial in (4, 40):
            texts = ["05/1960"] * partial + ["17/08/1960"] * (80 - partial) + ["17/08/1961"] * 20
            born = dates.Dates(pa.array(texts))
            chance = born.chance(dates.PART_UNKNOWN, np.array([0]), np.array([1]))
            assert chance is not None
            chances.append(chance[0])
        seldom, often = 1 - 0.96**2, 1 - 0.6**2
        assert chances[0] == pytest.approx(0.8 / 12 * seldom)
        assert chances[1] == pytest.approx(0.8 / 12 * often)

    def test_years_alone_tell_less_than_months(self) -> None:
        born = dates.Dates(pa.array(["1960", "05/1960", "05/1960", "17/08/1975"]))
        by_year, by_month = (
            born.chance(dates.PART_UNKNOWN, np.array([row]), np.array([2])) for row in (0, 1)
        )
        assert by_year is not None
        assert by_month is not None
        assert by_year[0] == pytest.approx(12 * by_month[0])


class TestNumbers:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("001190000018", "001 190 000 018", "same"),
            ("001190000018", "001190000081", "typing_error"),
            ("001190000018", "00119000018", "typing_error"),
            ("001190000018", "079085000047", "different"),
            ("001190000018", "123456789", "missing"),  # an old card: another kind of number
            ("000000000000", "000000000000", "missing"),  # a filler is no number
        ],
    )
    def test_names_the_likeness(self, left: str, right: str, level: str) -> None:
        assert level_of(numbers.Numbers, numbers.LEVELS, left, right) == level

    @pytest.mark.parametrize("written", ["01201234567", "+84 120 123 4567", "0701234567"])
    def test_reads_telephones_of_all_times(self, written: str) -> None:
        found = level_of(numbers.Telephones, numbers.LEVELS, written, "070 123 4567")

        assert found == "same"


class TestPlaces:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            pytest.param(
                "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh",
                "P.Bến Nghé, Q.1, TP.HCM",
                "same_commune",
                id="abbreviated",
            ),
            pytest.param(
                "Xã Đạ Tẻh, Tỉnh Lâm Đồng",
                "Thị trấn Đạ Tẻh, Huyện Đạ Tẻh, Tỉnh Lâm Đồng",
                "same_commune",
                id="before and after the reform",
            ),
            pytest.param(
                "Xã Đạ Tẻh, Tỉnh Lâm Đồng", "Xã Ia Grai, Tỉnh Gia Lai", "different", id="elsewhere"
            ),
            pytest.param("", "Xã Ia Grai, Tỉnh Gia Lai", "missing", id="empty"),
            pytest.param(
                "Phường 1", "Phường 1, Quận 3, Thành phố Hồ Chí Minh", "missing", id="one of many"
            ),
            pytest.param("12 High Street", "Xã Ia Grai, Tỉnh Gia Lai", "missing", id="abroad"),
        ],
    )
    def test_names_the_likeness(self, left: str, right: str, level: str) -> None:
        assert level_of(places.Places, places.LEVELS, left, right) == level

    def test_are_judged_by_the_written_ones(self) -> None:
        written = ["Xã Đạ Tẻh, Tỉnh Lâm Đồng", "", "", ""]

        assert places.Places(pa.array(written)).share_read == 1.0


class TestOrganisationNames:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("CÔNG TY TNHH MINH LONG", "Công ty TNHH Minh Long", "same"),
            ("Công ty trách nhiệm hữu hạn Minh Long", "Cty TNHH MTV Minh Long", "form_differs"),
            ("Công ty CP Long Minh", "Công ty TNHH Minh Long", "order_differs"),
            ("Công ty TNHH Minh Long Phát", "Công ty TNHH Minh Long", "word_missing"),
            ("Công ty TNHH Thịnh Vượng", "Công ty TNHH Thịnh Vuợg", "typing_error"),
            ("Công ty TNHH Minh Long", "Công ty TNHH Hoa Sen Vàng", "different"),
            ("", "Công ty TNHH Minh Long", "missing"),
        ],
    )
    def test_names_the_likeness(self, left: str, right: str, level: str) -> None:
        kind, levels = organisation_name.OrganisationNames, organisation_name.LEVELS
        assert level_of(kind, levels, left, right) == level

    def test_keeps_a_name_that_is_all_form(self) -> None:
        kind, levels = organisation_name.OrganisationNames, organisation_name.LEVELS
        assert level_of(kind, levels, "Công ty Xây dựng", "Công ty Thương mại") == "different"


class TestCategories:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("Nam", "male", "same"),
            ("Nữ", "M", "different"),
            ("", "Nam", "missing"),
            ("0", "Nam", "missing"),
            ("không rõ", "Nữ", "missing"),
        ],
    )
    def test_reads_sexes(self, left: str, right: str, level: str) -> None:
        assert level_of(categories.Sexes, categories.LEVELS, left, right) == level


class TestTexts:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("Painter", "painter ", "same"),
            ("cricketer", "crickter", "nearly_same_letters"),
            ("painter", "printer", "similar_letters"),
            ("painter", "judge", "different"),
            ("", "judge", "missing"),
        ],
    )
    def test_names_the_likeness(self, left: str, right: str, level: str) -> None:
        assert level_of(texts.Texts, texts.LEVELS, left, right) == level
