"""The sharing report of a quarter: who shared what with whom, how much, and what was refused.

Decree 278/2025/NĐ-CP art. 13 (monitoring, public and traceable) and art. 14 (data audit).
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from sharing_api.access_log.entries import moment
from sharing_api.agreements.life import waiting
from sharing_api.auditing import errors, pages
from sharing_api.auditing.repository import sharing

_WRITTEN = re.compile(r"(\d{4})Q([1-4])", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 9998
FLOW_COLUMNS = (
    "quarter",
    "provider",
    "consumer",
    "dataset",
    "questions",
    "answered",
    "refused",
    "subjects",
    "officers",
)
_NO_AGREEMENT = "(no agreement)"
_HOW = (
    "Counted from the access log: one question is one answer of the exchange, a batch included; "
    "data subjects are told apart by their tags, so that nobody is named. A refusal without an "
    "agreement has no provider."
)
_RESPONSE_TIMES = (
    "Response times of single answers are not in this report: an entry of the access log is "
    "written before its answer leaves, so that the log cannot hold the moment at which it left."
)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year in Viet Nam.

    Args:
        since, until: moments, half-open.
    """

    name: str
    since: datetime
    until: datetime

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read a year and a quarter.

        Raises:
            ImpossibleQuarter: another form.

        >>> Quarter.parse("2026Q1").until.isoformat()
        '2026-04-01T00:00:00+07:00'
        """
        match = _WRITTEN.fullmatch(text)
        year = int(match.group(1)) if match else 0
        if match is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise errors.ImpossibleQuarter.of_field(
                "quarter", "quarter.form", "Write a quarter as 2026Q1."
            )
        first = 3 * int(match.group(2)) - 2
        following = date(year + first // 10, (first + 2) % 12 + 1, 1)
        return cls(text, _midnight(date(year, first, 1)), _midnight(following))


@dataclass(frozen=True)
class Report:
    """What happened in a quarter, ready to be written."""

    quarter: Quarter
    made_at: datetime
    names: Mapping[str, str]
    flows: sharing.Rows
    refusals: sharing.Rows
    fields: sharing.Rows
    findings: sharing.Rows
    requests: sharing.Rows
    overdue: sharing.Rows

    def to_csv(self) -> str:
        """Write who shared what with whom, one line a provider, consumer and dataset."""
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(FLOW_COLUMNS)
        for row in self.flows:
            writer.writerow([self.quarter.name, *(row[name] for name in FLOW_COLUMNS[1:])])
        return file.getvalue()

    def to_html(self) -> bytes:
        """Write all of it as a page."""
        ended = "" if self.quarter.until <= self.made_at else " The quarter has not ended."
        written = (
            f"From {moment(self.quarter.since)} to {moment(self.quarter.until)}, "
            f"made at {moment(self.made_at)}.{ended}"
        )
        parts = (
            pages.paragraph(written),
            pages.paragraph(_HOW),
            self._table("Who shared what with whom", self.flows, _FLOWS),
            self._table("Fields disclosed", self.fields, _FIELDS),
            self._table("Why questions were refused", self.refusals, _REFUSALS),
            self._table("Requests for data and their answers", self.requests, _ASKED),
            self._table("Requests that are overdue now", self.overdue, _OVERDUE),
            self._table("What auditors looked at", self.findings, _FINDINGS),
            pages.paragraph(_RESPONSE_TIMES),
        )
        return pages.page(f"Sharing report {self.quarter.name}", parts)

    def _table(self, caption: str, rows: sharing.Rows, titles: Mapping[str, str]) -> str:
        cells: Iterable[Sequence[pages.Cell]] = (
            [self._cell(name, row[name]) for name in titles] for row in rows
        )
        return pages.table(caption, list(titles.values()), cells)

    def _cell(self, name: str, value: Any) -> pages.Cell:
        if name in ("provider", "consumer"):
            known = self.names.get(value)
            return f"{value} {known}" if known else value or _NO_AGREEMENT
        if value is None:
            return "none yet"
        return value if isinstance(value, int | float) else str(value)


_PARTIES = {"provider": "Provider", "consumer": "Consumer", "dataset": "Dataset"}
_FLOWS = {
    **_PARTIES,
    "questions": "Questions",
    "answered": "Answered with data",
    "refused": "Refused",
    "subjects": "Data subjects",
    "officers": "Officers",
}
_FIELDS = {**_PARTIES, "name": "Field", "disclosures": "Disclosures"}
_REFUSALS = {
    "consumer": "Consumer",
    "dataset": "Dataset",
    "rule": "Rule",
    "questions": "Questions",
}
_ASKED = {
    "provider": "Provider",
    "consumer": "Consumer",
    "requests": "Requests",
    "accepted": "Accepted",
    "refused": "Refused",
    "median_days": "Median days to the answer",
}
_OVERDUE = {
    "provider": "Provider",
    "consumer": "Consumer",
    "agreement": "Agreement",
    "proposed_at": "Proposed",
    "due": "Due",
}
_FINDINGS = {"rule": "Rule", "state": "State", "findings": "Findings"}


def make(session: Session, quarter: Quarter, *, at: datetime) -> Report:
    """Count a quarter. Reads its part of the log three times, in order of time."""
    period = (quarter.since, quarter.until)
    return Report(
        quarter=quarter,
        made_at=at,
        names=sharing.list_names(session),
        flows=sharing.list_flows(session, *period),
        refusals=sharing.list_refusals(session, *period),
        fields=sharing.list_fields(session, *period),
        findings=sharing.count_findings(session, *period),
        requests=sharing.list_requests(session, *period),
        overdue=_list_overdue(session, at),
    )


def _list_overdue(session: Session, at: datetime) -> sharing.Rows:
    return [
        {
            "provider": one.version.provider,
            "consumer": one.version.consumer,
            "agreement": one.version.agreement_hash,
            "proposed_at": moment(one.proposed_at),
            "due": one.deadline.day.isoformat(),
        }
        for one in waiting.list_waiting(session, at)
        if one.is_overdue
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), periods.VIETNAM)
