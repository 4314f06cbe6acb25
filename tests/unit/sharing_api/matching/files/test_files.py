import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from databases.errors import RegisterError
from databases.loading.errors import UnreadableFile
from sharing_api.matching import errors
from sharing_api.matching.files import mapping, run

MAPPING = """
subject = "person"
record_id = "id"
truth = "who"
[columns]
full_name = ["family", "given"]
birth_date = "born"
"""
ROWS = """id,family,given,born,who
1,Trần,Văn Xuyến,12/03/1985,a
2,TRẦN,VĂN XUYẾN,1985-03-12,a
3,Lê,Thị Quế,01/05/1990,b
4,Phạm,Ngọc Thạch,7/7/1977,c
5,Pham,Ngoc Thach,1977,d
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def match(file: Path, text: str = MAPPING, right: Path | None = None) -> Path:
    described = file.parent / "mapping.toml"
    described.write_text(text, encoding="utf-8")
    out = file.parent / "out"
    run.match(run.Job(file, right, mapping.read_mapping(described), out), lambda *_: None)
    return out


class TestMatch:
    def test_writes_pairs_groups_rejects_summary_and_report(self, people: Path) -> None:
        out = match(people)

        pairs = pq.read_table(out / "pairs.parquet").to_pylist()
        assert {(pair["left"], pair["right"]) for pair in pairs if pair["probability"] > 0.5} == {
            ("1", "2"),
        }
        clusters = pq.read_table(out / "clusters.parquet").to_pylist()
        assert [row["cluster"] for row in clusters] == ["1", "1", "3", "4", "5"]
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        assert summary["quality"]["pairs"]["0.5"]["f1"] == 1.0
        assert (out / "rejects.csv").read_text().splitlines() == [
            "file,line,column,value,rule,reason"
        ]
        assert not list(out.glob(".matching-*")), "the working folder is left behind"

    def test_clears_what_another_matching_left_behind(self, people: Path) -> None:
        killed = people.parent / "out" / ".matching-0123456789abcdef"
        killed.mkdir(parents=True)
        (killed / "pairs-0000000000-0000000005.npz").write_bytes(b"of another mapping")

        assert not list(match(people).glob(".matching-*"))

    def test_gives_a_page_that_stands_alone(self, people: Path) -> None:
        page = (match(people) / "report.html").read_text(encoding="utf-8")

        assert page.count("<svg") >= 3
        assert "<script" not in page
        assert not re.search(r'(?:src|href)="', page)
        assert "Xuyến" in page

    def test_shows_text_of_the_file_as_text(self, people: Path) -> None:
        people.write_text(ROWS.replace("Xuyến", "<b>Xuyến</b>"), encoding="utf-8")

        page = (match(people) / "report.html").read_text(encoding="utf-8")

        assert "<b>" not in page

    def test_finds_by_any_of_several_values(self, people: Path) -> None:
        people.write_text(
            "id,name,before,born,who\n"
            "1,Trần Thị Xuyến,Đinh Hoà Bích,12/03/1985,a\n"
            "2,Đinh Hòa Bích,,1985-03-12,a\n"
            "3,Lê Thị Quế,,01/05/1990,b\n",
            encoding="utf-8",
        )
        text = MAPPING.replace('["family", "given"]', '{ any_of = ["name", "before"] }')

        pairs = pq.read_table(match(people, text) / "pairs.parquet").to_pylist()

        assert [(one["left"], one["right"], one["full_name_level"]) for one in pairs] == [
            ("1", "2", "same")
        ]
        page = (people.parent / "out" / "report.html").read_text(encoding="utf-8")
        assert "<mark>/</mark>" in page, "both names of the record stand in the report"

    def test_links_two_files(self, people: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.csv"
        other.write_text("id,name,who,dob\nx,Tran Van Xuyen,a,12/03/1985\n", encoding="utf-8")
        text = MAPPING + '[right]\nfull_name = "name"\nbirth_date = "dob"\n'

        out = match(people, text, other)

        best = pq.read_table(out / "pairs.parquet").to_pylist()[0]
        assert (best["left"], best["right"]) in {("1", "x"), ("2", "x")}

    @pytest.mark.parametrize("encoded", ["utf-8-sig", "utf-8"])
    def test_reads_a_byte_order_mark(self, people: Path, encoded: str) -> None:
        people.write_bytes(ROWS.encode(encoded))

        assert len(pq.read_table(match(people) / "clusters.parquet")) == 5

    def test_puts_ragged_rows_aside_with_their_line(self, people: Path) -> None:
        people.write_text(ROWS + "6,too,short\n", encoding="utf-8")

        out = match(people)

        assert len(pq.read_table(out / "clusters.parquet")) == 5
        reject = (out / "rejects.csv").read_text(encoding="utf-8").splitlines()[1]
        assert reject.startswith("people.csv,7,")
        assert "row.ragged" in reject

    def test_takes_a_file_of_one_record(self, people: Path) -> None:
        people.write_text("".join(ROWS.splitlines(keepends=True)[:2]), encoding="utf-8")

        assert len(pq.read_table(match(people) / "clusters.parquet")) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "kind", "says"),
        [
            pytest.param(b"", UnreadableFile, "empty", id="empty"),
            pytest.param(
                ROWS.encode("utf-16"), UnreadableFile, "UTF-8|header", id="another encoding"
            ),
            pytest.param(
                ROWS.replace("Quế", "Qu\x00").encode("latin-1", "replace") + b"6,\xe9,x,y,z\n",
                UnreadableFile,
                "UTF-8",
                id="a byte that is no UTF-8",
            ),
            pytest.param(
                ROWS.replace("born", "given", 1).encode(),
                errors.ColumnsMissing,
                "no column born and has more than one column given",
                id="duplicate header, missing column",
            ),
            pytest.param(
                b"id,family,given,born,who\n",
                errors.NothingToCompare,
                "holds a value",
                id="header alone",
            ),
            pytest.param(
                b"id,family,given,born,who\n1,,,,\n2,,,,\n",
                errors.NothingToCompare,
                "holds a value",
                id="nothing but empty cells",
            ),
        ],
    )
    def test_name_what_is_wrong(
        self, people: Path, content: bytes, kind: type[RegisterError], says: str
    ) -> None:
        people.write_bytes(content)

        with pytest.raises(kind, match=says):
            match(people)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("subject = 1", "person or enterprise"),
            ("[columns]", "names no column"),
            ("colums = 1", "colums"),
            ("[columns]\nfull_name = 3", "full_name"),
            ("subject = person", "not a TOML file"),
            ('[columns]\n"a.b" = "x"', "no dot"),
            ("[columns]\nfull_name = []", "full_name"),
            ("[columns]\nfull_name = { any_of = [] }", "any_of"),
            ('[columns]\nfull_name = { some_of = ["a"] }', "any_of"),
            ('delimiter = ";;"\n[columns]\nfull_name = "given"', "delimiter"),
        ],
    )
    def test_name_what_is_wrong_with_a_mapping(self, people: Path, text: str, says: str) -> None:
        with pytest.raises(errors.BadMapping, match=says):
            match(people, text)

    def test_do_not_take_two_records_for_one(self, people: Path) -> None:
        people.write_text(ROWS.replace("\n2,", "\n1,"), encoding="utf-8")

        with pytest.raises(errors.RecordIdsRepeat, match="'1'"):
            match(people)

    def test_find_nobody_in_a_file_of_nobody(self, people: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.csv"
        other.write_text("id,family,given,born,who\n", encoding="utf-8")

        out = match(people, MAPPING, other)

        assert len(pq.read_table(out / "pairs.parquet")) == 0

    def test_know_their_models(self, people: Path) -> None:
        described = people.parent / "mapping.toml"
        described.write_text(MAPPING, encoding="utf-8")
        job = run.Job(people, None, mapping.read_mapping(described), people.parent, "0")

        with pytest.raises(errors.UnknownModel, match="version 0"):
            run.match(job, lambda *_: None)


class TestLabels:
    @staticmethod
    def match(people: Path, labels: str) -> run.Matched:
        described = people.parent / "mapping.toml"
        described.write_text(MAPPING, encoding="utf-8")
        labelled = people.parent / "labels.csv"
        labelled.write_text(labels, encoding="utf-8")
        job = run.Job(
            people, None, mapping.read_mapping(described), people.parent / "out", labels=labelled
        )
        return run.match(job, lambda *_: None)

    def test_are_learned_from_and_held_against_what_is_found(self, people: Path) -> None:
        done = self.match(people, "left,right,same\n1,2,1\n5,4,1\n3,4,0\n")

        assert done.labelled is not None
        assert (done.labelled.true, done.labelled.precision) == (2, 1.0)
        signs_lost = list(done.linked.kinds["full_name"].levels).index("signs_lost") + 1
        unlabelled = run.match(
            run.Job(
                people,
                None,
                mapping.read_mapping(people.parent / "mapping.toml"),
                people.parent / "out",
            ),
            lambda *_: None,
        )
        rates = (one.found.weights.match[0][signs_lost] for one in (done, unlabelled))
        assert next(rates) > next(rates)

    @pytest.mark.parametrize(
        ("labels", "says"),
        [
            ("left,same\n1,1\n", "no column right"),
            ("left,right,same\n1,9,1\n", "line 2: there is no record 9"),
            ("left,right,same\n1,2,maybe\n", "line 2: same is 1 or 0"),
            ("left,right,same\n1,2\n", "line 2"),
        ],
    )
    def test_name_what_is_wrong(self, people: Path, labels: str, says: str) -> None:
        with pytest.raises(errors.BadLabels, match=says):
            self.match(people, labels)
