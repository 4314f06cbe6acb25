"""Where kept messages come in again: by the doors that they came in by, as far as the corridor.

The doors of every protocol are built once more with this in the place of the corridor's rounds and
of the rights of now. So a message is read by the very code that read it, whatever dialect it is in.
"""

import copy

from sharing_api import errors
from sharing_api.agreements.registry import Rights
from sharing_api.disclosure import standard
from sharing_api.disclosure.inquiry import Inquiry


class Stage:
    """Holds the rights of then, and takes the question out of a message."""

    def __init__(self) -> None:
        self.rights = Rights()
        self._part = 0
        self._came = 0
        self.inquiry: Inquiry | None = None

    def set(self, rights: Rights, part: int) -> None:
        """Wait for a message.

        Args:
            part: which of its questions is wanted.
        """
        self.rights, self._part, self._came, self.inquiry = rights, part, 0, None

    async def answer(self, inquiry: Inquiry) -> Inquiry:
        """Take the question that is wanted; nobody gets an answer by this door."""
        if self._came == self._part:
            self.inquiry = copy.copy(inquiry)
        self._came += 1
        inquiry.problem = errors.RegisterUnavailable("Answers made again are not given.")
        standard.write_problem(inquiry)
        return inquiry
