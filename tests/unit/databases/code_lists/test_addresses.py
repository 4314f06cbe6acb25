"""Written addresses and what they may mean; the people and firms behind them are invented."""

import pytest

from databases.code_lists import addresses, errors
from databases.code_lists.catalogue import Catalogue

OLD, NEW = "124/2004", "19/2025"


class TestResolveAddress:
    @pytest.mark.parametrize(
        ("text", "street", "commune"),
        [
            (
                "Số 989, đường Lý Thường Kiệt, Phường 6, Thành phố Cà Mau, Tỉnh Cà Mau, Việt Nam",
                "Số 989, đường Lý Thường Kiệt",
                "32017",
            ),
            ("12 Lê Lợi, P15, Q.10, TP.HCM", "12 Lê Lợi", "27163"),
            ("12 Lê Lợi, P.15, Q10, TP. HCM", "12 Lê Lợi", "27163"),
            ("12 Lê Lợi, Phường 015, Quận 10, Tp Hồ Chí Minh", "12 Lê Lợi", "27163"),
            ("Ấp 2, TT. Sông Đốc, H. Trần Văn Thời, T. Cà Mau", "Ấp 2", "32098"),
            ("Ấp 2 - TT. Sông Đốc - H. Trần Văn Thời - Cà Mau", "Ấp 2", "32098"),
            ("ấp 2 Thị trấn Sông Đốc Huyện Trần Văn Thời Tỉnh Cà Mau", "ấp 2", "32098"),
            ("ap 2, thi tran song doc, huyen tran van thoi, ca mau", "ap 2", "32098"),
            ("Thôn 1 X. Ea H’Leo, H. Ea H'leo, T. Đắk Lắk", "Thôn 1", "24184"),
            ("Phường Vĩ Dạ, Q. Thuận Hoá, TP. Huế", "", "19777"),
            ("Phường Vỹ Dạ, Quận Thuận Hóa, Thừa Thiên Huế", "", "19777"),
        ],
    )
    def test_names_the_commune_of_three_levels(
        self, catalogue: Catalogue, text: str, street: str, commune: str
    ) -> None:
        match = addresses.resolve_address(catalogue, text, OLD)

        assert match.status is addresses.Status.EXACT
        assert [candidate.commune.code for candidate in match.candidates] == [commune]
        assert match.street_text == street

    @pytest.mark.parametrize(
        ("text", "commune"),
        [
            ("Số 5, Phường Tân Thành, Tỉnh Cà Mau", "32025"),
            ("Đặc khu Côn Đảo, TP HCM", "26732"),
            ("Xã Long Thành, Tỉnh Đồng Nai", "26368"),
            ("Phường Long Thành, Thành phố Đồng Nai", "26368"),
            ("Xã Ba Tơ, Quảng Ngãi", "21484"),
        ],
    )
    def test_names_the_commune_of_two_levels(
        self, catalogue: Catalogue, text: str, commune: str
    ) -> None:
        match = addresses.resolve_address(catalogue, text, NEW)

        assert match.status is addresses.Status.EXACT
        (candidate,) = match.candidates
        assert candidate.commune.code == commune
        assert candidate.district is None

    def test_gives_both_communes_that_differ_in_lost_diacritics(self, catalogue: Catalogue) -> None:
        match = addresses.resolve_address(catalogue, "xa ba to, quang ngai", NEW)

        assert match.status is addresses.Status.AMBIGUOUS
        assert [item.commune.name for item in match.candidates] == ["Xã Ba Tơ", "Xã Ba Tô"]

    def test_gives_all_wards_of_a_number_named_alone(self, catalogue: Catalogue) -> None:
        match = addresses.resolve_address(catalogue, "Phường 1", OLD)

        assert match.status is addresses.Status.AMBIGUOUS
        assert len(match.candidates) == 33

    def test_is_not_certain_when_two_wards_are_written(self, catalogue: Catalogue) -> None:
        match = addresses.resolve_address(catalogue, "khu phường 1 - phường 9, Tỉnh Cà Mau", OLD)

        assert match.status is addresses.Status.AMBIGUOUS
        assert {item.commune.name for item in match.candidates} == {"Phường 1", "Phường 9"}

    def test_is_not_certain_against_another_district(self, catalogue: Catalogue) -> None:
        text = "Xã Tân Hưng, Huyện Năm Căn, Tỉnh Cà Mau"

        match = addresses.resolve_address(catalogue, text, OLD)

        assert match.status is addresses.Status.AMBIGUOUS
        (candidate,) = match.candidates
        assert candidate.district is not None
        assert candidate.district.name == "Huyện Cái Nước"

    def test_names_who_took_in_a_ward_merged_before_the_reform(self, catalogue: Catalogue) -> None:
        text = "Số 1, Phường 4, Thành phố Cà Mau, Tỉnh Cà Mau"

        match = addresses.resolve_address(catalogue, text, OLD)

        assert match.status is addresses.Status.AMBIGUOUS
        (candidate,) = match.candidates
        assert candidate.commune.name == "Phường 2"
        assert candidate.evidence[-1] == "former_commune"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Việt Nam",
            "Số 24, đường Nguyễn Du, khóm 5, Tỉnh Cà Mau, Việt Nam",
            "Phường 1, Quận 1, Hà Nội",
        ],
        ids=["empty", "country only", "no commune", "no such commune in the province"],
    )
    def test_leaves_what_names_no_commune_unresolved(self, catalogue: Catalogue, text: str) -> None:
        match = addresses.resolve_address(catalogue, text, OLD)

        assert match == addresses.AddressMatch(text, (), addresses.Status.UNRESOLVED)

    def test_leads_from_an_old_address_to_every_new_commune(self, catalogue: Catalogue) -> None:
        match = addresses.resolve_address(catalogue, "Phường 6, TP. Cà Mau, Cà Mau", OLD)
        (candidate,) = match.candidates

        found = catalogue.convert("commune", candidate.commune.code, OLD, NEW)

        assert found
        assert {item.code.parent_code for item in found} == {"96"}

    def test_finds_every_commune_by_its_own_full_address(self, catalogue: Catalogue) -> None:
        lost = []
        for commune in catalogue.list_codes("commune", OLD):
            district = catalogue.find_parent(commune)
            assert district is not None
            province = catalogue.find_parent(district)
            assert province is not None
            text = f"{commune.name}, {district.name}, {province.name}"
            match = addresses.resolve_address(catalogue, text, OLD)
            if [item.commune.code for item in match.candidates] != [commune.code]:
                lost.append(text)

        assert lost == []

    def test_refuses_an_unknown_version(self, catalogue: Catalogue) -> None:
        with pytest.raises(errors.UnknownCodeList):
            addresses.resolve_address(catalogue, "Phường 1", "1/1999")
