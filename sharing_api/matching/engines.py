"""Who does the work: this machine, or a cluster. What is asked and what is found are the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sharing_api.matching import explanation, linkage, records, subgroups
from sharing_api.matching.explanation import Part
from sharing_api.matching.fields.kinds import Column, Flags, Rows
from sharing_api.matching.linkage import NOBODY, Linkage, Progress
from sharing_api.matching.model import Kind, Model


@dataclass(frozen=True)
class Source:
    """The records that are to be linked, as texts.

    Args:
        model: of the likeness.
        subject: ``person`` or ``enterprise``.
        columns: field → Arrow array, as for `records.read`.
        left: how many of the rows, from the first, are the left side; None when all are compared
            with each other.
    """

    model: Model
    subject: str
    columns: Mapping[str, Column]
    left: int | None = None

    @property
    def count(self) -> int:
        """Number of records."""
        return len(next(iter(self.columns.values())))

    @property
    def possible_pairs(self) -> float:
        """Number of pairs that could be compared."""
        return records.possible_pairs(self.count, self.left)


@dataclass(frozen=True)
class Linked:
    """What was found, and what can be asked of it afterwards.

    Args:
        found: pairs, weights and groups.
        kinds: field → its kind, in the order of the levels.
        explain: tells of pairs what each field adds to their weight.
        list_subgroups: tells which records belong to which group of people, where fields tell.
    """

    found: Linkage
    kinds: Mapping[str, Kind]
    explain: Callable[[Rows, Rows], Sequence[Sequence[Part]]]
    list_subgroups: Callable[[], Mapping[str, Flags]]


class Engine(Protocol):
    """Links records."""

    def link(
        self,
        source: Source,
        folder: Path,
        progress: Progress,
        true_pairs: tuple[Rows, Rows] = NOBODY,
    ) -> Linked:
        """Compare records, learn from them, and group those that are the same.

        Args:
            source: the records.
            folder: where work is put aside; what an earlier run left there is taken up.
            progress: is told step, what is done, and what there is to do (0: unknown).
            true_pairs: left and right records of pairs that are known to be the same.

        Raises:
            NothingToCompare: no column holds anything.
            EngineMissing: what the engine needs is not installed.
        """


@dataclass(frozen=True)
class Local:
    """This machine.

    Args:
        workers: processes that read and compare; 0 does all in this one.
    """

    workers: int = 0

    def link(
        self,
        source: Source,
        folder: Path,
        progress: Progress,
        true_pairs: tuple[Rows, Rows] = NOBODY,
    ) -> Linked:
        """Link them in the memory of this machine; see `Engine`."""
        data = records.read(
            source.model, source.subject, source.columns, source.left, workers=self.workers
        )
        found = linkage.link(
            data, source.model, folder, progress, workers=self.workers, true_pairs=true_pairs
        )
        return Linked(
            found,
            data.kinds,
            partial(explanation.explain, data, found.weights),
            partial(subgroups.list_subgroups, data),
        )
