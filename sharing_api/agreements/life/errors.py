"""The refusals of the life of agreements."""

from databases import errors


class AgreementUnknown(errors.NotFound):
    """No agreement of that hash is known to this agency."""

    code = "agreements.unknown"


class NotCanonical(errors.Invalid):
    """The document is not written in the one form that is hashed and signed (RFC 8785, NFC)."""

    code = "agreements.not_canonical"


class DocumentInvalid(errors.Invalid):
    """The document breaks the published standard of agreements; `fields` says where."""

    code = "agreements.document_invalid"


class HashDiffers(errors.Invalid):
    """The document does not hash to the address that was named for it."""

    code = "agreements.hash_differs"


class WrongVersion(errors.Conflict):
    """The version does not continue the one that it names, or its number is taken."""

    code = "agreements.wrong_version"


class WrongState(errors.Conflict):
    """In its present state the agreement does not take this act."""

    code = "agreements.wrong_state"


class WrongParty(errors.Refused):
    """The act is for the other party."""

    code = "agreements.wrong_party"


class GroundsMissing(errors.Invalid):
    """The act needs a reason and a legal basis (Decree 194/2025/NĐ-CP art. 16)."""

    code = "agreements.grounds_missing"


class SignatureWrong(errors.Invalid):
    """The signature is no detached JWS, or is not one of this document by the key that it names."""

    code = "agreements.signature_wrong"


class KeyUnknown(errors.Invalid):
    """No key of that thumbprint is registered for the signing agency."""

    code = "agreements.key_unknown"


class KeyEnded(errors.Invalid):
    """The key has ended: what it signs from then on does not count."""

    code = "agreements.key_ended"


class KeyUnfit(errors.Invalid):
    """The key is no public Ed25519 or P-256 key."""

    code = "agreements.key_unfit"


class KeyTaken(errors.Conflict):
    """The key is registered already; a key is registered once and for one agency."""

    code = "agreements.key_taken"


class AgencyUnknown(errors.NotFound):
    """No agency of that code is entered."""

    code = "agreements.agency_unknown"


class DelegationUnknown(errors.NotFound):
    """No such delegation stands."""

    code = "agreements.delegation_unknown"


class HolidaysUnsound(errors.Unavailable):
    """The data on public holidays contradict themselves."""

    code = "agreements.holidays_unsound"
