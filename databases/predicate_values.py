"""Reads the values that a search asks for into the parameters of its statement."""

from collections.abc import Mapping
from typing import Any

from databases import vietnamese
from databases.datasets import Parameters, Predicate, PredicateMalformed
from databases.errors import FieldProblem


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
