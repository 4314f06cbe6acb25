"""Refusals of the SDMX door, and every refusal as the error message of the standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from databases import errors as kinds
from sharing_api import errors
from sharing_api.standards import problems

ERROR_TYPE: Final = "application/xml"


class QueryNotParsed(errors.Malformed):
    """A part of an SDMX query is not written as the standard says; `fields` names the place."""

    code = "sdmx.query_not_parsed"


class QueryNotUnderstood(kinds.Invalid):
    """The query is well written, but speaks of what the structure does not have."""

    code = "sdmx.query_not_understood"


class NoResults(kinds.NotFound):
    """Nothing is published that fits the query."""

    code = "sdmx.no_results"


class FeatureNotOffered(kinds.RegisterError):
    """The standard knows this, the service does not offer it."""

    code = "sdmx.feature_not_offered"


class AnswerTooLarge(kinds.RegisterError):
    """The answer has more observations than are given at once."""

    code = "sdmx.answer_too_large"


class ObservationNotConforming(errors.RegisterUnavailable):
    """An observation breaks its own data structure: it does not leave."""

    code = "sdmx.observation_not_conforming"


# Kind of refusal → code of the standard and HTTP status, looked up along the class hierarchy.
# Source: SDMX 2.1, section 7 (web services guidelines), error codes; the REST documents give each
# its HTTP status. Codes from 1000 are a service's own.
_CODES: Mapping[type[kinds.RegisterError], tuple[int, int]] = {
    NoResults: (100, 404),
    errors.Unauthenticated: (110, 401),
    AnswerTooLarge: (510, 413),
    errors.TooLarge: (130, 413),
    FeatureNotOffered: (501, 501),
    errors.MethodNotAllowed: (1405, 405),
    errors.NotAcceptable: (1406, 406),
    errors.TooMany: (1429, 429),
    errors.Malformed: (140, 400),
    kinds.Invalid: (150, 403),
    kinds.Refused: (150, 403),
    kinds.Conflict: (150, 403),
    kinds.NotFound: (100, 404),
    kinds.Unavailable: (503, 503),
}


def code_of(error: kinds.RegisterError) -> tuple[int, int]:
    """Give the standard's code of a refusal and its HTTP status."""
    for kind in type(error).__mro__:
        if kind in _CODES:
            return _CODES[kind]
    return 500, problems.status_of(error)[0]


@dataclass(frozen=True)
class Refusals:
    """The form of refusals that no query has taken up: the path or method is no good.

    Args:
        version: of SDMX-ML, such as 2.1.
    """

    version: str

    def write_problem(self, error: kinds.RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as status, content type and body."""
        return write(error, instance=instance, version=self.version)


def write(error: kinds.RegisterError, *, instance: str, version: str) -> tuple[int, str, bytes]:
    """Write a refusal as an SDMX error message: status, content type and body.

    Args:
        instance: URN of this refusal, for those who ask about it.
        version: of SDMX-ML, such as 2.1.
    """
    code, status = code_of(error)
    root = f"http://www.sdmx.org/resources/sdmxml/schemas/v{version.replace('.', '_')}"
    message, common = f"{root}/message", f"{root}/common"
    document = etree.Element(f"{{{message}}}Error", nsmap={"mes": message, "com": common})
    sentences = [f"{error.message} [{error.code}] ({instance})"]
    sentences += [f"{one.field}: {one.message} [{one.rule}]" for one in error.fields]
    for sentence in sentences:
        part = etree.SubElement(document, f"{{{message}}}ErrorMessage", code=str(code))
        text = etree.SubElement(part, f"{{{common}}}Text")
        text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        text.text = "".join(letter for letter in sentence if letter.isprintable())
    body = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    return status, ERROR_TYPE, body
