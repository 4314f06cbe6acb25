"""Rows and the lines they start on, and what happens to broken rows and foreign files."""

from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from databases.loading import errors, readers
from databases.loading.readers import Chunk


def write(tmp_path: Path, text: str, *, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **options: int) -> Chunk:
    whole = Chunk()
    table = readers.open_table(path, **options)  # type: ignore[arg-type]
    for chunk in table.chunks:
        whole.lines += chunk.lines
        whole.rows += cells(chunk, len(table.header))
        whole.broken += chunk.broken
    return whole


def cells(chunk: Chunk, width: int) -> list[list[str]]:
    columns = [column.to_pylist() for column in chunk.read_columns(range(width))]
    return [list(row) for row in zip(*columns, strict=True)]


class TestOpenTable:
    def test_counts_physical_lines_over_quoted_line_ends(self, tmp_path: Path) -> None:
        path = write(tmp_path, 'code,name\n1,"two\nlines"\n2,b\n\n3,c\n')

        chunk = read(path)

        assert chunk.lines == [2, 4, 6]
        assert list(chunk.rows[0]) == ["1", "two\nlines"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_reads_utf_8_with_and_without_a_mark(self, tmp_path: Path, encoding: str) -> None:
        table = readers.open_table(write(tmp_path, "mã,tên\n1,Đỗ\n", encoding=encoding))

        assert table.header == ("mã", "tên")
        assert [row for chunk in table.chunks for row in cells(chunk, 2)] == [["1", "Đỗ"]]

    def test_names_byte_and_line_of_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes(b"code,name\n1,a\n2,caf\xe9\n")

        with pytest.raises(errors.UnreadableFile, match=r"byte 19 \(line 3\) is 0xe9"):
            read(path)

    def test_names_the_byte_of_a_character_that_is_cut_off(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes("code\nĐ".encode()[:-1])

        with pytest.raises(errors.UnreadableFile, match=r"byte 5"):
            read(path)

    def test_refuses_utf_16(self, tmp_path: Path) -> None:
        with pytest.raises(errors.UnreadableFile, match="UTF-16"):
            read(write(tmp_path, "code\n1\n", encoding="utf-16"))

    def test_refuses_an_empty_file(self, tmp_path: Path) -> None:
        with pytest.raises(errors.UnreadableFile, match="is empty"):
            read(write(tmp_path, ""))

    def test_refuses_an_unknown_ending(self, tmp_path: Path) -> None:
        with pytest.raises(errors.UnreadableFile, match=r"only \.csv"):
            read(write(tmp_path, "x", name="list.pdf"))

    def test_keeps_the_rows_beside_a_ragged_one(self, tmp_path: Path) -> None:
        chunk = read(write(tmp_path, "a,b\n1,2\n1,2,3\n4\n5,6\n"))

        assert chunk.lines == [2, 5]
        assert [(b.line, b.rule) for b in chunk.broken] == [(3, "row.ragged"), (4, "row.ragged")]

    @pytest.mark.parametrize(
        "bad", ['2,"open', '2,"closed"too early', '2,"a",b"\n9,"c'], ids=["open", "early", "later"]
    )
    def test_keeps_the_rows_behind_an_open_quote(self, tmp_path: Path, bad: str) -> None:
        rest = "".join(f'{n},"x"\n' for n in range(100, 700))

        chunk = read(write(tmp_path, f"a,b\n1,2\n{bad}\n{rest}"))

        assert chunk.broken[0].line == 3
        assert [int(row[0]) for row in chunk.rows[-600:]] == list(range(100, 700))

    def test_hands_out_chunks_that_hold_every_row_once(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a\n" + "".join(f"{n}\n" for n in range(25)))

        sizes = [len(chunk) for chunk in readers.open_table(path, chunk_rows=10).chunks]

        assert sizes == [10, 10, 5]

    def test_goes_on_row_by_row_where_a_plain_part_ends(self, tmp_path: Path) -> None:
        plain = "".join(f"{n},x\n" for n in range(2, 8))
        path = write(tmp_path, f'a,b\n{plain}8,"y\nz"\n10,x\n')

        table = readers.open_table(path, chunk_rows=4)
        chunks = list(table.chunks)

        assert [chunk.lines for chunk in chunks] == [[2, 3, 4, 5], [6, 7, 8, 10]]
        assert cells(chunks[0], 2)[-1] == ["5", "x"]
        assert cells(chunks[1], 2)[-2:] == [["8", "y\nz"], ["10", "x"]]

    def test_reads_a_workbook(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        for row in (["code", "day", "sum"], ["0100", date(2020, 2, 1), 5.0], [None, None, None]):
            book.active.append(row)  # type: ignore[union-attr]
        book.active.append(["7", None, None])  # type: ignore[union-attr]
        book.save(tmp_path / "list.xlsx")

        chunk = read(tmp_path / "list.xlsx")

        assert chunk.lines == [2, 4]
        assert [list(r) for r in chunk.rows] == [["0100", "2020-02-01", "5"], ["7", "", ""]]

    def test_refuses_a_file_that_only_looks_like_a_workbook(self, tmp_path: Path) -> None:
        with pytest.raises(errors.UnreadableFile, match="not an XLSX"):
            read(write(tmp_path, "code", name="list.xlsx"))

    def test_reads_parquet(self, tmp_path: Path) -> None:
        table = pa.table({"code": ["1", None], "day": [date(2020, 2, 1), None]})
        pq.write_table(table, tmp_path / "list.parquet")

        chunk = read(tmp_path / "list.parquet")

        assert chunk.lines == [1, 2]
        assert [list(r) for r in chunk.rows] == [["1", "2020-02-01"], ["", ""]]
