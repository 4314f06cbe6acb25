import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sharing_api.standards import catalogue, compatibility
from tests.unit.sharing_api.standards import examples

OLD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "standard": {"const": "thing/1.0"},
        "name": {"type": "string", "maxLength": 100},
        "kind": {"enum": ["a", "b"]},
        "part": {"$ref": "#/$defs/part"},
        "many": {"type": "array", "items": {"$ref": "#/$defs/part"}, "maxItems": 10},
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["name"],
    "additionalProperties": False,
    "$defs": {
        "part": {"type": "object", "properties": {"size": {"type": "integer", "minimum": 0}}}
    },
}


def changed(pointer: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(OLD))
    *parents, last = pointer.split("/")[1:]
    place: Any = copy
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copy


class TestFindIncompatibleChanges:
    @pytest.mark.parametrize("name", [one.name for one in catalogue.list_standards()])
    def test_finds_nothing_between_a_schema_and_itself(self, name: str) -> None:
        if "json" in catalogue.get_standard(name, "1.0").representations:
            schema = catalogue.get_json_schema(name, "1.0")

            assert compatibility.find_incompatible_changes(schema, schema) == ()

    @pytest.mark.parametrize("later", examples.LATER_VERSIONS, ids=lambda one: one.reference)
    def test_finds_nothing_between_a_minor_version_and_the_first(
        self, later: catalogue.Standard
    ) -> None:
        first = catalogue.get_json_schema(later.name, "1.0")

        schema = catalogue.get_json_schema(later.name, later.version)

        assert later.version.startswith("1.")
        assert compatibility.find_incompatible_changes(first, schema) == ()

    @pytest.mark.parametrize(
        ("pointer", "value"),
        [
            ("/properties/standard/const", "thing/1.1"),
            ("/properties/note", {"type": "string"}),
            ("/properties/kind/enum", ["a", "b", "c"]),
            ("/properties/name/maxLength", 200),
            ("/properties/name/maxLength", None),
            ("/properties/name/type", ["string", "null"]),
            ("/properties/either/anyOf", [{"type": "null"}, {"type": "string"}, {"type": "array"}]),
            ("/$defs/part/properties/size/minimum", -1),
            ("/additionalProperties", True),
        ],
    )
    def test_lets_a_widening_pass(self, pointer: str, value: Any) -> None:
        assert compatibility.find_incompatible_changes(OLD, changed(pointer, value)) == ()

    @pytest.mark.parametrize(
        ("pointer", "value", "rule"),
        [
            ("/properties/name", None, "property_removed"),
            ("/properties/name/type", "integer", "type_changed"),
            ("/properties/name/maxLength", 50, "limit_narrowed"),
            ("/properties/name/minLength", 1, "limit_narrowed"),
            ("/properties/name/pattern", "^a", "pattern_changed"),
            ("/properties/name/enum", ["x"], "value_removed"),
            ("/properties/kind/enum", ["a"], "value_removed"),
            ("/properties/many/maxItems", 5, "limit_narrowed"),
            ("/properties/many/uniqueItems", True, "uniqueItems_changed"),
            ("/properties/either/anyOf", [{"type": "string"}], "alternative_removed"),
            ("/$defs/part/properties/size", None, "property_removed"),
            ("/$defs/part/properties/size/minimum", 1, "limit_narrowed"),
            ("/$defs/part/additionalProperties", False, "narrowed"),
            ("/required", ["name", "kind"], "property_now_required"),
            ("/required", [], "property_no_longer_promised"),
            ("/if", {"required": ["kind"]}, "if_changed"),
        ],
    )
    def test_names_what_breaks_a_reader(self, pointer: str, value: Any, rule: str) -> None:
        found = compatibility.find_incompatible_changes(OLD, changed(pointer, value))

        assert rule in {one.rule for one in found}

    def test_ends_on_a_schema_that_contains_itself(self) -> None:
        tree = {
            "$ref": "#/$defs/node",
            "$defs": {
                "node": {"properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, True]}}}
            },
        }

        assert compatibility.find_incompatible_changes(tree, tree) == ()


class TestFindBrokenSeals:
    def test_finds_every_published_file_as_it_was_published(self) -> None:
        assert compatibility.find_broken_seals() == ()

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        root = tmp_path / "standards"
        shutil.copytree(catalogue.ROOT, root)
        return root

    @pytest.mark.parametrize("name", ["schema.json", "core.xsd", "mapping.toml"])
    def test_names_a_version_that_was_edited(self, copy: Path, name: str) -> None:
        path = copy / "citizen" / "1.0" / name
        path.write_bytes(path.read_bytes() + b"\n")

        assert compatibility.find_broken_seals(copy) == ("citizen/1.0",)

    def test_names_a_version_with_a_file_too_many_or_without_a_seal(self, copy: Path) -> None:
        (copy / "problem" / "1.0" / "more.xsd").write_text("<a/>")
        (copy / "receipt" / "1.0" / compatibility.SEAL).unlink()

        assert compatibility.find_broken_seals(copy) == ("problem/1.0", "receipt/1.0")

    def test_lets_a_version_grow_old(self, copy: Path) -> None:
        path = copy / "citizen" / "1.0" / "standard.toml"
        path.write_text(path.read_text().replace('"published"', '"deprecated"'))

        assert compatibility.find_broken_seals(copy) == ()
