"""The refusals of notices."""

from databases import errors


class NoticeNotFound(errors.NotFound):
    """No notice of that number is addressed to this agency."""

    code = "notices.notice_not_found"
