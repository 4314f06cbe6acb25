"""Who holds a right: a person or body by its identifier, and what the paper says of it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from land import errors


class PartyKind(StrEnum):
    """Who can hold a right or a mortgage."""

    PIN = "pin"
    DOCUMENT = "document"
    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"
    STATE = "state"
    COMMUNITY = "community"
    HOUSEHOLD = "household"
    UNIDENTIFIED = "unidentified"


PARTY_PATTERN = (
    r"pin:[0-9]{12}|enterprise:[0-9]{10}|state:[A-Z][0-9]{2}[.0-9A-Z]*"
    r"|(document|organisation):[A-Z]{2}:[0-9A-Z]{3,30}"
    r"|(community|household|unidentified):[0-9A-Z]{1,40}"
)
_PARTY = re.compile(PARTY_PATTERN, re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """A person or body by its identifier.

    Args:
        ref: ``pin:<12 digits>`` · ``document:<country>:<number>`` · ``enterprise:<10 digits>`` ·
            ``organisation:<country>:<number>`` · ``state:<agency code>`` · ``community:<id>`` ·
            ``household:<id>`` for a household that an old certificate names ·
            ``unidentified:<id>`` for a name on a paper that no number was found for.
    """

    ref: str

    @classmethod
    def parse(cls, text: str, *, name: str = "party") -> "Party":
        """Read a reference.

        Raises:
            MalformedParty: another form.

        >>> Party.parse("pin:001084000999").kind.value
        'pin'
        """
        if not _PARTY.fullmatch(text):
            message = "Write kind and number, such as pin:… or enterprise:…."
            raise errors.MalformedParty.of_field(name, "party.shape", message)
        return cls(text)

    @property
    def kind(self) -> PartyKind:
        """Say what sort of identifier it is."""
        return PartyKind(self.ref.partition(":")[0])
