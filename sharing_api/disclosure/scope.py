"""Whose records an agreement reaches: territory, part of the population, protected persons.

What lies outside is withheld in the one way in which an unknown number is answered; only the log
knows the difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharing_api.access_log import entries
from sharing_api.agreements import conditions
from sharing_api.disclosure.inquiry import Inquiry

FOUND = "found"
FOUND_PROTECTED = "found_protected"  # for the auditor: somebody had the right, and used it
NOT_FOUND = "not_found"
OUTSIDE = "outside_territory"
OUTSIDE_POPULATION = "outside_population"
PROTECTED = "protected"
DISAGREES = "claims_disagree"
TOLD = (FOUND, FOUND_PROTECTED)


@dataclass(frozen=True, slots=True)
class Scope:
    """Tells of each record whether a question reaches it.

    Args:
        protected: tags of protected subjects, in every register.
        subject_key: that tags are made with.
    """

    protected: frozenset[bytes] = frozenset()
    subject_key: bytes = b""

    def judge(self, inquiry: Inquiry, record: Mapping[str, Any]) -> str:
        """Say what becomes of a record: told, or withheld and why."""
        decision = inquiry.granted
        if decision.territory and not _lies_in(inquiry, record, decision.territory):
            return OUTSIDE
        if not all(conditions.holds(one, record.get(one.field)) for one in decision.population):
            return OUTSIDE_POPULATION
        if self.protected and self._is_protected(inquiry, record):
            return FOUND_PROTECTED if decision.sees_protected else PROTECTED
        return FOUND

    def reaches(self, inquiry: Inquiry, record: Mapping[str, Any]) -> bool:
        """Test whether a record is told."""
        return self.judge(inquiry, record) in TOLD

    def _is_protected(self, inquiry: Inquiry, record: Mapping[str, Any]) -> bool:
        dataset = inquiry.published
        subject = str(record[dataset.key])
        return entries.subject_tag(self.subject_key, dataset.register, subject) in self.protected


def fields_to_judge(inquiry: Inquiry) -> tuple[str, ...]:
    """Name the fields that must be read so that records can be judged."""
    decision = inquiry.granted
    territory = inquiry.published.territory_of if decision.territory else ()
    return (*territory, *(one.field for one in decision.population))


def _lies_in(
    inquiry: Inquiry, record: Mapping[str, Any], territory: frozenset[tuple[str, str]]
) -> bool:
    dataset = inquiry.dataset
    for name in dataset.territory_of if dataset else ():
        province = (record.get(name) or {}).get("province") or {}
        if (province.get("version"), province.get("code")) in territory:
            return True
    return False
