import pytest
from lxml import etree

from databases import errors as kinds
from sharing_api import errors as exchange_errors
from sharing_api.standards import errors, validate, xml_message
from tests.unit.sharing_api.standards import examples

DC = "{http://www.mic.gov.vn/dancu/1.0}"
E = "{urn:natdb:standards:citizen-extension:1.0}"
X = "{urn:natdb:standards:exchange:1.0}"
ENVELOPE = {
    "time": "2026-03-02T08:00:00+00:00",
    "register": "population",
    "change": 7,
    "valid_on": "2026-03-02",
}


def citizen(**record: object) -> etree._Element:
    content = xml_message.render("citizen", "1.0", ENVELOPE, [record])
    return etree.fromstring(content)[0]


class TestRender:
    def test_states_time_count_register_change_and_day(self) -> None:
        content = xml_message.render("citizen", "1.0", ENVELOPE, [{"pin": "079184000123"}] * 3)

        root = etree.fromstring(content)
        assert root.tag == f"{DC}CongdanCollection"
        assert root.get("SoCongDan") == "3" == str(len(root))
        assert root.get("ThoiDiemDuLieu") == "2026-03-02T08:00:00+00:00"
        assert root.get(f"{X}CoSoDuLieu") == "population"
        assert root.get(f"{X}SoThayDoi") == "7"
        assert root.get(f"{X}NgayHieuLuc") == "2026-03-02"

    def test_writes_an_empty_collection(self) -> None:
        root = etree.fromstring(xml_message.render("enterprise", "1.0", ENVELOPE, []))

        assert root.get("SoDoanhNghiep") == "0"

    @pytest.mark.parametrize(
        ("born", "element", "text", "month"),
        [
            ("1984-02-29", "NgayThangNam", "1984-02-29", None),
            ("1984-02", "Nam", "1984", "1984-02"),
            ("1984", "Nam", "1984", None),
        ],
    )
    def test_writes_a_birth_date_as_far_as_it_is_known(
        self, born: str, element: str, text: str, month: str | None
    ) -> None:
        (written,) = citizen(date_of_birth=born)[0]

        assert (written.tag, written.text) == (f"{DC}{element}", text)
        assert written.get(f"{X}NamThang") == month

    def test_keeps_letters_and_tones_in_normal_form_c(self) -> None:
        name = {"full": "Ho\u0300a Thu\u0309y", "family": "Ho\u0300a", "given": "Thu\u0309y"}

        written = citizen(birth_full_name=name)

        assert written.findtext(f"{DC}HoVaTen/{DC}Ho") == "H\u00f2a"
        assert written.find(f"{DC}HoVaTen").get(f"{X}DayDu") == "H\u00f2a Th\u1ee7y"

    def test_gives_every_code_the_version_of_its_list(self) -> None:
        for version in ("124/2004", "19/2025"):
            place = {"commune": {"code": "00004", "version": version}, "country": "VN"}

            unit = citizen(permanent_residence=place).find(f"{DC}ThuongTru/{DC}MaDonViHanhChinh")

            assert (unit.text, unit.get(f"{X}PhienBan")) == ("00004", version)

    def test_loses_no_relative(self) -> None:
        roles = ["FATHER", "MOTHER", "SPOUSE", "CHILD", "CHILD", "REPRESENTATIVE", "REPRESENTATIVE"]
        relations = [{"role": r, "pin": f"07918400000{n}"} for n, r in enumerate(roles)]

        written = citizen(relations=relations)

        numbers = [one.text for one in written.iter(f"{DC}SoDinhDanh")]
        assert sorted(numbers) == sorted(str(one["pin"]) for one in relations)
        rest = [one.get("VaiTro") for one in written.iter(f"{E}NguoiLienQuan")]
        assert rest == ["CHILD", "CHILD", "REPRESENTATIVE"]

    def test_loses_no_nationality(self) -> None:
        codes = [{"code": c, "list": "country", "version": "2020"} for c in ("VN", "FR", "US")]

        written = citizen(nationality=codes)

        assert written.findtext(f"{DC}QuocTich") == "VN"
        assert [one.text for one in written.iter(f"{E}QuocTichKhac")] == ["FR", "US"]

    def test_writes_other_formats_than_the_field_s_own(self) -> None:
        pseudonym = "A" * 22

        written = citizen(
            pin=pseudonym,
            birth_full_name="N. T. H.",
            permanent_residence=True,
            disputed_fields=["pin"],
        )

        told = {(one.tag.removeprefix(X), one.get("Truong"), one.text) for one in written}
        assert told == {
            ("XacNhan", "permanent_residence", "true"),
            ("VietTat", "birth_full_name", "N. T. H."),
            ("DinhDanhThayThe", "pin", pseudonym),
            ("DangXacMinh", "pin", None),
        }

    @pytest.mark.parametrize(
        "record",
        [
            {"shoe_size": "43"},
            {"pin": "12"},
            {"full_name": "Nguyễn\x00"},
            {"id_card": {"secret": "1"}},
            {"date_of_birth": "1984-02-30"},
            {"relations": [{"pin": "079184000001"}]},
        ],
    )
    def test_drops_nothing_and_bends_nothing_but_refuses(self, record: dict[str, object]) -> None:
        with pytest.raises(errors.NonconformingMessage):
            citizen(**record)

    def test_refuses_a_standard_without_an_xml_form(self) -> None:
        with pytest.raises(errors.UnknownStandard):
            xml_message.render("receipt", "1.0", ENVELOPE, [])


class TestRenderProblem:
    def test_follows_rfc_9457_appendix_b(self) -> None:
        problem = examples.example("problem")

        root = etree.fromstring(xml_message.render_problem(problem))

        space = {"p": "urn:ietf:rfc:7807"}
        assert root.findtext("p:status", namespaces=space) == "403"
        assert root.findtext("p:fields/p:i/p:rule", namespaces=space) == "field.not_granted"

    def test_refuses_a_problem_without_a_code(self) -> None:
        problem = {**examples.example("problem")}
        del problem["code"]

        with pytest.raises(errors.NonconformingMessage):
            xml_message.render_problem(problem)


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)


class TestParse:
    @pytest.mark.parametrize(
        "body",
        [
            b"<!DOCTYPE a [" + LAUGHS + b"]><a>&l9;</a>",
            b"<!DOCTYPE a><a/>",
            b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
            '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
            "<a>é</a>".encode("latin-1"),
            b"<a>&undefined;</a>",
            b"<a><b></a>",
            b"",
            b"{}",
            b"<a>" * 300 + b"</a>" * 300,
        ],
    )
    def test_refuses_what_is_dangerous_or_unreadable(self, body: bytes) -> None:
        with pytest.raises(errors.UnreadableMessage) as caught:
            xml_message.parse(body)

        assert isinstance(caught.value, exchange_errors.Malformed)

    def test_does_not_let_a_comment_cut_a_text(self) -> None:
        assert xml_message.parse(b"<a>0791<!-- x -->84</a>").text == "079184"


class TestParseQuestion:
    def test_gives_the_members_of_the_json_form(self) -> None:
        question = xml_message.parse_question(examples.xml_example("question"))

        assert question == examples.example("question")
        assert validate.validate_question("look-up", question) == ()

    def test_reads_a_batch_and_a_search(self) -> None:
        body = (
            '<question xmlns="urn:natdb:standards:question:1.0">'
            "<keys><key>1</key><key>2</key></keys>"
            '<predicates><value name="province" version="19/2025">01</value></predicates>'
            "<limit>5</limit><purpose>p</purpose><legal_basis>l</legal_basis></question>"
        )

        question = xml_message.parse_question(body.encode())

        assert question["keys"] == ["1", "2"]
        assert question["predicates"] == {"province": {"code": "01", "version": "19/2025"}}
        assert question["limit"] == 5

    @pytest.mark.parametrize(
        "body",
        [
            b"<question/>",
            b'<question xmlns="urn:natdb:standards:question:1.0"><everything/></question>',
        ],
    )
    def test_refuses_what_the_schema_refuses(self, body: bytes) -> None:
        with pytest.raises(errors.InvalidXml) as caught:
            xml_message.parse_question(body)

        assert isinstance(caught.value, kinds.Invalid)
        assert caught.value.fields
