"""The refusals of emergencies."""

from databases import errors


class EmergencyNotFound(errors.NotFound):
    """No emergency of that answer is for this agency to review."""

    code = "emergencies.emergency_not_found"


class AlreadyReviewed(errors.Conflict):
    """The emergency has been reviewed."""

    code = "emergencies.already_reviewed"


class OutcomeMissing(errors.Invalid):
    """A review says what came of it."""

    code = "emergencies.outcome_missing"
