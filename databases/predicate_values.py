"""Reads the values that a search asks for into the parameters of its statement."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, Final

from databases import vietnamese
from databases.datasets import Parameters, Predicate, PredicateMalformed
from databases.errors import FieldProblem

MOST_TEXTS: Final = 50
RANGE_ENDS: Final = ("least", "above", "most", "below")
_LARGEST: Final = Decimal("99999999999999.99")
_CENT: Final = Decimal("0.01")


def malformed(name: str, message: str) -> PredicateMalformed:
    """Make the refusal of a predicate's value; the message says what to give, never what came."""
    problem = FieldProblem(name, "predicate.malformed", message)
    return PredicateMalformed("A value asked for has the wrong shape.", fields=[problem])


def require_text(name: str, value: Any) -> str:
    """Give the value if it is a text that PostgreSQL can hold and that says something.

    Raises:
        PredicateMalformed: it is not.
    """
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise malformed(name, "Give a text that is not empty.")
    return value


def read_name(name: str, value: Any) -> Parameters:
    """Read a Vietnamese name as its comparison key.

    Raises:
        PredicateMalformed: the value is no text.
    """
    return {name: vietnamese.name_key(require_text(name, value))}


def read_coded(name: str, value: Any) -> Parameters:
    """Read a code and the version of its list as the parameters `<name>` and `<name>_version`.

    Raises:
        PredicateMalformed: the value is no object of the two.
    """
    if not isinstance(value, Mapping):
        raise malformed(name, "Give code and version.")
    return {
        name: require_text(name, value.get("code")),
        f"{name}_version": require_text(name, value.get("version")),
    }


def read_texts(name: str, value: Any) -> Parameters:
    """Read a text, or several of which a record is to have one, as a list.

    Raises:
        PredicateMalformed: a value is no text, or there are none or too many.
    """
    texts = value if isinstance(value, list) else [value]
    if not 0 < len(texts) <= MOST_TEXTS:
        raise malformed(name, f"Give a text, or a list of 1 to {MOST_TEXTS}.")
    return {name: [require_text(name, text).strip() for text in texts]}


def read_range(name: str, value: Any) -> Parameters:
    """Read a range of numbers that are held to two decimals, as `<name>_least` and `<name>_most`.

    Raises:
        PredicateMalformed: the value is no object of `RANGE_ENDS`, or an end is no number.
    """
    if not isinstance(value, Mapping) or not value or not set(value) <= set(RANGE_ENDS):
        raise malformed(name, f"Give an object of {', '.join(RANGE_ENDS)}.")
    ends = {end: _read_number(name, number) for end, number in value.items()}
    least, most = [Decimal(0)], [_LARGEST]
    if "least" in ends:
        least.append(ends["least"].quantize(_CENT, ROUND_CEILING))
    if "above" in ends:
        least.append(ends["above"].quantize(_CENT, ROUND_FLOOR) + _CENT)
    if "most" in ends:
        most.append(ends["most"].quantize(_CENT, ROUND_FLOOR))
    if "below" in ends:
        most.append(ends["below"].quantize(_CENT, ROUND_CEILING) - _CENT)
    return {f"{name}_least": max(least), f"{name}_most": min(most)}


def _read_number(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > _LARGEST:
        raise malformed(name, "Give numbers with at most 14 digits before the point.")
    return number


def read(predicates: Mapping[str, Predicate], asked: Mapping[str, Any]) -> Parameters:
    """Read all values asked for into the parameters of the search's statement.

    Args:
        predicates: of the dataset.
        asked: values by name; each name is a predicate's.

    Raises:
        PredicateMalformed: a value does not have the shape of its predicate.
    """
    parameters: Parameters = {}
    for name, value in asked.items():
        parameters.update(predicates[name].read(name, value))
    return parameters
