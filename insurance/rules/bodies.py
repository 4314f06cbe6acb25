"""What the law says of the codes of employers."""

import re

from databases.errors import FieldProblem

_UNIT = re.compile(r"[A-Z]{2}[0-9]{4,}[A-Z]?", re.ASCII)


def list_unit_warnings(unit_code: str) -> tuple[FieldProblem, ...]:
    """List the doubts about the code of an employer; its form is recalled only and never refuses.

    Source:
        No source was found: codes as seen are two letters, digits and perhaps a letter.
    """
    if _UNIT.fullmatch(unit_code):
        return ()
    message = "A unit code usually is two letters and digits."
    return (FieldProblem("unit_code", "unit_code.unusual", message),)
