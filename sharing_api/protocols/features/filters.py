"""CQL2: the part of it that a search can answer, as search predicates.

A search holds records to conditions that must all hold, each authorised by the agreement on its
own. That is what is read of a filter: a text that is one of several, a number between two limits,
and one S_INTERSECTS of the shape with a box or a point, joined by AND. Anything else is refused,
not half answered.
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
_BETWEEN_ARGS = 3
_SUBSET = (
    "Join conditions by AND: a text = a value or IN a list; a number =, <, <=, >, >= or BETWEEN "
    "numbers; S_INTERSECTS takes a box."
)
# Said in public, with the queryables: no class of CQL2 is claimed, for none of them is this little.
OFFERED = (
    "Filters are a part of CQL2, as text or JSON, joined by AND: a text property = a value or IN a "
    "list of values (or the same as equalities of one property joined by OR); a numeric property "
    "=, <, <=, >, >= or BETWEEN numbers; S_INTERSECTS of the shape with a box. Every condition is "
    "one that the agreement grants by name, so NOT, <>, LIKE, IS NULL and OR between different "
    "properties are refused, not half answered."
)
_ENDS = {
    ast.GreaterEqual: "least",
    ast.GreaterThan: "above",
    ast.LessEqual: "most",
    ast.LessThan: "below",
}
_TURNED = {"least": "most", "most": "least", "above": "below", "below": "above"}


def list_properties(dataset: Dataset) -> list[str]:
    """List the properties that a filter may compare: predicates of texts and ranges."""
    names = (one.name for one in dataset.predicates.values() if one.type in ("text", "range"))
    return [name for name in names if name not in (BOX, AFTER)]


def read_filter(
    text: str, language: str, uri: str, *, shape: str, published: Dataset
) -> Mapping[str, Any]:
    """Read a filter as search predicates.

    Args:
        text: the filter.
        language: one of `LANGUAGES`.
        uri: system that coordinates are in.
        shape: property that is the geometry.
        published: dataset whose features are asked for; its key is the feature's id.

    Returns:
        predicates; a property that is none of the dataset's is among them, for the corridor to
        refuse.

    Raises:
        InvalidParameter: it cannot be parsed, or is more than a search can answer.
    """
    predicates: dict[str, Any] = {}
    for condition in _conditions(_parse(text, language)):
        if isinstance(condition, ast.GeometryIntersects):
            name, value = BOX, _read_place(condition, uri, shape, is_json=language == "cql2-json")
        else:
            name, value = _read_condition(condition, published)
        if name == published.key:
            raise _unsupported("No condition is read about the id.")
        predicates[name] = _join(name, predicates[name], value) if name in predicates else value
    return predicates


def _join(name: str, before: Any, value: Any) -> Any:
    """Join two ends of a range; of anything else one condition is read."""
    if isinstance(before, dict) and isinstance(value, dict) and not before.keys() & value.keys():
        return {**before, **value}
    raise _unsupported(f"One condition about {name} is read, or two about the ends of a range.")


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
    return cql2_json.parse(_between_as_parsed(orjson.loads(text)))


def _between_as_parsed(node: Any) -> Any:
    """Give BETWEEN its limits as one list: the parser reads a draft of the standard."""
    if isinstance(node, list):
        return [_between_as_parsed(one) for one in node]
    if not isinstance(node, dict):
        return node
    read = {name: _between_as_parsed(one) for name, one in node.items()}
    limits = read.get("args")
    if read.get("op") == "between" and isinstance(limits, list) and len(limits) == _BETWEEN_ARGS:
        read["args"] = [limits[0], limits[1:]]
    return read


def _conditions(node: ast.Node) -> Iterator[ast.Node]:
    if isinstance(node, ast.And):
        yield from _conditions(node.lhs)
        yield from _conditions(node.rhs)
    else:
        yield node


def _read_condition(node: Any, published: Dataset) -> tuple[str, Any]:
    """Read a condition about one property: its name, and what a search asks of it."""
    if isinstance(node, ast.Or):
        return _read_alternatives(node, published)
    name = _name_property(node)
    known = published.predicates.get(name)
    if known is not None and known.type == "range":
        return name, _read_range(node)
    if isinstance(node, ast.In) and not node.not_ and isinstance(node.sub_nodes, list):
        return name, [_require_value(one) for one in node.sub_nodes]
    if isinstance(node, ast.Equal):
        other = node.rhs if isinstance(node.lhs, ast.Attribute) else node.lhs
        return name, _require_value(other)
    raise _unsupported("This condition is not read.")


def _read_alternatives(node: ast.Or, published: Dataset) -> tuple[str, Any]:
    """Read what is joined by OR: values of one property, as IN writes them."""
    texts: list[Any] = []
    names = set()
    for side in (node.lhs, node.rhs):
        name, value = _read_condition(side, published)
        names.add(name)
        texts += value if isinstance(value, list) else [value]
    if len(names) > 1 or any(isinstance(one, dict) for one in texts):
        raise _unsupported("OR is read between values of one property.")
    return names.pop(), texts


def _name_property(node: Any) -> str:
    for side in (getattr(node, "lhs", None), getattr(node, "rhs", None)):
        if isinstance(side, ast.Attribute):
            return str(side.name)
    raise _unsupported("This condition is not read.")


def _read_range(node: Any) -> dict[str, Any]:
    if isinstance(node, ast.Between) and not node.not_:
        return {"least": _require_number(node.low), "most": _require_number(node.high)}
    if isinstance(node, ast.Equal):
        number = _require_number(node.rhs if isinstance(node.lhs, ast.Attribute) else node.lhs)
        return {"least": number, "most": number}
    end = _ENDS.get(type(node))
    if end is None:
        raise _unsupported("This condition is not read.")
    if isinstance(node.lhs, ast.Attribute):
        return {end: _require_number(node.rhs)}
    return {_TURNED[end]: _require_number(node.lhs)}


def _require_value(value: Any) -> Any:
    if not isinstance(value, str | int | float | bool):
        raise _unsupported("A property is compared with a text or a number.")
    return value


def _require_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unsupported("A range is compared with numbers.")
    return value


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
