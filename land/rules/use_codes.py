"""Whether the code of a land use is in its list; how firmly it is asked follows the list's mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from databases.code_lists.values import Confidence
from databases.errors import FieldProblem
from land import errors
from land.values.parcels import LandUse

_FIRM = frozenset({Confidence.SOURCED, Confidence.HIGH})


@dataclass(frozen=True, slots=True)
class UseList:
    """A version of the list of land uses, as the register holds it.

    Args:
        confidence: how well the list as a whole is known.
        codes: how well each of the codes is known; those that it does not have are missing.
    """

    confidence: Confidence
    codes: Mapping[str, Confidence]


def require_known_codes(
    uses: Sequence[LandUse], lists: Mapping[str, UseList]
) -> tuple[FieldProblem, ...]:
    """Refuse a code that its list does not have, where the list is known well enough.

    Args:
        uses: lines that are recorded anew.
        lists: by regime; one that the register does not hold is missing.

    Returns:
        warnings: of codes missing in a list that may have gaps itself, of codes on which published
        lists disagree, of lists that are not installed.

    Raises:
        WrongLandUse: the list is known well, and does not have the code.

    Source:
        Circular 08/2024/TT-BTNMT annex II amended by Circular 23/2025/TT-BNNMT (whole annex not
        read, so it warns); Circular 25/2014/TT-BTNMT (list on cadastral maps, recalled well);
        marks: the lists themselves.
    """
    problems = (_problem_of(use.code, lists.get(use.regime)) for use in uses if use.code)
    return tuple(problem for problem in problems if problem is not None)


def _problem_of(code: str, known: UseList | None) -> FieldProblem | None:
    if known is None:
        message = "The list of land uses is not installed: the code was not looked up."
        return FieldProblem("uses", "land_use.list_missing", message)
    mark = known.codes.get(code)
    if mark is Confidence.LOW:
        message = "Published lists disagree about this code of land use."
        return FieldProblem("uses", "land_use.disputed_code", message)
    if mark is not None:
        return None
    message = "The list of land uses does not have this code."
    if known.confidence in _FIRM:
        raise errors.WrongLandUse.of_field("uses", "land_use.unknown_code", message)
    return FieldProblem("uses", "land_use.unknown_code", message)
