"""What a load leaves for people: the accepted rows, the rejects with their reasons, the summary."""

import csv
import heapq
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from databases.loading import errors
from databases.loading.typed import Reject
from databases.loading.workspace import REJECT_COLUMNS


@dataclass(frozen=True)
class Summary:
    """What became of the rows of a file.

    Args:
        change: number of the change that was recorded; None when the file said nothing new.
        read: rows of the file.
        accepted: rows that the register holds now, whether new or not.
        rejected: rows refused; every one stands in the rejects file.
        outcomes: inserted, amended, unchanged → accepted rows.
        flagged: accepted rows that somebody should look at.
        flags: flag → accepted rows.
        rules: rule → problems found (a row may have several).
        unread_columns: columns of the file that neither the mapping reads nor leaves out.
        resumed: chunks that an earlier run had validated.
        accepted_file: line, key, outcome, flags.
        rejects_file: line, column, value, rule, reason.
    """

    change: int | None
    read: int
    accepted: int
    rejected: int
    outcomes: Mapping[str, int]
    flagged: int
    flags: Mapping[str, int]
    rules: Mapping[str, int]
    unread_columns: tuple[str, ...]
    resumed: int
    accepted_file: str
    rejects_file: str

    def as_json(self) -> str:
        """Write it for programs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


def require_nothing_lost(*, read: int, accepted: int, rejected: int) -> None:
    """Check that every row read was accepted or rejected.

    Raises:
        RowsLost: the numbers do not add up.
    """
    if accepted + rejected != read:
        raise errors.RowsLost(
            f"{read} rows were read, {accepted} accepted and {rejected} rejected: the sum is "
            "wrong, nothing was recorded."
        )


def write_rejects(path: Path, chunks: Iterable[Reject], later: Iterable[Reject]) -> Counter[str]:
    """Write the rejects in the order of the file's lines.

    Args:
        path: of the rejects file; written anew.
        chunks: problems of single rows, by line.
        later: refusals that the whole file or the register gave cause for, in any order.

    Returns:
        rule → number of problems.
    """
    rules: Counter[str] = Counter()
    ordered = sorted(later, key=lambda reject: reject.line)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REJECT_COLUMNS)
        for reject in heapq.merge(chunks, ordered, key=lambda reject: reject.line):
            writer.writerow(astuple(reject))
            rules[reject.rule] += 1
    return rules
