"""Fills the index from a register through the corridor, and keeps it current: page by page.

The first walk reads all, each later one what changed since. A page is one transaction with the
place to go on from, so that a walk that was broken off goes on behind its last page. What a page
costs grows with its records, not with the index.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from databases.changes.versions import AsOf
from databases.sessions import Databases
from sharing_api.disclosure.in_house import Desk, Errand, Page, Scope
from sharing_api.matching import records
from sharing_api.matching.files import registers
from sharing_api.matching.frequencies import HERE
from sharing_api.matching.index import keeping, lessons, repository, sources
from sharing_api.matching.index.keeping import Keeper, Opened
from sharing_api.matching.index.sources import Says
from sharing_api.matching.index.values import KEPT, IndexRow, Kept
from sharing_api.matching.model import Model
from sharing_api.matching.records import Records

JOINED_WITH = ("index",)  # in the words of the agreement
Told = Callable[[str, int], None]


@dataclass(frozen=True)
class Filler:
    """Brings indexes up to date.

    Args:
        desk: where registers are asked.
        databases: of the site; the index is in the exchange's.
        keeper: makes what is kept unreadable.
        errand: who asks, and why.
        model: of the likeness.
        page: most records that are held at a time.
    """

    desk: Desk
    databases: Databases
    keeper: Keeper
    errand: Errand
    model: Model
    page: int = 2_000

    @property
    def version(self) -> str:
        """What an index is made by: another one is made anew."""
        return f"{self.model.version}.{KEPT}"

    def update(self, dataset: str, on: date, told: Told) -> int:
        """Read what changed since the last walk, all the first time; learn where it is time.

        Args:
            dataset: `register/dataset`.
            on: day that the records are to hold on.
            told: is told what is done and how many records.

        Returns:
            number of records read.

        Raises:
            Unauthenticated, AgreementRefuses, LogUnavailable: what was read before stays.
        """
        engine = self.databases.engine("exchange")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
            guard.detach()  # closed in the end, never pooled: the lock goes with it
            repository.wait_to_fill_alone(guard, dataset)
            return self._walk(dataset, on, told)

    def is_behind(self, dataset: str, on: date) -> bool:
        """Tell whether the register has changes, or a day has come, that the index lacks.

        Raises:
            RegisterUnavailable: the register cannot be read now.
        """
        with self.databases.reading("exchange") as session:
            row = repository.find_index(session, dataset)
        if row is None or row.version != self.version or row.change is None or not row.lesson:
            return True
        return row.valid_on != on or self.desk.last_change(dataset) > row.change

    def _walk(self, dataset: str, on: date, told: Told) -> int:
        with self.databases.writing("exchange") as session:
            row = repository.open_index(session, dataset, self.version)
        read, before = 0, row
        scope = self._scope(row, on)
        for page in self.desk.read_all(self.errand, scope, after=self._after(row)):
            row = self._keep_page(row, page, scope)
            read += len(page.records)
            told("reading", read)
        is_new_day = before.valid_on != row.valid_on
        if not row.lesson or (is_new_day and lessons.has_outgrown(self.databases, row)):
            told("learning", 0)
            lessons.learn(self.databases, self.keeper, self.model, row)
        return read

    def _after(self, row: IndexRow) -> str:
        return self.keeper.open(row.sealed_after)

    def _scope(self, row: IndexRow, on: date) -> Scope:
        under_way = row.next_valid_on if row.next_change is not None else None
        known = row.change is not None and row.valid_on is not None
        return Scope(
            dataset=row.dataset,
            fields=sources.published_fields(row.dataset),
            joined_with=JOINED_WITH,
            valid_on=under_way or on,
            since=AsOf(row.valid_on or on, row.change) if known else None,
            page=self.page,
        )

    def _keep_page(self, row: IndexRow, page: Page, scope: Scope) -> IndexRow:
        """Keep a page and how far the walk is, in one transaction."""
        kept = self.make_entries(row.dataset, page.records, page.change)
        tags = [self.keeper.record_tag(row.dataset, key) for key in (*page.records, *page.gone)]
        advanced = self._advance(row, page, scope.valid_on)
        with self.databases.writing("exchange") as session:
            # At a first filling nothing of the page can be there: it went in with its place.
            repository.replace(session, tags if scope.since else (), kept, row.index_id)
            repository.save_index(session, advanced)
        return advanced

    def _advance(self, row: IndexRow, page: Page, day: date) -> IndexRow:
        # What changes while a walk is under way is read again by the next one: the walk counts
        # from the state that its first page saw.
        first = page.change if row.next_change is None else row.next_change
        if page.last:
            sealed = self.keeper.seal(page.last)
            return dataclasses.replace(
                row, next_change=first, next_valid_on=day, sealed_after=sealed
            )
        return dataclasses.replace(
            row, change=first, valid_on=day, next_change=None, next_valid_on=None, sealed_after=b""
        )

    def make_entries(
        self, dataset: str, read: Mapping[str, Mapping[str, Any]], change: int
    ) -> list[Kept]:
        """Make the entries of records; one that says nothing has none.

        Args:
            read: key → published field → value.
            change: state of the register that they are of.
        """
        says = {key: sources.say(dataset, record) for key, record in read.items()}
        says = {key: said for key, said in says.items() if said}
        if not says:
            return []
        data = self._read(dataset, list(says.values()))
        values = zip(*(one.values for one in data.encode().values()), strict=True)
        rules = self.model.index.rules(registers.make_source(dataset).subject)
        rows, keys = self.keeper.make_keys(dataset, data, rules)
        own_keys = keeping.split_by_row(rows, keys, len(says))
        return [
            Kept(
                self.keeper.record_tag(dataset, key),
                own,
                self.keeper.seal_record(Opened(key, change, kept)),
            )
            for key, own, kept in zip(says, own_keys, values, strict=True)
        ]

    def _read(self, dataset: str, says: Sequence[Says]) -> Records:
        kinds = sources.kinds_of(self.model, dataset)
        fields = list(registers.make_source(dataset).fields)
        columns = keeping.columns_of(says, fields)
        return records.read_as(kinds, dict.fromkeys(kinds, HERE), columns)
