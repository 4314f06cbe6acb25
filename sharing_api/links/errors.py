"""The refusals of links."""

from collections.abc import Sequence

from databases import errors
from databases.errors import FieldProblem
from sharing_api.links.values import Shown


class LinkNotFound(errors.NotFound):
    """There is no link of that number."""

    code = "links.link_not_found"


class ReasonMissing(errors.Invalid):
    """A link is not decided without a reason."""

    code = "links.reason_missing"


class NotToDecide(errors.Conflict):
    """The link is in a state from which that decision does not lead."""

    code = "links.not_to_decide"


class RecordChanged(errors.Conflict):
    """A record says something else than when it was compared: let it be compared again first.

    Args:
        shown: the link with what its records say now, for who decides; no part of the message.
    """

    code = "links.record_changed"

    def __init__(self, message: str, *, fields: Sequence[FieldProblem], shown: Shown) -> None:
        super().__init__(message, fields=fields)
        self.shown = shown


class OtherReviewerNeeded(errors.Refused):
    """Two records of one person are merged when two different officers have looked at them."""

    code = "links.other_reviewer_needed"


class UnknownComparison(errors.Invalid):
    """There is no comparison of that name."""

    code = "links.unknown_comparison"


class BadSample(errors.Invalid):
    """A labelled sample cannot be read, or is of other links."""

    code = "links.bad_sample"


class NotAProposal(errors.Conflict):
    """The link is no accepted one of two records of one register, or of other records."""

    code = "links.not_a_proposal"
