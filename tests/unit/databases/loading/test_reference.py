"""What a load knows of the code lists; the quick reading of addresses against the plain one."""

from datetime import date

import pytest

from databases.code_lists import addresses, reading
from databases.code_lists.catalogue import Catalogue
from databases.loading import reference


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return reading.load_catalogue()


class TestAddressReader:
    @pytest.mark.parametrize(
        "text",
        [
            "Số 989, đường Lý Thường Kiệt, Phường 6, Thành phố Cà Mau, Tỉnh Cà Mau, Việt Nam",
            "Ấp Công Nghiệp, Xã Lợi An, Huyện Trần Văn Thời, Tỉnh Cà Mau, Việt Nam",
            "12 Lê Lợi,  P.6 , TP. Cà Mau, T. Cà Mau",
            "Số 1; khóm 2; Phường 7; Thành phố Cà Mau; Tỉnh Cà Mau",
            "Phường 7, khóm 3, đường số 1, lô 2, Thành phố Cà Mau, Tỉnh Cà Mau, Việt Nam",
            "Phường 6, Thành phố Cà Mau, Tỉnh Cà Mau",
            "đường Phường 5, Phường 6, Thành phố Cà Mau, Tỉnh Cà Mau, Việt Nam",
            "Số 43/03, Tỉnh Cà Mau, Việt Nam",
            "Phường 1",
            "nowhere",
            ", ,",
        ],
    )
    def test_gives_what_reading_the_whole_address_gives(
        self, catalogue: Catalogue, text: str
    ) -> None:
        plain = addresses.resolve_address(catalogue, text, "124/2004")

        found = reference.address_reader(catalogue)(text, "124/2004")

        assert found.status == plain.status.value
        assert (found.street or "") == plain.street_text
        if plain.status is addresses.Status.EXACT:
            assert found.commune_code == plain.candidates[0].commune.code
            assert found.province_code == plain.candidates[0].province.code
            assert found.candidates == ()
        else:
            assert found.commune_code is None
            communes = [candidate["commune"] for candidate in found.candidates]
            assert communes == [candidate.commune.code for candidate in plain.candidates]


class TestGather:
    def test_knows_the_codes_of_the_package_and_those_of_a_steward(
        self, catalogue: Catalogue
    ) -> None:
        found = reference.gather(catalogue, date(2026, 3, 2), [("vsic", "36/2025", "4690")])

        assert {"A", "46", "4690"} <= found.codes["vsic"]["36/2025"]
        assert "4690" not in found.codes["vsic"]["27/2018"]
