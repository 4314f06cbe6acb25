"""The refusals of this room; each is one of the kinds in `databases.errors`."""

from databases import errors
from sharing_api import errors as exchange_errors


class UnknownStandard(errors.NotFound):
    """There is no published standard, version or file of that name."""

    code = "standards.unknown"


class NonconformingMessage(errors.Unavailable):
    """A message of ours does not conform to the standard that it claims: it must not leave.

    The caller did nothing wrong, so it is not `Invalid`.
    """

    code = "standards.nonconforming"


class UnsoundStandard(errors.Unavailable):
    """A standard in the catalogue cannot be used: incomplete, or pointing outside the catalogue."""

    code = "standards.unsound"


class UnreadableMessage(exchange_errors.Malformed):
    """A message that came in cannot be read: not well formed, or in a form that is dangerous."""

    code = "standards.unreadable"


class InvalidXml(errors.Invalid):
    """An XML message that came in is not valid against its published schema."""

    code = "standards.invalid_xml"
