"""The catalogue's answers, and the five traps of the reform of 1 July 2025."""

from collections import Counter
from datetime import date

import pytest

from databases import vietnamese
from databases.code_lists import errors, values
from databases.code_lists.catalogue import Catalogue

OLD, NEW = "124/2004", "19/2025"


class TestTraps:
    def test_trap_1_seven_province_codes_changed_their_name(self, catalogue: Catalogue) -> None:
        last_day = date(2025, 6, 30)
        changed = {
            new.code: (old.short_name, new.short_name)
            for new in catalogue.list_codes("province", NEW)
            if (old := catalogue.get("province", OLD, new.code, on=last_day)).short_name
            != new.short_name
        }

        assert changed == {
            "15": ("Yên Bái", "Lào Cai"),
            "24": ("Bắc Giang", "Bắc Ninh"),
            "44": ("Quảng Bình", "Quảng Trị"),
            "52": ("Bình Định", "Gia Lai"),
            "80": ("Long An", "Tây Ninh"),
            "82": ("Tiền Giang", "Đồng Tháp"),
            "91": ("Kiên Giang", "An Giang"),
        }

    def test_trap_1_the_old_codes_of_those_names_are_gone(self, catalogue: Catalogue) -> None:
        for code in ("10", "27", "45", "64", "72", "87", "89"):
            assert catalogue.find("province", NEW, code) is None

    def test_trap_2_commune_codes_are_reused_for_other_communes(self, catalogue: Catalogue) -> None:
        reused = [
            (old, new)
            for new in catalogue.list_codes("commune", NEW)
            if (old := catalogue.find("commune", OLD, new.code))
        ]
        same_name = [old for old, new in reused if old.name == new.name]

        assert catalogue.get("commune", OLD, "00004").name == "Phường Trúc Bạch"
        assert catalogue.get("commune", NEW, "00004").name == "Phường Ba Đình"
        assert len(reused) == 3_316
        # 1,166 in the data of another publisher, which spells five names otherwise.
        assert len(same_name) == 1_171

    def test_trap_3_the_mapping_is_many_to_many(self, catalogue: Catalogue) -> None:
        targets = Counter(
            len(catalogue.convert("commune", code.code, OLD, NEW))
            for code in catalogue.list_codes("commune", OLD)
        )

        # The statistics office's table has 9,592 / 369 / 54 / 17 / 1: this package counts more
        # divided communes and holds two communes more.
        assert targets == {1: 9_564, 2: 397, 3: 58, 4: 15, 5: 1}

    def test_trap_3_a_divided_commune_gives_every_part(self, catalogue: Catalogue) -> None:
        for code in catalogue.list_codes("commune", OLD):
            found = catalogue.convert("commune", code.code, OLD, NEW)
            kinds = {candidate.kind for candidate in found}
            assert kinds == {values.Relation.PART if len(found) > 1 else values.Relation.WHOLE}

    def test_trap_3_backward_finds_what_forward_said(self, catalogue: Catalogue) -> None:
        forward = {
            (code.code, found.code.code, found.kind)
            for code in catalogue.list_codes("commune", OLD)
            for found in catalogue.convert("commune", code.code, OLD, NEW)
        }
        backward = {
            (found.code.code, code.code, found.kind)
            for code in catalogue.list_codes("commune", NEW)
            for found in catalogue.convert("commune", code.code, NEW, OLD)
        }

        assert forward == backward
        assert len(forward) == 10_597

    def test_trap_4_full_names_are_unique_in_a_province_but_not_folded(
        self, catalogue: Catalogue
    ) -> None:
        spelled = Counter(
            (code.parent_code, vietnamese.tone_key(code.name))
            for code in catalogue.list_codes("commune", NEW)
        )
        folded = Counter(
            (code.parent_code, vietnamese.fold(code.name))
            for code in catalogue.list_codes("commune", NEW)
        )

        assert max(spelled.values()) == 1
        assert sum(count > 1 for count in folded.values()) == 8
        assert folded["51", "xa ba to"] == 2

    def test_trap_4_a_name_gives_all_its_communes(self, catalogue: Catalogue) -> None:
        assert len(catalogue.find_by_name("commune", NEW, "Xã Tân Tiến")) == 7
        assert len(catalogue.find_by_name("commune", OLD, "Phường 1")) == 33
        assert len(catalogue.find_by_name("commune", NEW, "Xã Ba Tơ", parent="51")) == 2

    @pytest.mark.parametrize(
        ("list_code", "version", "spellings"),
        [
            ("province", OLD, ("Hòa Bình", "Hoà Bình", "TỈNH HÒA BÌNH", "hoa binh")),
            ("commune", NEW, ("Xã Ea H'Leo", "Xã Ea H’Leo", "xã ea h'leo")),
            ("province", NEW, ("Đắk Lắk", "Ðắk Lắk", "dak lak")),
        ],
    )
    def test_trap_5_spellings_of_one_name_find_one_unit(
        self, catalogue: Catalogue, list_code: str, version: str, spellings: tuple[str, ...]
    ) -> None:
        found = {catalogue.find_by_name(list_code, version, name) for name in spellings}

        assert len(found) == 1
        assert len(found.pop()) == 1

    def test_trap_5_one_code_differs_between_publishers(self, catalogue: Catalogue) -> None:
        commune = catalogue.get("commune", NEW, "06970")

        assert commune.name == "Xã Ba Chẽ"
        assert commune.attributes["other_published_code"] == "06978"
        assert catalogue.find("commune", NEW, "06978") is None


class TestGet:
    def test_refuses_an_unknown_code_by_list_version_and_code(self, catalogue: Catalogue) -> None:
        with pytest.raises(errors.UnknownCode) as caught:
            catalogue.get("province", NEW, "10")

        unknown = caught.value
        assert (unknown.list_code, unknown.version, unknown.unknown) == ("province", NEW, "10")

    def test_refuses_an_unknown_version(self, catalogue: Catalogue) -> None:
        with pytest.raises(errors.UnknownCodeList):
            catalogue.get("province", "1/1999", "01")


class TestVersionOn:
    @pytest.mark.parametrize(("on", "version"), [(date(2025, 6, 30), OLD), (date(2025, 7, 1), NEW)])
    def test_changes_on_the_first_of_july(
        self, catalogue: Catalogue, on: date, version: str
    ) -> None:
        for list_code in ("province", "commune"):
            assert catalogue.version_on(list_code, on) == version

    def test_knows_no_districts_after_the_reform(self, catalogue: Catalogue) -> None:
        with pytest.raises(errors.NoVersionInForce):
            catalogue.version_on("district", date(2025, 7, 1))

    def test_refuses_an_unknown_list(self, catalogue: Catalogue) -> None:
        with pytest.raises(errors.UnknownCodeList):
            catalogue.version_on("hamlet", date(2025, 7, 1))


class TestConvert:
    def test_tells_an_unknown_code_from_one_without_predecessor(self, catalogue: Catalogue) -> None:
        assert catalogue.convert("commune", "26732", NEW, OLD) == ()
        with pytest.raises(errors.UnknownCode):
            catalogue.convert("commune", "99999", NEW, OLD)

    def test_refuses_an_unknown_target_version(self, catalogue: Catalogue) -> None:
        with pytest.raises(errors.UnknownCodeList):
            catalogue.convert("district", "001", OLD, NEW)

    def test_keeps_a_code_of_the_same_version(self, catalogue: Catalogue) -> None:
        (same,) = catalogue.convert("province", "01", NEW, NEW)

        assert (same.code.code, same.kind) == ("01", values.Relation.WHOLE)

    def test_gives_all_provinces_a_new_one_was_made_from(self, catalogue: Catalogue) -> None:
        found = catalogue.convert("province", "79", NEW, OLD)

        assert [candidate.code.code for candidate in found] == ["74", "77", "79"]


class TestConstruction:
    def _version(self) -> values.CodeListVersion:
        return values.CodeListVersion(
            "invented", "1", "Danh mục", "List", "none", values.Confidence.LOW, None, None
        )

    def test_refuses_a_code_twice(self) -> None:
        code = values.Code("invented", "1", "a", "A")

        with pytest.raises(errors.DuplicateCode):
            Catalogue([self._version()], [code, code], [])

    def test_refuses_a_succession_of_an_unknown_code(self) -> None:
        code = values.Code("invented", "1", "a", "A")
        step = values.Succession(
            "invented", "1", "a", "1", "b", values.Relation.WHOLE, date(2025, 1, 1)
        )

        with pytest.raises(errors.UnknownCode):
            Catalogue([self._version()], [code], [step])

    def test_refuses_a_code_of_an_unknown_list(self) -> None:
        with pytest.raises(errors.UnknownCodeList):
            Catalogue([], [values.Code("invented", "1", "a", "A")], [])
