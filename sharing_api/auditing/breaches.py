"""The report of a breach: whose data went out, which, how much, between two moments.

Law 91/2025/QH15 on personal data protection art. 23: the authority is told within 72 hours of the
discovery; Decree 356/2025/NĐ-CP arts 28 and 29: what is told, and that the data subjects are told
where location or biometric data went out. The log names nobody: subjects are tags, which the
register that keeps them can turn into persons.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sharing_api.access_log.entries import moment
from sharing_api.auditing import pages
from sharing_api.auditing.values import WantedEntries
from sharing_api.disclosure import catalogue

HOURS = 72
SUBJECT_COLUMNS = ("subject_tag", "first_at", "last_at", "answers", "datasets", "fields")
_WALK = "linkage"
_LIMITS = (
    "Counted from the access log: what the exchange answered. A read of a whole register is one "
    "entry for each page, with the number of its records and not their names; whoever was in the "
    "register then is concerned. What was taken from elsewhere than the exchange is not in it."
)


@dataclass
class Told:
    """What was told of one data subject."""

    first_at: datetime
    last_at: datetime
    answers: int = 0
    datasets: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Report:
    """What went out, ready to be written.

    Args:
        wanted: which entries were asked for.
        detected_at: when the breach was discovered; the clock runs from it.
        made_at: when this was counted.
        subjects: tag → what was told of whom.
        disclosures: (consumer, dataset, field) → to how many entries it was delivered.
        askers: (agency, system, officer) → entries with data.
        walked: dataset → records read as a whole, each page counted.
        entries, refused: entries that fit, and those of them that were refusals.
    """

    wanted: WantedEntries
    detected_at: datetime
    made_at: datetime
    subjects: Mapping[bytes, Told]
    disclosures: Mapping[tuple[str, str, str], int]
    askers: Mapping[tuple[str, str, str], int]
    walked: Mapping[str, int]
    entries: int
    refused: int

    @property
    def due_at(self) -> datetime:
        """Until when the authority must be told."""
        return self.detected_at + timedelta(hours=HOURS)

    def to_csv(self) -> str:
        """Write one line a data subject."""
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(SUBJECT_COLUMNS)
        for tag, told in sorted(self.subjects.items()):
            times = (moment(told.first_at), moment(told.last_at))
            lists = (" ".join(sorted(told.datasets)), " ".join(sorted(told.fields)))
            writer.writerow([tag.hex(), *times, told.answers, *lists])
        return file.getvalue()

    def to_html(self) -> bytes:
        """Write the sums as a page."""
        period = " ".join(
            f"{word} {moment(when)}"
            for word, when in (("from", self.wanted.since), ("until", self.wanted.until))
            if when is not None
        )
        left = self.due_at - self.made_at
        clock = (
            f"{left / timedelta(hours=1):.0f} hours are left" if left > timedelta(0) else "overdue"
        )
        parts = (
            pages.paragraph(
                f"Discovered at {moment(self.detected_at)}; the authority is told until "
                f"{moment(self.due_at)} (Law 91/2025/QH15 art. 23): {clock}, "
                f"at {moment(self.made_at)}."
            ),
            pages.paragraph(
                f"Entries {period or 'of the whole log'}: {self.entries:,}, of which "
                f"{self.refused:,} were refusals. Data subjects whose data went out: "
                f"{len(self.subjects):,}."
            ),
            pages.table(
                "Which data, to whom",
                ("Agency", "Dataset", "Field", "Class", "Times"),
                [
                    (agency, dataset, name, _sensitivity(dataset, name), count)
                    for (agency, dataset, name), count in sorted(self.disclosures.items())
                ],
            ),
            pages.table(
                "Who asked",
                ("Agency", "System", "Officer", "Entries with data"),
                [(*who, count) for who, count in sorted(self.askers.items())],
            ),
            pages.table(
                "Registers read as a whole", ("Dataset", "Records"), sorted(self.walked.items())
            ),
            pages.paragraph(_LIMITS),
        )
        return pages.page("Report of a breach", parts)


def make(
    rows: Iterable[Mapping[str, Any]], wanted: WantedEntries, *, detected_at: datetime, at: datetime
) -> Report:
    """Count entries of the log; each is read once.

    Args:
        rows: of the log, those that fit.
        wanted: conditions that they fit.
        detected_at: when the breach was discovered.
        at: now.
    """
    subjects: dict[bytes, Told] = {}
    disclosures: Counter[tuple[str, str, str]] = Counter()
    askers: Counter[tuple[str, str, str]] = Counter()
    walked: Counter[str] = Counter()
    entries = refused = 0
    for row in rows:
        entries += 1
        refused += row["decision"] == "refused"
        if not row["fields"]:
            continue
        askers[row["agency"], row["client"], row["officer"]] += 1
        disclosures.update((row["agency"], row["dataset"], name) for name in row["fields"])
        if row["operation"] == _WALK:
            walked[row["dataset"]] += int(row["transport"].get("records", 0))
        if row["subject_tag"] is None:
            continue
        when = row["logged_at"]
        told = subjects.setdefault(bytes(row["subject_tag"]), Told(when, when))
        told.first_at, told.last_at = min(told.first_at, when), max(told.last_at, when)
        told.answers += 1
        told.datasets.add(row["dataset"])
        told.fields.update(row["fields"])
    counted = (subjects, disclosures, askers, walked, entries, refused)
    return Report(wanted, detected_at, at, *counted)


def _sensitivity(dataset: str, name: str) -> str:
    published = catalogue.DATASETS.get(dataset)
    known = published.fields.get(name) if published else None
    return known.sensitivity if known else "not published any more"
