"""The five kinds of errors; every named error of a register or of the exchange is one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of the input.

    Args:
        field: name of the field as the caller wrote it, or a JSON pointer.
        rule: stable code of the rule that the value breaks.
        message: the sentence for a person; never holds the value itself.
    """

    field: str
    rule: str
    message: str


class RegisterError(Exception):
    """A refusal with a stable code, a sentence that says what to do, and the fields concerned.

    Messages carry no personal data: they reach logs.
    """

    code = "register.error"

    def __init__(self, message: str, *, fields: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fields = tuple(fields)

    @classmethod
    def of_field(cls, field: str, rule: str, message: str) -> Self:
        """Make the refusal of one field; its sentence is the whole message.

        >>> Invalid.of_field("owners", "owners.twice", "An owner is named twice.").fields[0].rule
        'owners.twice'
        """
        return cls(message, fields=[FieldProblem(field, rule, message)])


class NotFound(RegisterError):
    """The record asked for is not in the register."""

    code = "register.not_found"


class Conflict(RegisterError):
    """The act contradicts what the register holds now."""

    code = "register.conflict"


class Refused(RegisterError):
    """The law or the caller's rights say no."""

    code = "register.refused"


class Invalid(RegisterError):
    """The input breaks a rule; `fields` says which one where."""

    code = "register.invalid"


class Unavailable(RegisterError):
    """Something that must work for an answer does not work now; asking again later may help."""

    code = "register.unavailable"
