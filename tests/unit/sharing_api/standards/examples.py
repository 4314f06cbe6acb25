"""The published examples, as the tests use them."""

import json
from typing import Any

from sharing_api.disclosure import catalogue as published
from sharing_api.standards import catalogue, validate

JSON_STANDARDS = tuple(
    dict.fromkeys(one.name for one in catalogue.list_standards() if "json" in one.representations)
)
LATER_VERSIONS = tuple(one for one in catalogue.list_standards() if one.version != "1.0")
XML_STANDARDS = ("citizen", "enterprise", "problem", "question")
DATASET_STANDARDS = tuple(sorted({one.standard for one in published.DATASETS.values()}))
TWO_FORM_STANDARDS = tuple(name for name in DATASET_STANDARDS if name in XML_STANDARDS)


def example(name: str) -> Any:
    return json.loads(catalogue.get_file(name, "1.0", "example.json")[0])


def xml_example(name: str) -> bytes:
    return catalogue.get_file(name, "1.0", "example.xml")[0]


def change(message: Any, pointer: str, value: Any) -> Any:
    """A copy of a message with another value at a pointer; a missing member is added."""
    copy = json.loads(json.dumps(message))
    *parents, last = (part.replace("~1", "/") for part in pointer.split("/")[1:])
    place = copy
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    place[int(last) if isinstance(place, list) else last] = value
    return copy


def check(message: Any) -> None:
    """Check a message against the standard that it names, as the corridor does."""
    validate.validate_message(*catalogue.parse_reference(message["standard"]), message)
