"""Questions of the exchange's own work as inquiries, when they are asked and when asked again."""

import dataclasses
from datetime import date, datetime
from typing import Any

import orjson

from databases.changes.versions import AsOf
from databases.datasets import Walk
from databases.errors import RegisterError
from sharing_api.access_log.questions import Message
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import forms, request
from sharing_api.disclosure.inquiry import FeedPage, Form, Inquiry
from sharing_api.standards import problems

METHOD = "DESK"  # of a message that did not come over HTTP
_LINES = "application/x-ndjson"


class _Lines:
    """The form of a page: a line of JSON for each record. Its hash goes into the log."""

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the records as they are handed over."""
        lines = (orjson.dumps(record) for record in inquiry.records.values())
        return _LINES, b"\n".join(lines)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal."""
        return problems.render(error, instance=instance)


_LINES_FORM: Form = _Lines()


def inquire(caller: Caller, asked: request.Asked, said: bytes, now: datetime) -> Inquiry:
    """Make an inquiry of the exchange's own.

    Args:
        said: the question in bytes, for its hash.
    """
    form = forms.JSON if asked.operation == "batch" else _LINES_FORM
    return request.make_inquiry(caller, asked, request=said, headers={}, form=form, now=now)


def turn_to_page(inquiry: Inquiry, page: Walk, joined_with: tuple[str, ...], number: int) -> None:
    """Make a question one for a page of a walk."""
    inquiry.question = dataclasses.replace(inquiry.question, joined_with=joined_with)
    inquiry.page, inquiry.limit = page, page.limit
    inquiry.transport["page"] = str(number)
    if inquiry.message is not None:
        inquiry.message = dataclasses.replace(
            inquiry.message, query=",".join(joined_with), part=number
        )


def inquire_again(caller: Caller, message: Message, now: datetime) -> Inquiry:
    """Make an inquiry of the exchange's own out of a kept message.

    Raises:
        ValueError, TypeError, KeyError: it was kept by another version of this program.
    """
    said, walk = orjson.loads(message.body)
    feed = said.pop("feed", None)
    told: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in said.items()
    }
    as_of, valid_on = told.get("as_of"), told.get("valid_on")
    told["as_of"] = datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    told["valid_on"] = date.fromisoformat(valid_on) if valid_on else None
    if feed is not None:
        told["feed"] = FeedPage(**{**feed, "verbs": tuple(feed["verbs"])})
    inquiry = inquire(caller, request.Asked(**told), message.body, now)
    if walk is not None:
        since = walk.pop("since")
        state = since and AsOf(date.fromisoformat(since["valid_on"]), since["change"])
        joined = tuple(filter(None, message.query.split(",")))
        turn_to_page(inquiry, Walk(**walk, since=state), joined, message.part)
    return inquiry
