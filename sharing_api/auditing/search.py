"""Searches of the access log that can be saved and done again."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from sharing_api.auditing import errors
from sharing_api.auditing.repository import searches
from sharing_api.auditing.values import WantedEntries, plain

_NAME = re.compile(r"[\w.-]{1,64}")
_LONGEST = 3_660


@dataclass(frozen=True, slots=True)
class Search:
    """Conditions, as they are saved.

    Args:
        wanted: without moments that `days` gives.
        days: entries of so many days before the moment of searching; None: `wanted` says since.
    """

    wanted: WantedEntries
    days: int | None = None

    def at(self, now: datetime) -> WantedEntries:
        """Give the conditions as they are at a moment.

        Raises:
            ImpossibleCondition: no moment fulfils them.
        """
        wanted = self.wanted
        if self.days is not None:
            if not 1 <= self.days <= _LONGEST:
                raise errors.ImpossibleCondition.of_field(
                    "days", "search.days", f"Search 1 to {_LONGEST} days back."
                )
            wanted = dataclasses.replace(wanted, since=now - timedelta(days=self.days))
        if wanted.since and wanted.until and wanted.until <= wanted.since:
            raise errors.ImpossibleCondition.of_field(
                "until", "search.period", "The period ends before it begins."
            )
        return wanted


def save(session: Session, name: str, search: Search, *, officer: str, at: datetime) -> None:
    """Save a search under a name; the one that had the name is replaced.

    Raises:
        ImpossibleCondition: the name is not fit, or nothing can fulfil the conditions.
    """
    if not _NAME.fullmatch(name):
        raise errors.ImpossibleCondition.of_field(
            "save", "search.name", "A name has 1 to 64 letters, digits, dots, hyphens."
        )
    search.at(at)
    conditions = {
        field.name: plain(getattr(search.wanted, field.name))
        for field in dataclasses.fields(WantedEntries)
        if getattr(search.wanted, field.name) is not None
    }
    if search.days is not None:
        conditions["days"] = search.days
    searches.save(session, name, conditions, officer=officer, at=at)


def get(session: Session, name: str) -> Search:
    """Give a saved search.

    Raises:
        SearchNotFound: none was saved under that name.
    """
    found = searches.find(session, name)
    if found is None:
        raise errors.SearchNotFound("No search was saved under that name.")
    return _read(found)


def _read(saved: Mapping[str, Any]) -> Search:
    values = {name: value for name, value in saved.items() if name != "days"}
    for name in ("since", "until"):
        if name in values:
            values[name] = datetime.fromisoformat(values[name]).astimezone(UTC)
    if "subject_tag" in values:
        values["subject_tag"] = bytes.fromhex(values["subject_tag"])
    return Search(WantedEntries(**values), saved.get("days"))
