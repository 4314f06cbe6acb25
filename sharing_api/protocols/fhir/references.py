"""Resource ids: opaque names that only the exchange can read back, others for every agency.

A FHIR id stands in paths, histories and other systems' tables, so it may be no number of a person.
It is the register's key under deterministic encryption (AES-SIV, RFC 5297), bound to the agency
that asked and the type of resource:
- the same record always has the same id for one agency, so that `Coverage/{id}` can be read again;
- another agency's id, or an invented one, opens to nothing and no register is asked;
- nothing is stored, and no agreement has to grant a number only to have an id.
"""

import base64
import binascii
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from sharing_api import errors


class References:
    """Makes ids of keys and gives back the keys.

    Args:
        secret: root of the exchange's pseudonyms.
    """

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESSIV(hmac.digest(secret, b"fhir resource ids", "sha512"))

    def seal(self, agency: str, resource_type: str, key: str) -> str:
        """Give the id by which an agency knows the resource of a key."""
        sealed = self._cipher.encrypt(key.encode(), [agency.encode(), resource_type.encode()])
        # Base32: ids know neither '_' nor '=', and some tools fold their case.
        return base64.b32encode(sealed).decode().rstrip("=").lower()

    def open(self, agency: str, resource_type: str, resource_id: str) -> str:
        """Give the key of an id.

        Raises:
            RecordNotFound: the exchange never gave this id to this agency.
        """
        try:
            sealed = base64.b32decode(resource_id.upper() + "=" * (-len(resource_id) % 8))
            key = self._cipher.decrypt(sealed, [agency.encode(), resource_type.encode()])
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise errors.RecordNotFound("No such record within your agreement.") from error
        return key.decode()
