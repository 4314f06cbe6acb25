"""The API reference page."""

import re
from typing import Any

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
            }
        }
    },
    "parts": {"q": {"required": ["key"], "properties": {"key": {"description": "who"}}}},
}


class TestRender:
    def test_shows_each_operation_with_its_members_and_answers(self) -> None:
        page = reference.render(DOCUMENT)

        for part in ("POST", "/v1/people", "key (needed)", "who", "404", "nobody"):
            assert part in page

    def test_writes_no_markup_that_comes_from_the_document(self) -> None:
        assert "An API &lt;of tests&gt;" in reference.render(DOCUMENT)

    def test_leaves_out_groups_without_operations(self) -> None:
        assert "empty" not in reference.render(DOCUMENT)

    def test_loads_nothing_from_elsewhere(self) -> None:
        assert not re.search(r"<script|https?://|src=", reference.render(DOCUMENT))
