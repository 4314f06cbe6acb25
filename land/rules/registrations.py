"""What a registration must say: its records fit together, its numbers can be read."""

from collections.abc import Collection, Sequence

from databases.errors import FieldProblem
from land import errors, legal
from land.rules import certificates, parcels
from land.values.kinds import NumberForm, RightKind
from land.values.papers import Certificate
from land.values.parcels import LegalSpace
from land.values.registrations import FirstRegistration
from land.values.rights import Right

# What was done to read a number leaves no doubt about it.
_CERTAIN = frozenset({"label_removed", "separators_removed"})


def require_complete(registration: FirstRegistration) -> None:
    """Refuse a first registration whose rights, spaces, papers and certificates do not fit.

    Raises:
        WrongParcel: a record is of another parcel, or its name has no form.
        WrongCertificate: a certificate names no right of the registration.

    Source:
        Law on Land 31/2024/QH15 art. 132 (first registration of the parcel and what is attached
        to it), art. 134 (one form of certificate for both).
    """
    if registration.parcel_stands_alone:
        return
    parcel_id = registration.parcel.parcel_id
    spaces = {space.legal_space_id for space in registration.spaces}
    names = [*spaces, *(right.right_id for right in registration.rights)]
    names += [paper.source_id for paper in registration.sources]
    for name in names:
        parcels.require_id(name, field="names")
    named = {right.parcel_id for right in registration.rights}
    named |= {space.parcel_id for space in registration.spaces}
    named |= {paper.parcel_id for paper in registration.sources}
    if not named <= {parcel_id}:
        message = "Rights, spaces and papers must be of the parcel that is registered."
        raise errors.WrongParcel.of_field("rights", "parcel.other", message)
    _require_spaces(registration.rights, spaces)
    require_certified(registration.certificates, registration.rights)


def require_space(space: LegalSpace, rights: Sequence[Right]) -> None:
    """Refuse rights that are not over the space that is registered.

    Raises:
        WrongParcel: a name has no form, or a right is over something else, or to use the land.

    Source:
        Law on Land 31/2024/QH15 art. 133-134 (registration of what is attached to the land);
        Law on Housing 27/2023/QH15 art. 9 (ownership of a house is certified; article recalled).
    """
    for name in (space.legal_space_id, *(right.right_id for right in rights)):
        parcels.require_id(name, field="names")
    is_other = any(
        (right.parcel_id, right.legal_space_id, right.kind)
        != (space.parcel_id, space.legal_space_id, RightKind.ASSET_OWNERSHIP)
        for right in rights
    )
    if is_other:
        message = "The rights must be of ownership, over the space that is registered."
        raise errors.WrongParcel.of_field("rights", "legal_space.other", message)


def _require_spaces(rights: Sequence[Right], spaces: Collection[str]) -> None:
    named = {right.legal_space_id for right in rights if right.legal_space_id is not None}
    if not named <= set(spaces):
        message = "A right is over a space that is not registered."
        raise errors.WrongParcel.of_field("rights", "legal_space.unknown", message)


def require_certified(issued: Sequence[Certificate], rights: Sequence[Right]) -> None:
    """Refuse certificates that certify nothing, or rights that are not at hand.

    Raises:
        WrongCertificate: at least one does.

    Source:
        Law on Land 31/2024/QH15 art. 134 and 135 (a certificate proves rights over parcels).
    """
    known = {right.right_id for right in rights}
    for certificate in issued:
        parcels.require_id(certificate.certificate_id, field="certificate_id")
        named = set(certificate.right_ids)
        if not named or not named <= known:
            message = "A certificate names at least one right, and only registered ones."
            raise errors.WrongCertificate.of_field("right_ids", "certificate.rights", message)


def number_warnings(certificate: Certificate) -> tuple[FieldProblem, ...]:
    """Warn of an issue number that could not be read, or only by a guess, or is of a later form.

    Source:
        As `certificates.read_number`; Circular 10/2024/TT-BTNMT (eight digits from 2025-01-01,
        recalled); old papers stay valid (Law on Land 31/2024/QH15 art. 256 on
        certificates issued before it; article recalled), so a doubtful number never refuses.
    """
    read = certificates.read_number(certificate.number_as_written)
    message = "Compare the issue number with the paper."
    flags = [flag for flag in read.flags if flag not in _CERTAIN]
    first_day = legal.CERTIFICATE_DIGITS_2025.valid_from
    issued_on = certificate.issued_on
    if read.form is NumberForm.LETTERS_8 and issued_on is not None and issued_on < first_day:
        flags.append("before_its_form")
    return tuple(FieldProblem("number_as_written", f"issue_number.{f}", message) for f in flags)
