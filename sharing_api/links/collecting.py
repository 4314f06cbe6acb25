"""Reads the registers through the corridor and keeps, sealed, what is compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from databases.sessions import Databases
from sharing_api import tables
from sharing_api.disclosure.in_house import Page
from sharing_api.following import repository
from sharing_api.following.cursors import Cursor, Follower
from sharing_api.links import sources
from sharing_api.links.repository import working_set
from sharing_api.links.repository.working_set import Kept
from sharing_api.links.sealing import Sealer
from sharing_api.links.sources import Source

_cursor = tables.link.cursor


@dataclass(frozen=True)
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

    def collect(self, run_id: int, on: date, datasets: Sequence[str]) -> None:
        """Read what changed since the last run, all the first time; go on where one broke off.

        Args:
            datasets: those that are wanted.

        Raises:
            AgreementRefuses: an agreement does not allow it; what was read before stays.
        """
        with self.databases.writing("exchange") as session:
            cursors = repository.list_cursors(session, _cursor)
            if any(one.version != sources.VERSION for one in cursors.values()):
                working_set.forget(session, sources.VERSION)
                cursors = {}
        for name in datasets:
            source = sources.BY_DATASET[name]
            cursor = cursors.get(name, Cursor(name, sources.VERSION))
            pages = self.follower.read(cursor, source.fields, source.joined_with, on)
            for page, reached in pages:
                with self.databases.writing("exchange") as session:
                    tags, kept = self._keep(source, page)
                    working_set.replace(session, tags, kept, sources.comparisons_of)
                    repository.save_cursor(session, _cursor, reached)
                    working_set.count_run(session, run_id, records=len(page.records))

    def _keep(self, source: Source, page: Page) -> tuple[list[bytes], list[Kept]]:
        tags = {
            key: self.sealer.record_tag(source.dataset, key) for key in (*page.records, *page.gone)
        }
        kept = [
            Kept(
                mention_tag=self.sealer.mention_tag(mention),
                side=mention.side,
                record_tag=tags[key],
                content_tag=self.sealer.content_tag(mention),
                sealed=self.sealer.seal_mention(mention),
                register_change=mention.change,
            )
            for key, values in page.records.items()
            for mention in source.list_mentions(key, values, page.change)
        ]
        return list(tags.values()), kept
