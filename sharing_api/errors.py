"""The refusals of the exchange; each is one of the kinds in `databases.errors`, or says who asks.

The only place where kinds become status codes is `sharing_api.standards.problems`.
"""

from databases import errors


class Malformed(errors.RegisterError):
    """The message cannot be read at all (400)."""

    code = "exchange.malformed"


class Unauthenticated(errors.RegisterError):
    """The caller has not shown who it is (401)."""

    code = "exchange.unauthenticated"


class TooLarge(errors.RegisterError):
    """The message is larger than the exchange takes (413)."""

    code = "exchange.too_large"


class UnsupportedMedia(errors.RegisterError):
    """The message is in a form that the exchange does not read (415)."""

    code = "exchange.unsupported_media"


class MethodNotAllowed(errors.RegisterError):
    """The path does not answer this method (405)."""

    code = "exchange.method_not_allowed"


class NotAcceptable(errors.RegisterError):
    """The answer exists in none of the forms that the caller accepts (406)."""

    code = "exchange.not_acceptable"


class TooMany(errors.RegisterError):
    """The quota of the agreement is used up (429)."""

    code = "exchange.quota_exceeded"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class AgreementRefuses(errors.Refused):
    """The agreement does not allow the question; `fields` names what."""

    code = "exchange.refused"

    def __init__(self, message: str, *, rule: str, field: str) -> None:
        super().__init__(message, fields=[errors.FieldProblem(field, rule, message)])
        self.rule = rule


class RecordNotFound(errors.NotFound):
    """No such record within the agreement."""

    code = "exchange.record_not_found"


class LogUnavailable(errors.Unavailable):
    """The access log cannot be written: nothing was disclosed."""

    code = "exchange.log_unavailable"


class RegisterUnavailable(errors.Unavailable):
    """The register cannot be read now."""

    code = "exchange.register_unavailable"


class AgreementUnsound(errors.Invalid):
    """An agreement that is not canonical, not whole, or not signed by both agencies."""

    code = "exchange.agreement_unsound"
