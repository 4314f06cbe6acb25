"""How far a dataset is read, and reading on from there."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from databases.changes.versions import AsOf
from sharing_api.disclosure.in_house import Desk, Errand, Page, Scope
from sharing_api.worklists.sealing import Sealer


@dataclass(frozen=True)
class Cursor:
    """How far a dataset is read.

    Args:
        version: of what is kept of a record.
        provider: agency that gives the dataset.
        change, valid_on: state up to which it was read as a whole; None: never.
        next_change, next_valid_on: state of the walk under way; None: none is.
        sealed_after: key that the walk under way goes on behind.
    """

    dataset: str
    version: int
    provider: str = ""
    change: int | None = None
    valid_on: date | None = None
    next_change: int | None = None
    next_valid_on: date | None = None
    sealed_after: bytes = b""


@dataclass(frozen=True)
class Follower:
    """Reads what changed in datasets since the last time, all of it the first time.

    Args:
        desk: where registers are asked.
        errand: who asks, and why.
        sealer: makes unreadable where a walk was broken off.
        page: most records that are held at a time.
    """

    desk: Desk
    errand: Errand
    sealer: Sealer
    page: int

    def read(
        self, cursor: Cursor, fields: tuple[str, ...], joined_with: tuple[str, ...], on: date
    ) -> Iterator[tuple[Page, Cursor]]:
        """Read on; give each page with the cursor that is to be saved together with it.

        Raises:
            AgreementRefuses: an agreement does not allow it; what was read before stays.
            LogUnavailable: a page could not be logged.
        """
        day = cursor.next_valid_on if cursor.next_change is not None else on
        known = cursor.change is not None and cursor.valid_on is not None
        scope = Scope(
            dataset=cursor.dataset,
            fields=fields,
            joined_with=joined_with,
            valid_on=day or on,
            since=AsOf(cursor.valid_on or on, cursor.change) if known else None,
            page=self.page,
        )
        after = self.sealer.open(cursor.sealed_after)
        for page in self.desk.read_all(self.errand, scope, after=after):
            cursor = self._advance(cursor, page, scope.valid_on)
            yield page, cursor

    def _advance(self, cursor: Cursor, page: Page, day: date) -> Cursor:
        # What changes while a walk is under way is read again by the next one: the walk counts
        # from the state that its first page saw.
        first = page.change if cursor.next_change is None else cursor.next_change
        if page.last:
            return dataclasses.replace(
                cursor,
                next_change=first,
                next_valid_on=day,
                sealed_after=self.sealer.seal(page.last),
                provider=page.provider,
            )
        return dataclasses.replace(
            cursor,
            change=first,
            valid_on=day,
            next_change=None,
            next_valid_on=None,
            sealed_after=b"",
            provider=page.provider,
        )
