"""Reads the registers through the corridor and keeps, sealed, what the rules compare."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

from databases.changes.versions import AsOf
from databases.sessions import Databases
from sharing_api.consistency import sources
from sharing_api.consistency.repository import working_set
from sharing_api.consistency.repository.working_set import Cursor, Kept
from sharing_api.consistency.rules import catalogue
from sharing_api.consistency.sealing import Sealer
from sharing_api.consistency.sources import Source
from sharing_api.disclosure.in_house import Desk, Errand, Page, Scope

# Both only grow, so their sum tells when either did: then everything is read and judged anew.
_VERSION = sources.VERSION + catalogue.VERSION


@dataclasses.dataclass(frozen=True)
class Collector:
    """Brings the working set up to date.

    Args:
        desk: where registers are asked.
        databases: of the site; the working set is in the exchange's.
        sealer: makes what is kept unreadable.
        errand: who asks, and why.
        page: most records that are held at a time.
    """

    desk: Desk
    databases: Databases
    sealer: Sealer
    errand: Errand
    page: int

    def collect(self, run_id: int, on: date) -> Mapping[str, str]:
        """Read what changed since the last run, all the first time; go on where one broke off.

        Returns:
            dataset → agency that gives it.

        Raises:
            AgreementRefuses: an agreement does not allow it; what was read before stays.
        """
        with self.databases.writing("exchange") as session:
            cursors = working_set.list_cursors(session)
            if any(one.version != _VERSION for one in cursors.values()):
                working_set.forget(session, _VERSION)
                cursors = {}
        return {
            source.dataset: self._read(
                source, cursors.get(source.dataset, _unread(source)), run_id, on
            )
            for source in sources.SOURCES
        }

    def _read(self, source: Source, cursor: Cursor, run_id: int, on: date) -> str:
        day = cursor.next_valid_on if cursor.next_change is not None else on
        known = cursor.change is not None and cursor.valid_on is not None
        scope = Scope(
            dataset=source.dataset,
            fields=source.fields,
            joined_with=source.joined_with,
            valid_on=day or on,
            since=AsOf(cursor.valid_on or on, cursor.change) if known else None,
            page=self.page,
        )
        after = self.sealer.open(cursor.sealed_after)
        for page in self.desk.read_all(self.errand, scope, after=after):
            cursor = self._advance(cursor, page, scope.valid_on)
            with self.databases.writing("exchange") as session:
                tags, kept = self._keep(source, page)
                working_set.replace(session, tags, kept)
                working_set.save_cursor(session, cursor)
                working_set.count_run(session, run_id, records=len(page.records))
        return cursor.provider

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

    def _keep(self, source: Source, page: Page) -> tuple[Sequence[bytes], list[Kept]]:
        tags = {
            key: self.sealer.record_tag(source.dataset, key) for key in (*page.records, *page.gone)
        }
        kept = [
            Kept(
                mention.subject.kind.rank,
                self.sealer.subject_tag(mention.subject),
                tags[key],
                self.sealer.seal_mention(mention),
            )
            for key, values in page.records.items()
            for mention in source.list_mentions(key, values, page.change)
        ]
        return list(tags.values()), kept


def _unread(source: Source) -> Cursor:
    return Cursor(source.dataset, _VERSION)
