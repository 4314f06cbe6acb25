"""What the installed data says, and that it says so with its source."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from databases.code_lists import administrative_units, errors, package_files, reading, values
from databases.code_lists.catalogue import Catalogue


def _kinds(catalogue: Catalogue, list_code: str, version: str, on: date | None = None) -> Counter:
    codes = catalogue.list_codes(list_code, version)
    return Counter((code.as_of(on) if on else code).kind for code in codes)


class TestLoadCatalogue:
    @pytest.mark.parametrize(
        ("list_code", "version", "count"),
        [
            ("province", "124/2004", 63),
            ("province", "19/2025", 34),
            ("district", "124/2004", 696),
            ("commune", "124/2004", 10_035),
            ("commune", "19/2025", 3_321),
            ("pin_prefix", "07/2016", 63),
            ("ethnic_group", "121/1979", 55),
            ("country", "2020", 249),
            ("sex", "109/2017", 3),
            ("marital_status", "109/2017", 4),
            ("blood_group", "109/2017", 5),
        ],
    )
    def test_holds_every_code_of_the_list(
        self, catalogue: Catalogue, list_code: str, version: str, count: int
    ) -> None:
        assert len(catalogue.list_codes(list_code, version)) == count

    @pytest.mark.parametrize(("version", "levels"), [("27/2018", (21, 88)), ("36/2025", (22, 87))])
    def test_holds_the_two_upper_levels_of_both_vsic(
        self, catalogue: Catalogue, version: str, levels: tuple[int, int]
    ) -> None:
        found = Counter(code.level for code in catalogue.list_codes("vsic", version))

        assert (found[1], found[2]) == levels
        assert len(found) == 2

    def test_puts_every_vsic_division_under_a_section(self, catalogue: Catalogue) -> None:
        for code in catalogue.list_codes("vsic"):
            parent = catalogue.find_parent(code)
            assert (parent is None) == (code.level == 1)

    def test_names_vsic_sections_by_their_own_version(self, catalogue: Catalogue) -> None:
        old = catalogue.get("vsic", "27/2018", "K").name
        new = catalogue.get("vsic", "36/2025", "L").name

        assert old == new
        assert catalogue.get("vsic", "36/2025", "K").name != old

    def test_agrees_on_the_kinds_of_districts(self, catalogue: Catalogue) -> None:
        expected = {"huyen": 508, "thanh_pho": 87, "thi_xa": 52, "quan": 49}

        assert _kinds(catalogue, "district", "124/2004") == expected

    def test_reads_the_kind_of_a_commune_from_its_name(self, catalogue: Catalogue) -> None:
        # The package's own column differs from the names in a few rows (7,695 / 1,724 / 616).
        expected = {"xa": 7_692, "phuong": 1_726, "thi_tran": 617}

        assert _kinds(catalogue, "commune", "124/2004") == expected

    def test_keeps_commune_codes_unique_and_five_digits_long(self, catalogue: Catalogue) -> None:
        for code in catalogue.list_codes("commune"):
            assert len(code.code) == 5
            assert code.code.isdecimal()

    def test_gives_every_unit_an_existing_parent(self, catalogue: Catalogue) -> None:
        for list_code in ("district", "commune"):
            for code in catalogue.list_codes(list_code):
                assert catalogue.find_parent(code) is not None

    def test_reads_names_and_codes_of_the_63_provinces_as_our_table_has_them(
        self, catalogue: Catalogue
    ) -> None:
        for prefix in catalogue.list_codes("pin_prefix", "07/2016"):
            province = catalogue.get("province", "124/2004", prefix.attributes["province_code"])
            assert prefix.code == "0" + province.code
            assert province in catalogue.find_by_name("province", "124/2004", prefix.name)

    def test_carries_agency_code_and_projection_of_a_province(self, catalogue: Catalogue) -> None:
        attributes = catalogue.get("province", "124/2004", "22").attributes

        assert attributes["agency_code"] == "H49"
        assert attributes["cadastral_epsg"] == "5899"
        assert attributes["cadastral_meridian"] == "107.75"

    def test_maps_provinces_as_our_table_and_the_communes_both_say(
        self, catalogue: Catalogue
    ) -> None:
        for commune in catalogue.list_codes("commune", "124/2004"):
            district = catalogue.get("district", "124/2004", commune.parent_code or "")
            (province,) = catalogue.convert(
                "province", district.parent_code or "", "124/2004", "19/2025"
            )
            for new in catalogue.convert("commune", commune.code, "124/2004", "19/2025"):
                assert new.code.parent_code == province.code.code

    def test_marks_five_special_zones_as_formed_from_a_district(self, catalogue: Catalogue) -> None:
        zones = {
            code.code: code.attributes["formed_from_district"]
            for code in catalogue.list_codes("commune", "19/2025")
            if "formed_from_district" in code.attributes
        }

        assert sorted(zones) == ["11948", "19742", "20333", "21548", "26732"]
        assert zones["26732"] == "755"
        for zone in zones:
            assert catalogue.convert("commune", zone, "19/2025", "124/2004") == ()

    def test_excludes_codes_that_are_no_countries(self, catalogue: Catalogue) -> None:
        for code in ("EU", "UN", "XK", "ZZ", "AC"):
            assert catalogue.find("country", "2020", code) is None
        assert catalogue.get("country", "2020", "VN").name == "Việt Nam"
        assert catalogue.get("country", "2020", "FR").attributes["name_en"] == "France"

    def test_retires_ministries_and_says_who_followed(self, catalogue: Catalogue) -> None:
        (heir,) = catalogue.convert("agency", "G05", "20/2020", "09/2025")
        divided = catalogue.convert("agency", "G07", "20/2020", "09/2025")

        assert heir.code.code == "G12"
        assert catalogue.find("agency", "09/2025", "G05") is None
        assert {candidate.kind for candidate in divided} == {values.Relation.PART}

    def test_marks_codes_of_provinces_after_the_merger_as_uncertain(
        self, catalogue: Catalogue
    ) -> None:
        assert catalogue.get("agency", "09/2025", "H01").confidence is values.Confidence.LOW
        assert catalogue.get("agency", "20/2020", "H01").confidence is values.Confidence.MEDIUM

    def test_names_package_version_and_hash_of_the_files_read(self, catalogue: Catalogue) -> None:
        version = catalogue.get_version("commune", "19/2025")
        source = {item.file_name: item for item in version.sources}["dataset.db"]
        path = package_files.locate("vietnamadminunits", "vietnamadminunits/data/dataset.db")

        assert source.publisher == "vietnamadminunits"
        assert source.publisher_version == "1.0.4"
        assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()

    def test_gives_every_version_a_source_file(self, catalogue: Catalogue) -> None:
        for version in catalogue.list_versions():
            assert version.sources
            assert version.instrument

    def test_overlays_dong_nai_from_its_day(self, catalogue: Catalogue) -> None:
        before, after = date(2026, 4, 29), date(2026, 4, 30)

        assert catalogue.get("province", "19/2025", "75", on=before).name == "Tỉnh Đồng Nai"
        assert catalogue.get("province", "19/2025", "75", on=after).name == "Thành phố Đồng Nai"
        assert _kinds(catalogue, "commune", "19/2025", before) == {
            "xa": 2_621,
            "phuong": 687,
            "dac_khu": 13,
        }
        assert _kinds(catalogue, "commune", "19/2025", after) == {
            "xa": 2_611,
            "phuong": 697,
            "dac_khu": 13,
        }

    def test_names_hue_by_the_day(self, catalogue: Catalogue) -> None:
        names = [
            catalogue.get("province", "124/2004", "46", on=day).name
            for day in (date(2024, 12, 31), date(2025, 1, 1))
        ]

        assert names == ["Tỉnh Thừa Thiên Huế", "Thành phố Huế"]


class TestReadCodeFile:
    def _write(self, tmp_path: Path, text: str) -> Path:
        path = tmp_path / "vsic.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def test_reads_level_and_parent_from_the_code(self, tmp_path: Path) -> None:
        path = self._write(tmp_path, "code,name\n011,Trồng cây hàng năm\n0111,Trồng lúa\n")

        group, klass = reading.read_code_file(path, "vsic", "36/2025")

        assert (group.level, group.parent_code) == (3, "01")
        assert (klass.level, klass.parent_code) == (4, "011")
        assert klass.source_name == "vsic.csv"

    def test_prefers_the_level_and_parent_that_are_given(self, tmp_path: Path) -> None:
        path = self._write(tmp_path, "code,name,level,parent\n01,Nông nghiệp,2,A\n")

        (code,) = reading.read_code_file(path, "vsic", "36/2025")

        assert (code.level, code.parent_code) == (2, "A")

    def test_joins_the_catalogue_under_its_parents(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        path = self._write(tmp_path, "code,name\n011,Trồng cây hàng năm\n")
        source = reading.describe_code_file(path)

        grown = catalogue.with_codes(reading.read_code_file(path, "vsic", "36/2025"), source)

        (child,) = grown.list_children("vsic", "36/2025", "01")
        assert child.code == "011"
        assert source in grown.get_version("vsic", "36/2025").sources
        assert catalogue.list_children("vsic", "36/2025", "01") == ()

    @pytest.mark.parametrize(
        "text",
        ["code\n01\n", "code,name\n01,\n", "code,name\n,Nông nghiệp\n", "code,name,level\n1,a,x\n"],
        ids=["no name column", "no name", "no code", "level is no number"],
    )
    def test_refuses_a_row_that_is_no_code(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(errors.UnreadableCodeFile):
            reading.read_code_file(self._write(tmp_path, text), "vsic", "36/2025")

    def test_refuses_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "latin.csv"
        path.write_bytes("code,name\n01,Trồng lúa\n".encode("utf-16"))

        with pytest.raises(errors.UnreadableCodeFile):
            reading.read_code_file(path, "vsic", "36/2025")


class TestCodeText:
    @pytest.mark.parametrize("raw", [4.0, "4.0", 4, "4", "00004"])
    def test_undoes_the_number_a_table_made_of_a_code(self, raw: object) -> None:
        assert administrative_units.code_text(raw, 5) == "00004"


class TestLocate:
    def test_says_which_package_is_missing(self) -> None:
        with pytest.raises(errors.PackageDataMissing, match="no-such-package"):
            package_files.locate("no-such-package", "data.db")
