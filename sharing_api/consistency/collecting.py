"""Reads the registers through the corridor and keeps, sealed, what the rules compare."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

from databases.sessions import Databases
from sharing_api import tables
from sharing_api.consistency import sources
from sharing_api.consistency.repository import working_set
from sharing_api.consistency.repository.working_set import Kept
from sharing_api.consistency.rules import catalogue
from sharing_api.consistency.sealing import Sealer
from sharing_api.consistency.sources import Source
from sharing_api.disclosure.in_house import Page
from sharing_api.following import repository
from sharing_api.following.cursors import Cursor, Follower

_cursor = tables.consistency_cursor
# Both only grow, so their sum tells when either did: then everything is read and judged anew.
_VERSION = sources.VERSION + catalogue.VERSION


@dataclasses.dataclass(frozen=True)
class Collector:
    """Brings the working set up to date.

    Args:
        follower: reads the registers.
        databases: of the site; the working set is in the exchange's.
        sealer: makes what is kept unreadable.
    """

    follower: Follower
    databases: Databases
    sealer: Sealer

    def collect(self, run_id: int, on: date) -> Mapping[str, str]:
        """Read what changed since the last run, all the first time; go on where one broke off.

        Returns:
            dataset → agency that gives it.

        Raises:
            AgreementRefuses: an agreement does not allow it; what was read before stays.
        """
        with self.databases.writing("exchange") as session:
            cursors = repository.list_cursors(session, _cursor)
            if any(one.version != _VERSION for one in cursors.values()):
                working_set.forget(session, _VERSION)
                cursors = {}
        return {
            source.dataset: self._read(
                source, cursors.get(source.dataset, Cursor(source.dataset, _VERSION)), run_id, on
            )
            for source in sources.SOURCES
        }

    def _read(self, source: Source, cursor: Cursor, run_id: int, on: date) -> str:
        pages = self.follower.read(cursor, source.fields, source.joined_with, on)
        for page, cursor in pages:
            with self.databases.writing("exchange") as session:
                tags, kept = self._keep(source, page)
                working_set.replace(session, tags, kept)
                repository.save_cursor(session, _cursor, cursor)
                working_set.count_run(session, run_id, records=len(page.records))
        return cursor.provider

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
