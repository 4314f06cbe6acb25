"""The refusals of every worklist."""

from databases import errors


class FindingNotFound(errors.NotFound):
    """There is no finding of that number."""

    code = "worklists.finding_not_found"


class ReasonMissing(errors.Invalid):
    """A finding is not settled without a reason."""

    code = "worklists.reason_missing"


class NotToSettle(errors.Conflict):
    """The finding does not stand any more, or is in that state already."""

    code = "worklists.not_to_settle"


class SealedByAnotherKey(errors.Unavailable):
    """What was kept was sealed with another key of the exchange."""

    code = "worklists.sealed_by_another_key"
