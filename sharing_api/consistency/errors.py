"""The refusals of the worklist."""

from databases import errors


class FindingNotFound(errors.NotFound):
    """There is no finding of that number."""

    code = "consistency.finding_not_found"


class ReasonMissing(errors.Invalid):
    """A finding is not settled without a reason."""

    code = "consistency.reason_missing"


class NotToSettle(errors.Conflict):
    """The finding does not stand any more, or is in that state already."""

    code = "consistency.not_to_settle"
