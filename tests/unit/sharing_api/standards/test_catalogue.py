import pytest

from sharing_api.standards import catalogue, errors


class TestListStandards:
    def test_gives_every_standard_with_its_source_and_owner(self) -> None:
        found = catalogue.list_standards()

        assert {one.name for one in found} == {
            *("agreement", "agreement_act", "exchange", "problem", "question", "receipt"),
            *(
                "batch",
                "dossier",
                "dossier_question",
                "emergency_question",
                "search",
                "verification",
            ),
            *("citizen", "identity_history", "person_count"),
            "enterprise",
            *("land_certificate", "land_holding", "parcel", "parcel_tile"),
            "insurance",
            *("budget_execution", "budget_unit", "customs_declaration", "public_asset"),
            "taxpayer",
            *("observation", "publication"),
            *("candidates", "candidates_question"),
            "subject_report",
        }
        assert all(one.sources and one.owner and one.title_vi and one.confidence for one in found)

    def test_gives_a_schema_and_an_example_for_every_representation(self) -> None:
        for one in catalogue.list_standards():
            if "json" in one.representations:
                assert {"schema.json", "example.json"} <= one.files.keys()
            if "xml" in one.representations:
                assert "schema.xsd" in one.files
                assert "example.xml" in one.files or one.name == "exchange"


class TestGetFile:
    def test_gives_the_bytes_and_the_media_type(self) -> None:
        content, media_type = catalogue.get_file("citizen", "1.0", "schema.xsd")

        assert content.startswith(b"<?xml")
        assert media_type == "application/xml"

    @pytest.mark.parametrize(
        ("name", "version", "file_name"),
        [
            ("citizen", "1.0", "nothing.json"),
            ("citizen", "1.0", "../../exchange/1.0/schema.xsd"),
            ("citizen", "9.9", "schema.json"),
            ("..", "1.0", "pyproject.toml"),
        ],
    )
    def test_refuses_what_is_not_published(self, name: str, version: str, file_name: str) -> None:
        with pytest.raises(errors.UnknownStandard):
            catalogue.get_file(name, version, file_name)


class TestParseReference:
    @pytest.mark.parametrize("reference", ["", "citizen", "citizen/1", "../x/1.0", "citizen/1.0\n"])
    def test_refuses_what_does_not_look_like_one(self, reference: str) -> None:
        with pytest.raises(errors.UnknownStandard):
            catalogue.parse_reference(reference)
