"""What a load knows of the code lists; reading addresses by their ends against the plain way."""

import json
from datetime import date

import pyarrow as pa
import pytest

from databases.code_lists import addresses, reading
from databases.code_lists.catalogue import Catalogue
from databases.loading import coded, reference
from databases.loading.mapping import ColumnSpec

DAY = date(2026, 3, 2)
ADDRESS = ColumnSpec("address", ("a",), "address", options={"version": "124/2004"})


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return reading.load_catalogue()


class TestEndReader:
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
            "Số 1 , .; Đường A\n,Xã Lợi An, Huyện Trần Văn Thời, Tỉnh Cà Mau, Việt Nam",
            ",.Số 1,,Xã Lợi An, Huyện Trần Văn Thời, Tỉnh Cà Mau, Việt Nam",
            ", ,",
        ],
    )
    def test_ends_give_what_reading_the_whole_address_gives(
        self, catalogue: Catalogue, text: str
    ) -> None:
        plain = addresses.resolve_address(catalogue, text, "124/2004")

        typed = coded.read_address(pa.array([text]), ADDRESS, reference.gather(catalogue, DAY))
        found = {name: column[0].as_py() for name, column in typed.columns.items()}

        assert found["address_as_written"] == text
        assert found["address_status"] == plain.status.value
        assert (found["street"] or "") == plain.street_text
        if plain.status is addresses.Status.EXACT:
            assert found["commune_code"] == plain.candidates[0].commune.code
            assert found["commune_version"] == "124/2004"
            assert found["province_code"] == plain.candidates[0].province.code
            assert found["address_candidates"] is None
            assert typed.flags == []
        else:
            assert found["commune_code"] is None
            assert typed.flags == [(0, f"address.{plain.status.value}")]
            communes = [item["commune"] for item in json.loads(found["address_candidates"] or "[]")]
            assert communes == [candidate.commune.code for candidate in plain.candidates]

    def test_decides_only_where_nothing_before_the_end_can_matter(
        self, catalogue: Catalogue
    ) -> None:
        read_end = reference.end_reader(catalogue)

        decided = read_end("Xã Lợi An, Huyện Trần Văn Thời, Tỉnh Cà Mau", "124/2004")

        assert decided is not None
        assert decided.status == "exact"
        assert read_end("Lợi An, Huyện Trần Văn Thời, Tỉnh Cà Mau", "124/2004") is None
        assert read_end("Phường 1", "124/2004") is None


class TestGather:
    def test_knows_the_codes_of_the_package_and_those_of_a_steward(
        self, catalogue: Catalogue
    ) -> None:
        found = reference.gather(catalogue, DAY, [("vsic", "36/2025", "4690")])

        assert {"A", "46", "4690"} <= found.codes["vsic"]["36/2025"]
        assert "4690" not in found.codes["vsic"]["27/2018"]
