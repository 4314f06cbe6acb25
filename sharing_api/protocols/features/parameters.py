"""The query of a request: read by the rules of OGC API - Features; what is unknown is refused."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from fastapi import Request

from databases import periods
from databases.errors import FieldProblem
from sharing_api import errors

_OPEN_ENDS = ("", "..")


class InvalidParameter(errors.Malformed):
    """A parameter of the query is unknown or has no meaning here; `fields` names it."""

    code = "exchange.invalid_parameter"


def invalid(name: str, message: str) -> InvalidParameter:
    """Make the refusal of a parameter."""
    problem = FieldProblem(name, "parameter.invalid", message)
    return InvalidParameter(f"The parameter {name} cannot be read. {message}", fields=[problem])


def read_query(http: Request, known: Collection[str]) -> Mapping[str, str]:
    """Read the parameters of a query.

    Raises:
        InvalidParameter: one is unknown or stands there twice.
    """
    pairs = http.query_params.multi_items()
    query = dict(pairs)
    for name in query:
        if name not in known:
            message = f"This resource knows {', '.join(sorted(known)) or 'no parameters'}."
            raise InvalidParameter(
                message, fields=[FieldProblem("query", "parameter.unknown", message)]
            )
    if len(query) != len(pairs):
        message = "Write each parameter once."
        raise InvalidParameter(
            message, fields=[FieldProblem("query", "parameter.repeated", message)]
        )
    return query


def read_limit(text: str | None, *, usual: int, most: int) -> int:
    """Read how many features a page holds; more than the most are not refused but not given.

    Raises:
        InvalidParameter: it is no whole number above zero.
    """
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise invalid("limit", "Give a whole number above zero.")
    return min(int(text), most)


def read_numbers(name: str, text: str, counts: Collection[int]) -> list[float]:
    """Read numbers parted by commas.

    Raises:
        InvalidParameter: they are not numbers, or not as many as there may be.
    """
    message = f"Give {' or '.join(str(one) for one in sorted(counts))} numbers."
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise invalid(name, message) from error
    if len(numbers) not in counts or any(abs(one) > 1e9 or one != one for one in numbers):
        raise invalid(name, message)
    return numbers


def read_day(text: str | None) -> date | None:
    """Read the day for which features are to hold; None: today.

    The register answers for one day: of intervals only those without any end are served.

    Raises:
        InvalidParameter: it is no day, no moment, or an interval with an end.
    """
    if text is None or all(end in _OPEN_ENDS for end in text.split("/", 1)):
        return None
    try:
        if "T" not in text.upper():
            return date.fromisoformat(text)
        return periods.day_in_vietnam(datetime.fromisoformat(text.upper()))
    except ValueError as error:
        sentence = "Name one day or moment: the register answers for a day."
        raise invalid("datetime", sentence) from error
