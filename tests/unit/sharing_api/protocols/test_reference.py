"""The API reference page."""

import re
from typing import Any

import pytest

from sharing_api.protocols import reference

DOCUMENT: dict[str, Any] = {
    "info": {"title": "An API <of tests>", "description": "Says & answers."},
    "tags": [{"name": "people", "description": "Questions"}, {"name": "empty"}],
    "paths": {
        "/v1/people": {
            "post": {
                "tags": ["people"],
                "description": "Look up.",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/parts/q"}}}},
                "responses": {"200": {"description": "found"}, "404": {"description": "nobody"}},
            },
            "get": {
                "tags": ["people"],
                "parameters": [{"name": "first", "description": "where to begin"}],
                "responses": {"422": {"description": "see `fields`"}},
            },
        }
    },
    "parts": {
        "q": {
            "required": ["key"],
            "properties": {
                "key": {"description": "who"},
                "keys": {"items": {"$ref": "#/parts/one"}, "maxItems": 9},
                "named": {"minProperties": 1, "maxProperties": 3},
                "limit": {"minimum": 1, "maximum": 50},
                "kind": {"const": "all"},
            },
        },
        "one": {"description": "somebody"},
    },
}


class TestRender:
    def test_shows_each_operation_with_its_members_and_answers(self) -> None:
        page = reference.render(DOCUMENT)

        for part in ("POST", "/v1/people", "key (needed)", "who", "404", "nobody"):
            assert part in page

    @pytest.mark.parametrize(
        ("member", "meaning"),
        [
            ("key (needed)", "who"),
            ("keys", "0 to 9: somebody"),
            ("named", "1 to 3 named values"),
            ("limit", "1 to 50"),
            ("kind", "<code>all</code>"),
        ],
    )
    def test_says_of_every_member_what_its_schema_says(self, member: str, meaning: str) -> None:
        assert f"<td>{member}</td><td>{meaning}</td>" in reference.render(DOCUMENT)

    def test_shows_what_stands_in_an_address(self) -> None:
        assert "<td>first</td><td>where to begin</td>" in reference.render(DOCUMENT)

    def test_shows_code_as_code(self) -> None:
        assert "see <code>fields</code>" in reference.render(DOCUMENT)

    def test_writes_no_markup_that_comes_from_the_document(self) -> None:
        assert "An API &lt;of tests&gt;" in reference.render(DOCUMENT)

    def test_leaves_out_groups_without_operations(self) -> None:
        assert "empty" not in reference.render(DOCUMENT)

    def test_loads_nothing_from_elsewhere(self) -> None:
        assert not re.search(r"<script|https?://|src=", reference.render(DOCUMENT))
