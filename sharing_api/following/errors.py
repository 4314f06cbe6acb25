"""The refusals of what follows registers."""

from databases import errors


class WorkingSetUnreadable(errors.Unavailable):
    """What was kept of the registers was sealed with another key."""

    code = "following.working_set_unreadable"
