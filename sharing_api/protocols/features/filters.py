"""CQL2: the part of it that a search can answer, as search predicates.

A search holds records to conditions that must all hold, each authorised by the agreement on its
own. That is what is read of a filter: comparisons of a property with a value, joined by AND, and
one S_INTERSECTS of the shape with a box or a point. Anything else is refused, not half answered.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import shapely
import shapely.geometry
from lark.exceptions import LarkError
from pygeofilter import ast, values  # type: ignore[import-untyped]  # untyped upstream
from pygeofilter.parsers import (  # type: ignore[import-untyped]  # untyped upstream
    cql2_json,
    cql2_text,
)

from databases.datasets import Dataset
from sharing_api.protocols.features import boxes, parameters

LANGUAGES = ("cql2-text", "cql2-json")
BOX, AFTER = "bbox", "after"  # predicates with parameters of their own
_LONGEST = 4_000
_SUBSET = "Join comparisons of a property with a value by AND; S_INTERSECTS takes a box."
# Said in public, with the queryables: no class of CQL2 is claimed, for none of them is this little.
OFFERED = (
    "Filters are a part of CQL2, as text or JSON: a property = a value, and S_INTERSECTS of the "
    "shape with a box, joined by AND, each property once. Every condition is one that the "
    "agreement grants by name, so OR, NOT, IN, BETWEEN, LIKE and other comparisons are refused, "
    "not half answered."
)


def list_properties(dataset: Dataset) -> list[str]:
    """List the properties that a filter may compare: predicates whose value is a text."""
    names = (one.name for one in dataset.predicates.values() if one.type == "text")
    return [name for name in names if name not in (BOX, AFTER)]


def read_filter(text: str, language: str, uri: str, *, shape: str, key: str) -> Mapping[str, Any]:
    """Read a filter as search predicates.

    Args:
        text: the filter.
        language: one of `LANGUAGES`.
        uri: system that coordinates are in.
        shape: property that is the geometry.
        key: property that is the feature's id.

    Returns:
        predicates; a property that is none of the dataset's is among them, for the corridor to
        refuse.

    Raises:
        InvalidParameter: it cannot be parsed, or is more than a search can answer.
    """
    predicates: dict[str, Any] = {}
    for condition in _conditions(_parse(text, language)):
        name, value = _read_condition(condition, uri, shape, is_json=language == "cql2-json")
        if name in predicates or name == key:
            raise _unsupported(f"One condition about {name} is read, and none about the id.")
        predicates[name] = value
    return predicates


def _parse(text: str, language: str) -> ast.Node:
    if language not in LANGUAGES:
        raise parameters.invalid("filter-lang", f"Write filters in {' or '.join(LANGUAGES)}.")
    if len(text) > _LONGEST:
        raise parameters.invalid("filter", f"A filter has at most {_LONGEST} characters.")
    try:
        parsed = cql2_text.parse(text) if language == "cql2-text" else _parse_json(text)
    except (LarkError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise parameters.invalid("filter", "It is not written in its language.") from error
    except RecursionError as error:
        raise parameters.invalid("filter", "It is nested too deep.") from error
    if not isinstance(parsed, ast.Node):
        raise _unsupported("A filter is a condition.")
    return parsed


def _parse_json(text: str) -> Any:
    return cql2_json.parse(orjson.loads(text))


def _conditions(node: ast.Node) -> Iterator[ast.Node]:
    if isinstance(node, ast.And):
        yield from _conditions(node.lhs)
        yield from _conditions(node.rhs)
    else:
        yield node


def _read_condition(node: Any, uri: str, shape: str, *, is_json: bool) -> tuple[str, Any]:
    if isinstance(node, ast.GeometryIntersects):
        return BOX, _read_place(node, uri, shape, is_json=is_json)
    if not isinstance(node, ast.Equal) or not isinstance(node.lhs, ast.Attribute):
        raise _unsupported("This condition is not read.")
    if not isinstance(node.rhs, str | int | float | bool):
        raise _unsupported("A property is compared with a text or a number.")
    return str(node.lhs.name), node.rhs


def _read_place(
    node: ast.GeometryIntersects, uri: str, shape: str, *, is_json: bool
) -> list[float]:
    if not isinstance(node.lhs, ast.Attribute) or node.lhs.name != shape:
        raise _unsupported(f"S_INTERSECTS is about the property {shape}.")
    corners = _corners(node.rhs, is_json=is_json)
    if not all(isinstance(side, int | float) for side in corners):
        raise _unsupported("A box has four numbers.")
    return list(boxes.in_wgs_84(corners, uri, name="filter"))


def _corners(place: Any, *, is_json: bool) -> list[Any]:
    if isinstance(place, values.Envelope):
        sides = (place.x1, place.x2, place.y1, place.y2)
        # The parser hands the four numbers of a JSON box on in the order in which they came.
        return [*sides] if is_json else [sides[0], sides[2], sides[1], sides[3]]
    if isinstance(place, ast.Function) and place.name.lower() == "bbox":
        return list(place.arguments)
    if isinstance(place, values.Geometry):
        return _corners_of(place.geometry)
    raise _unsupported("S_INTERSECTS takes a box.")


def _corners_of(geometry: Any) -> list[float]:
    try:
        shape = shapely.geometry.shape(geometry)
    except (ValueError, TypeError, KeyError, shapely.GEOSException) as error:
        raise parameters.invalid("filter", "Its geometry is none.") from error
    if shape.is_empty or not shape.equals(shape.envelope):
        raise _unsupported("S_INTERSECTS takes a box.")
    return list(shape.bounds)


def _unsupported(sentence: str) -> parameters.InvalidParameter:
    return parameters.invalid("filter", f"{sentence} {_SUBSET}")
