"""Each type of column: what it accepts, what it refuses and by which rule."""

from datetime import date
from typing import Any, ClassVar

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from databases import identifiers
from databases.identifiers import EnterpriseCode, MalformedIdentifier
from databases.loading import typed
from databases.loading.cells import Reference, Resolved
from databases.loading.mapping import ColumnSpec, FileMapping
from databases.loading.readers import BrokenRow, Chunk

ON = date(2026, 3, 2)
VSIC = {"36/2025": frozenset({"46", "4690", "62"}), "27/2018": frozenset({"46", "4669", "01"})}


def resolve(text: str, version: str) -> Resolved:
    return (
        Resolved("exact", "street", "c", version, "p")
        if "?" not in text
        else Resolved("ambiguous", candidates=({"commune": "a"}, {"commune": "b"}))
    )


REFERENCE = Reference(ON, {"vsic": VSIC, "sex": {"1": frozenset({"0", "1"})}}, resolve)


def read(kind: str, *values: str, sources: int = 1, **options: Any) -> typed.Typed:
    names = tuple(f"s{i}" for i in range(sources))
    required = options.pop("required", False)
    empty = options.pop("empty", ())
    spec = ColumnSpec("c", names, kind, required, empty, options)
    columns = (
        [values] if sources == 1 else [[v.split("|")[i] for v in values] for i in range(sources)]
    )
    raw = {name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}
    return typed.read_column(raw, spec, REFERENCE)


def rules(found: typed.Typed) -> list[tuple[int, str]]:
    return sorted((finding.row, finding.bad.rule) for finding in found.findings)


class TestReadColumn:
    def test_trims_composes_and_knows_empty_texts(self) -> None:
        found = read("text", "  Đa\u0300 ", "--", "", empty=("--",))

        assert found.columns["c"].to_pylist() == ["Đà", None, None]

    def test_composes_no_cell_with_its_neighbour(self) -> None:
        found = read("text", "Đa", "\u0300b", "Đa\u0300")

        assert found.columns["c"].to_pylist() == ["Đa", "\u0300b", "Đà"]

    @pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\x7f"])
    def test_finds_a_control_character_wherever_it_stands(self, character: str) -> None:
        found = read("text", "a", "", f"b{character}c", "Đ")

        assert rules(found) == [(2, "text.control_character")]

    def test_refuses_missing_values_only_where_required(self) -> None:
        assert rules(read("text", "a", " ", required=True)) == [(1, "value.missing")]
        assert rules(read("text", "a", " ")) == []

    def test_refuses_control_characters_and_long_texts(self) -> None:
        found = read("text", "a\x00b", "abcd", "a\nb", max_length=3)

        assert rules(found) == [(0, "text.control_character"), (1, "text.too_long")]

    def test_makes_the_search_key_beside_the_name(self) -> None:
        found = read("text", "Đỗ Mỹ", "", search_key="name_key")

        assert found.columns["c"].to_pylist() == ["Đỗ Mỹ", None]
        assert found.columns["name_key"].to_pylist() == ["do mi", None]

    def test_reads_whole_numbers(self) -> None:
        found = read("integer", "007", "-1", "1.5", "1e3", "９", "9" * 19, minimum=0)

        assert found.columns["c"].to_pylist() == ["7", None, None, None, None, None]
        assert rules(found) == [
            (1, "integer.minimum"),
            *((row, "integer.shape") for row in (2, 3, 4, 5)),
        ]

    @pytest.mark.parametrize(
        ("text", "outcome"),
        [
            ("2024-02-29", "2024-02-29"),
            ("29/02/2024", "2024-02-29"),
            ("1.3.2024", "2024-03-01"),
            ("2023-02-29", "date.impossible"),
            ("2024-13-01", "date.impossible"),
            ("03/2024", "date.form"),
            ("45000", "date.form"),
            ("2026-03-02", "2026-03-02"),
            ("2026-03-03", "date.future"),
            ("1899-12-31", "date.too_early"),
        ],
    )
    def test_reads_days(self, text: str, outcome: str) -> None:
        found = read("date", text, forms=["iso", "dmy"], not_before="1900-01-01")

        assert outcome in (found.columns["c"][0].as_py(), *(r for _, r in rules(found)))

    def test_reads_day_numbers_of_spreadsheets_where_the_mapping_says_so(self) -> None:
        assert read("date", "34451", forms=["serial"]).columns["c"].to_pylist() == ["1994-04-27"]

    def test_reads_choices_whatever_their_case(self) -> None:
        found = read("choice", "Công ty  CỔ PHẦN", "hội", choices={"Công ty cổ phần": "JSC"})

        assert found.columns["c"].to_pylist() == ["JSC", None]
        assert rules(found) == [(1, "choice.unknown")]

    def test_refuses_enterprise_codes_for_their_true_reasons(self) -> None:
        found = read("enterprise_code", "0100233488", "0100233480", "027683", "0314409058-002")

        assert found.columns["c"].to_pylist() == ["0100233488", None, None, None]
        assert [rule.split(".")[1] for _, rule in rules(found)] == [
            "check_digit",
            "shape",
            "dependent_unit",
        ]

    def test_accepts_dependent_units_where_the_mapping_does(self) -> None:
        found = read("enterprise_code", "0314409058002", dependent_units=True)

        assert found.columns["c"].to_pylist() == ["0314409058-002"]

    def test_reads_personal_numbers_and_codes(self) -> None:
        assert rules(read("pin", "087084000999", "87084000999")) == [(1, "pin.shape")]
        assert rules(read("code", "1", "2", list="sex", version="1")) == [(1, "code.unknown")]

    def test_keeps_candidates_of_an_ambiguous_address_and_flags_it(self) -> None:
        found = read("address", "a", "?", version="124/2004")

        assert found.columns["address_status"].to_pylist() == ["exact", "ambiguous"]
        assert found.columns["address_candidates"].to_pylist() == [
            None,
            '[{"commune":"a"},{"commune":"b"}]',
        ]
        assert found.flags == [(1, "address.ambiguous")]


class TestItems:
    """A principal code and a list of items."""

    OPTIONS: ClassVar[dict[str, Any]] = {
        "list": "vsic",
        "versions": ["36/2025", "27/2018"],
        "fallback": "27/2018",
        "principal": "principal",
        "most_items": 3,
        "sources": 2,
    }

    def test_gives_each_code_the_first_version_that_has_it(self) -> None:
        found = read("coded_items", "4669|4690:Bán buôn, bán lẻ,4669:Khác", **self.OPTIONS)

        assert found.columns["c"].to_pylist() == ['{"36/2025:4690","27/2018:4669"}']
        assert found.columns["principal"].to_pylist() == ["27/2018:4669"]
        assert found.flags == []

    def test_flags_codes_that_no_list_has(self) -> None:
        found = read("coded_items", "|4600:a,9999:b", **self.OPTIONS)

        assert found.columns["c"].to_pylist() == ['{"27/2018:4600","27/2018:9999"}']
        assert found.flags == [(0, "vsic.unknown_class"), (0, "vsic.unknown")]

    @pytest.mark.parametrize("cut", ["4690:a,46", "4690:a,4669:", "4690:a,4669"])
    def test_leaves_out_an_item_that_was_cut_off(self, cut: str) -> None:
        found = read("coded_items", f"|{cut}", **self.OPTIONS)

        assert found.columns["c"].to_pylist() == ['{"36/2025:4690"}']
        assert found.flags == [(0, "vsic.cut_item_dropped")]

    def test_flags_a_list_that_is_as_long_as_the_publisher_writes(self) -> None:
        found = read("coded_items", "|4690:a,4669:b,01:c", **self.OPTIONS)

        assert found.flags == [(0, "vsic.list_may_be_cut")]

    def test_names_a_line_once_that_is_written_twice(self) -> None:
        found = read("coded_items", "|4690:a,01:b,4690:c", **self.OPTIONS)

        assert found.columns["c"].to_pylist() == ['{"36/2025:4690","27/2018:01"}']

    def test_says_nothing_where_nothing_is_written(self) -> None:
        found = read("coded_items", "|", "|--", empty=("--",), **self.OPTIONS)

        assert found.columns["c"].to_pylist() == [None, None]
        assert found.columns["principal"].to_pylist() == [None, None]


class TestHasRightCheckDigit:
    """The set-based form of EnterpriseCode.parse."""

    @given(st.lists(st.one_of(st.from_regex(r"[0-9]{9,11}", fullmatch=True), st.text())))
    def test_agrees_with_the_single_form(self, texts: list[str]) -> None:
        for text in [*texts]:
            if len(text) == 10 and text.isascii() and text.isdigit():
                texts.append(f"{text[:9]}{identifiers.check_digit(text[:9]) or 0}")

        found = typed.has_right_check_digit(pa.array(texts, pa.string())).to_pylist()

        assert found == [self.is_good(text) for text in texts]

    @staticmethod
    def is_good(text: str) -> bool:
        try:
            return EnterpriseCode.parse(text).suffix is None
        except MalformedIdentifier:
            return False


class TestValidate:
    def test_names_every_problem_of_a_row_and_keeps_the_others(self) -> None:
        columns = {
            "code": ColumnSpec("code", ("code",), "enterprise_code", required=True),
            "sum": ColumnSpec("sum", ("sum",), "integer", required=True),
        }
        mapping = FileMapping("m", "t", "r", "code", "law", ",", (), columns, "x")
        chunk = Chunk(
            [2, 5, 6],
            [("0100233488", "1"), ("1", "x"), ("", "")],
            [BrokenRow(4, "a,b,c", "row.ragged", "reason")],
        )

        found = typed.validate(chunk, ("code", "sum"), mapping, REFERENCE)

        assert found.table.to_pylist() == [
            {"line": 2, "flags": None, "code": "0100233488", "sum": "1"}
        ]
        assert [(r.line, r.column, r.rule) for r in found.rejects] == [
            (4, "", "row.ragged"),
            (5, "code", "enterprise_code.shape"),
            (5, "sum", "integer.shape"),
            (6, "code", "value.missing"),
            (6, "sum", "value.missing"),
        ]
        assert found.rejected == 3
