"""The files under /standards: examples conform, planted errors do not, both forms agree."""

import json
import re
from typing import Any

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from databases.datasets import Dataset
from sharing_api.disclosure import catalogue as published
from sharing_api.standards import catalogue, json_message, validate, xml_forms, xml_message
from tests.unit.sharing_api.standards import examples

XS = "{http://www.w3.org/2001/XMLSchema}"

# One planted error per rule that matters: standard, pointer, bad value, keyword that refuses it.
PLANTED = [
    ("agreement_act", "/signature", "a.b.c", "pattern"),
    ("citizen", "/records/0/pin", "07918400012", "anyOf"),
    ("citizen", "/records/0/sex", {"code": "1"}, "anyOf"),
    ("citizen", "/records/0/date_of_birth", "1984-13", "anyOf"),
    ("citizen", "/records/0/salary", "1", "additionalProperties"),
    ("citizen", "/count", -1, "minimum"),
    ("citizen", "/valid_on", "2026-02-30", "format"),
    ("citizen", "/time", "2026-03-02", "format"),
    ("citizen", "/standard", "citizen/1.1", "const"),
    ("enterprise", "/records/0/enterprise_code", "010023348", "anyOf"),
    ("enterprise", "/records/0/charter_capital/amount", 1.5, "anyOf"),
    ("enterprise", "/records/0/owners/0/capital_share", "1.2", "anyOf"),
    ("identity_history", "/records/0/dates_of_birth/0", "29/02/1984", "anyOf"),
    ("insurance", "/records/1/card_code", "DN9969600000001", "anyOf"),
    ("insurance", "/records/1/payer", "nobody", "anyOf"),
    ("land_certificate", "/records/0/holders/0/share", "0.5", "anyOf"),
    ("land_holding", "/records/0/party_number", "00108400099", "anyOf"),
    ("parcel", "/records/0/shape/type", "Polygon", "anyOf"),
    ("parcel", "/records/0/holders", [], "additionalProperties"),
    ("problem", "/status", 200, "minimum"),
    ("problem", "/stack_trace", "x", "additionalProperties"),
    ("receipt", "/answer_hash", "abc", "pattern"),
    ("receipt", "/entries", 2, "oneOf"),
    ("receipt", "/entry_id", "1", "format"),
    ("agreement", "/provider", "g01", "pattern"),
    ("agreement", "/datasets/population~1citizen", {}, None),
    ("agreement", "/valid_from", "01/01/2026", "format"),
    ("agreement", "/territory/provinces/0", "1", "anyOf"),
    ("agreement", "/legal_basis", [], "minItems"),
    ("agreement_act", "/stack_trace", "x", "additionalProperties"),
    ("question", "/fields", [], None),
    ("question", "/select", "*", None),
    ("verification", "/results/birth_full_name", "Hòa", "type"),
    ("search", "/truncated", "no", "type"),
    ("batch", "/answers/1/record", {}, None),
    ("batch", "/answers/0/status", "maybe", "enum"),
    ("budget_execution", "/records/0/budget_id", "1054007", "anyOf"),
    ("budget_execution", "/records/0/estimates/0/amount", 1200, "anyOf"),
    ("budget_unit", "/records/0/unit_code", "105400", "anyOf"),
    ("budget_unit", "/records/0/opened_on", "2018-02-30", "anyOf"),
    ("customs_declaration", "/records/0/kind", "transit", "anyOf"),
    ("customs_declaration", "/records/0/customs_value/currency", "usd", "anyOf"),
    ("candidates", "/candidates/0/probability", 1.5, "maximum"),
    ("candidates", "/candidates/0/likeness/0/value", "Lan", "additionalProperties"),
    ("candidates_question", "/given", {}, "minProperties"),
    ("candidates_question", "/as_of", 7, "additionalProperties"),
    ("candidates_question", "/limit", 21, "maximum"),
    ("dossier", "/form/0/change", -1, "minimum"),
    ("dossier", "/form/0/stack_trace", "x", "additionalProperties"),
    ("dossier_question", "/procedure", "", None),
    ("emergency_question", "/emergency/reason", "", None),
    ("emergency_question", "/purpose", "emergency", "additionalProperties"),
    ("dossier_question", "/fields", ["full_name"], "additionalProperties"),
    ("observation", "/records/0/obs_value", 4711, "type"),
    ("observation", "/records/0/reference_day", "2026", None),
    ("parcel_tile", "/records/0/parcels", "no base64", "anyOf"),
    ("person_count", "/records/0/cells/0/4", 12.5, "type"),
    ("public_asset", "/records/0/area_m2", 640.5, "anyOf"),
    ("publication", "/records/0/budgets/0/small", -1, "minimum"),
    ("subject_report", "/chains/0/entries/0/entry/logged_at", "2026-03-02T08:00:00Z", "oneOf"),
    ("subject_report", "/chains/0/entries/1/entry", {}, "oneOf"),
    ("subject_report", "/covers", -1, "minimum"),
    ("taxpayer", "/records/0/taxpayer_code", "12", "anyOf"),
    ("taxpayer", "/records/0/arrears/amount", "3 000 000", "anyOf"),
]


class TestExamples:
    @pytest.mark.parametrize("name", examples.JSON_STANDARDS)
    def test_conform_to_their_json_schema(self, name: str) -> None:
        assert validate.find_problems(name, "1.0", examples.example(name)) == ()

    @pytest.mark.parametrize("later", examples.LATER_VERSIONS, ids=lambda one: one.reference)
    def test_conform_to_later_versions(self, later: catalogue.Standard) -> None:
        first = {**examples.example(later.name), "standard": later.reference}
        own = json.loads(later.files["example.json"])

        assert validate.find_problems(later.name, later.version, own) == ()
        assert validate.find_problems(later.name, later.version, first) == ()
        assert validate.find_problems_of_any_version(later.name, own) == ()
        assert validate.find_problems(later.name, "1.0", own) != ()

    @pytest.mark.parametrize(
        ("pointer", "value"),
        [
            ("/search_combinations", []),
            ("/search_combinations", [[]]),
            ("/matching/combinations", [["Full name"]]),
            ("/matching/most_hits", 0),
            ("/matching/most_hits", 21),
            ("/matching/least_probability", 0),
            ("/matching/least_probability", "0.5"),
            ("/matching/anything", 1),
        ],
    )
    def test_of_an_agreement_on_matching_with_a_planted_error_do_not(
        self, pointer: str, value: Any
    ) -> None:
        own = json.loads(catalogue.get_file("agreement", "1.1", "example.json")[0])

        bad = examples.change(own, f"/datasets/population~1citizen{pointer}", value)

        assert validate.find_problems("agreement", "1.1", bad) != ()

    @pytest.mark.parametrize("named", [None, 1.1, "agreement/0.9", "citizen/1.0"])
    def test_of_no_published_version_do_not(self, named: Any) -> None:
        message = {**examples.example("agreement"), "standard": named}

        (problem,) = validate.find_problems_of_any_version("agreement", message)

        assert problem.field == "/standard"

    @pytest.mark.parametrize(("name", "pointer", "value", "rule"), PLANTED)
    def test_with_a_planted_error_do_not(
        self, name: str, pointer: str, value: Any, rule: str | None
    ) -> None:
        bad = examples.change(examples.example(name), pointer, value)

        problems = validate.find_problems(name, "1.0", bad)

        assert problems
        assert rule is None or rule in {problem.rule for problem in problems}

    def test_have_a_planted_error_for_every_schema(self) -> None:
        assert {name for name, *_ in PLANTED} == set(examples.JSON_STANDARDS)

    @pytest.mark.parametrize("name", examples.XML_STANDARDS)
    def test_in_xml_are_valid_for_two_implementations(self, name: str) -> None:
        content = examples.xml_example(name)
        path = catalogue.ROOT / name / "1.0" / "schema.xsd"

        assert validate.find_xml_problems(name, "1.0", etree.fromstring(content)) == ()
        xmlschema.XMLSchema(path).validate(content.decode().partition("?>")[2])

    @pytest.mark.parametrize(
        ("name", "written", "bad"),
        [
            ("citizen", b"<GioiTinh ", b"<GioiTinh y='' "),
            ("citizen", b">079184000123</SoDinhDanh>", b">7918</SoDinhDanh>"),
            ("citizen", b"SoCongDan=", b"SoNguoi="),
            ("citizen", b"x:PhienBan=", b"x:Khac="),
            ("enterprise", b">0100233488</MaSoDoanhNghiep>", b">1</MaSoDoanhNghiep>"),
            ("enterprise", b"<TyLeVon>0.6<", b"<TyLeVon>1.6<"),
            ("problem", b"<status>403<", b"<status>200<"),
            ("question", b"<purpose>tax.registration</purpose>", b""),
        ],
    )
    def test_in_xml_with_a_planted_error_are_not(
        self, name: str, written: bytes, bad: bytes
    ) -> None:
        content = examples.xml_example(name)
        assert written in content
        path = catalogue.ROOT / name / "1.0" / "schema.xsd"

        changed = content.replace(written, bad)

        assert validate.find_xml_problems(name, "1.0", etree.fromstring(changed)) != ()
        assert not xmlschema.XMLSchema(path).is_valid(changed.decode().partition("?>")[2])

    @pytest.mark.parametrize("name", examples.TWO_FORM_STANDARDS)
    def test_say_the_same_in_both_forms(self, name: str) -> None:
        message = examples.example(name)

        rendered = etree.fromstring(xml_message.render(name, "1.0", message, message["records"]))

        etree.indent(rendered)
        shown = etree.fromstring(examples.xml_example(name))
        assert etree.tostring(rendered, method="c14n2") == etree.tostring(shown, method="c14n2")

    @pytest.mark.parametrize("name", examples.DATASET_STANDARDS)
    def test_show_every_field(self, name: str) -> None:
        record = catalogue.get_json_schema(name, "1.0")["$defs"]["record"]["properties"]

        shown = {field for one in examples.example(name)["records"] for field in one}

        assert shown - {"disputed_fields"} == record.keys() - {"disputed_fields"}


class TestDatasets:
    """What a register publishes has its place in the standard that it names."""

    @pytest.mark.parametrize("dataset", published.DATASETS.values(), ids=published.DATASETS)
    def test_have_every_field_in_the_schema(self, dataset: Dataset) -> None:
        schema = catalogue.get_json_schema(dataset.standard, dataset.standard_version)

        assert dataset.fields.keys() <= schema["$defs"]["record"]["properties"].keys()

    @pytest.mark.parametrize("dataset", published.DATASETS.values(), ids=published.DATASETS)
    def test_conform_in_every_format_that_they_publish(self, dataset: Dataset) -> None:
        written = {
            "year_only": "1984",
            "initials": "N. T. H.",
            "yes_no": True,
            "pairwise_pseudonym": "A" * 22,
        }
        full = {
            k: v for one in examples.example(dataset.standard)["records"] for k, v in one.items()
        }
        envelope = examples.example(dataset.standard)

        for field in dataset.fields.values():
            for form in field.formats:
                record = {field.name: written.get(form, full[field.name])}
                answer = {**envelope, "count": 1, "records": [record]}
                examples.check(answer)
                if dataset.standard not in examples.TWO_FORM_STANDARDS:
                    continue
                content = xml_message.render(dataset.standard, "1.0", answer, [record])
                is_told = len(etree.fromstring(content)[0]) > 0
                assert is_told == (record[field.name] not in (None, [])), field.name


class TestMapping:
    @pytest.mark.parametrize("name", examples.TWO_FORM_STANDARDS)
    def test_covers_every_field_of_the_json_schema_and_no_other(self, name: str) -> None:
        record = catalogue.get_json_schema(name, "1.0")["$defs"]["record"]["properties"]

        assert xml_forms.load_form(name, "1.0").fields == record.keys() - {"disputed_fields"}

    @pytest.mark.parametrize(
        ("name", "files"),
        [("citizen", ("core.xsd", "extension.xsd")), ("enterprise", ("schema.xsd",))],
    )
    def test_has_the_elements_of_the_schema_in_its_order(
        self, name: str, files: tuple[str, ...]
    ) -> None:
        declared: list[str] = []
        for file in files:
            root = etree.fromstring(catalogue.get_file(name, "1.0", file)[0])
            for holder in ("CongdanStructure", "Items", "DoanhNghiepStructure"):
                for element in root.findall(f"{XS}*[@name='{holder}']/{XS}sequence/{XS}element"):
                    declared.append(element.get("name", ""))

        mapped = [
            etree.QName(one.tag).localname for one in xml_forms.load_form(name, "1.0").elements
        ]

        # The paper household book ended in 2022; its element stays in the core, unused.
        assert mapped == [one for one in declared if one != "SoSoHoKhau"]

    def test_keeps_the_order_of_qcvn_109(self) -> None:
        sample = [
            *("SoDinhDanh", "SoCMND", "HoVaTen", "GioiTinh", "DanToc", "TonGiao"),
            *("TinhTrangHonNhan", "NhomMau", "NgayThangNamSinh", "NoiDangKyKhaiSinh"),
            *("QueQuan", "ThuongTru", "NoiOHienTai", "Cha", "Me", "VoChong"),
        ]

        mapped = [
            etree.QName(one.tag).localname for one in xml_forms.load_form("citizen", "1.0").elements
        ]

        assert [one for one in mapped if one in sample] == sample


class TestMinimisedAnswers:
    """Any subset of the fields, in any format granted, is a message of the standard."""

    @pytest.mark.parametrize("name", examples.TWO_FORM_STANDARDS)
    @given(data=st.data())
    def test_validate_in_both_forms(self, name: str, data: st.DataObject) -> None:
        message = examples.example(name)
        full = message["records"][0]
        names = data.draw(st.lists(st.sampled_from(sorted(full)), min_size=1, unique=True))
        record = {one: full[one] for one in names}
        for one in names:
            if one != "disputed_fields":
                record[one] = data.draw(st.sampled_from([full[one], None, True, False]))
        answer = {**message, "count": 1, "records": [record]}

        examples.check(answer)
        root = etree.fromstring(xml_message.render(name, "1.0", answer, [record]))

        assert json_message.render(answer)
        told = [one for one in names if record[one] not in (None, [])]
        assert bool(told) == (len(root[0]) > 0)
        confirmed = {element.get("Truong") for element in root[0] if "XacNhan" in element.tag}
        derived = {"is_adult", "is_alive", "is_state_owned"}
        assert confirmed == {n for n in names if isinstance(record[n], bool)} - derived


class TestPublishedText:
    def test_names_no_machine_and_no_fetchable_schema(self) -> None:
        for one in catalogue.list_standards():
            for name, content in one.files.items():
                text = content.decode()
                assert not re.search(r"file:|127\.0\.0\.1|localhost", text), (one.name, name)
                for location in re.findall(r'schemaLocation="([^"]+)"', text):
                    assert "://" not in location
