"""Plain rows are read as columns, and say the same as when they are read one by one."""

from pathlib import Path

import pyarrow as pa
import pytest

from databases.loading import blocks, csv_rows
from databases.loading.blocks import Place


def read(path: Path) -> tuple[list[tuple[int, pa.Table]], Place | None]:
    tables = []
    reading = blocks.read_plain(path, delimiter=",", width=2, chunk_rows=2)
    while True:
        try:
            tables.append(next(reading))
        except StopIteration as end:
            return tables, end.value


def write(folder: Path, content: str) -> Path:
    path = folder / "list.csv"
    path.write_bytes(content.encode())
    return path


class TestReadPlain:
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    @pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
    def test_says_what_reading_row_by_row_says(
        self, tmp_path: Path, ending: str, *, last: bool
    ) -> None:
        rows = ["mã,tên", "1, Đỗ", ",null", "007,NA", "-,'x", "1e5,"]
        path = write(tmp_path, ending.join(rows) + (ending if last else ""))

        tables, rest = read(path)

        one_by_one = list(csv_rows.read_rows(path, ","))[1:]
        found = [
            (line + number, list(row.values()))
            for line, table in tables
            for number, row in enumerate(table.to_pylist())
        ]
        assert found == one_by_one
        assert rest is None

    @pytest.mark.parametrize(
        "row",
        ['"2",b', "2", "2,b,c", "", "\r", "2,b\rc", '2,b"c'],
        ids=["quoted", "narrow", "wide", "empty", "empty of two", "return", "quote"],
    )
    def test_leaves_the_block_of_a_row_that_is_not_plain(self, tmp_path: Path, row: str) -> None:
        path = write(tmp_path, f"a,b\n1,x\n1,y\n1,z\n{row}\n3,c\n")

        tables, rest = read(path)

        assert [table.num_rows for _, table in tables] == [2]
        assert rest == Place(offset=12, line=4)

    def test_leaves_bytes_that_are_not_utf_8(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes(b"a,b\n1,caf\xe9\n")

        assert read(path) == ([], Place(offset=4, line=2))

    def test_leaves_a_file_whose_header_is_quoted(self, tmp_path: Path) -> None:
        assert read(write(tmp_path, '"a",b\n1,2\n')) == ([], blocks.START)
