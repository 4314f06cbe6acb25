"""Certificates, and the papers that registrations rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from land.values.kinds import NumberForm, SourceKind


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of land-use right (giấy chứng nhận).

    Args:
        number_as_written: issue number as the paper or file has it, never altered.
        right_ids: what it certifies.
        qr_code: code of the certificate printed under the QR code of the form of 2025.
        numbers_on_paper: right → map sheet and parcel number that the paper itself states.
    """

    certificate_id: str
    number_as_written: str
    right_ids: tuple[str, ...]
    register_number: str | None = None
    qr_code: str | None = None
    issued_on: date | None = None
    issued_by: str | None = None
    numbers_on_paper: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that a registration rests on."""

    source_id: str
    parcel_id: str
    kind: SourceKind
    title: str
    number: str | None = None
    issued_by: str | None = None
    issued_on: date | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class IssueNumber:
    """An issue number as it was read.

    Args:
        number: normal form: letters and digits without anything between; None: not readable.
        form: which form of certificate it is of; None where there is no number.
        flags: what had to be done to read it, or why it could not be: `empty`, `label_removed`,
            `separators_removed`, `label_stuck`, `letters_for_digits` (doubtful), `unknown_form`,
            `unreadable`.
    """

    number: str | None
    form: NumberForm | None
    flags: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Tell whether nothing had to be guessed."""
        return self.number is not None and "letters_for_digits" not in self.flags
