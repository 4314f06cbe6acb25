"""Station 6: write the answer in its form and check it against the standard that it claims."""

import logging
from collections.abc import Sequence

from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.disclosure.inquiry import Inquiry

log = logging.getLogger(__name__)


def write_all(inquiries: Sequence[Inquiry]) -> None:
    """Write the body of every answer; one that breaks its own standard does not leave."""
    for inquiry in inquiries:
        if inquiry.is_open:
            try:
                inquiry.content_type, inquiry.body = inquiry.form.write(inquiry)
            except RegisterError as error:
                log.exception("answer %s breaks its standard", inquiry.answer_id)
                inquiry.problem = error
            except Exception:
                log.exception("answer %s cannot be written", inquiry.answer_id)
                inquiry.problem = errors.RegisterUnavailable("The answer cannot be written now.")
        write_problem(inquiry)


def write_problem(inquiry: Inquiry) -> None:
    """Write a refusal, if it is one; its length tells nothing about the subject."""
    if inquiry.problem is not None:
        inquiry.status, inquiry.content_type, inquiry.body = inquiry.form.write_problem(
            inquiry.problem, instance=inquiry.urn
        )
