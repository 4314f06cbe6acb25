"""Runs a simulation: who may, against which questions, under which day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from sharing_api.agreements import documents
from sharing_api.agreements.life import difference, reading
from sharing_api.agreements.life.errors import WrongParty
from sharing_api.agreements.life.reading import Checker
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import State, Version
from sharing_api.agreements.values import Terms
from sharing_api.disclosure import catalogue
from sharing_api.simulation import repository
from sharing_api.simulation.replay import Outcome
from sharing_api.simulation.replay import replay as replay_all

_STOOD = (State.IN_FORCE, State.SUSPENDED, State.EXPIRED, State.REVOKED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a version would change, in words and in the questions of the log.

    Args:
        before: number of the version that it is compared with; None when it is the first.
    """

    differences: tuple[difference.Difference, ...]
    outcome: Outcome
    before: int | None


def simulate(
    session: Session,
    document: bytes,
    *,
    agency: str,
    since: timedelta,
    now: datetime,
    check: Checker,
    vintages: documents.Vintages,
) -> Simulation:
    """Simulate a version that nobody has signed yet against logged questions.

    Args:
        document: in canonical form.
        agency: who wants to know; either party may.
        since: how far back questions are replayed.

    Raises:
        NotCanonical, DocumentInvalid: the document is none that could be proposed.
        WrongParty: the agency is no party of it.
    """
    content = reading.read_document(document, check)
    if agency not in (content["provider"], content["consumer"]):
        raise WrongParty("Only a party of an agreement simulates it.")
    new = documents.terms(document, in_force=True, vintages=vintages)
    stood = [
        one
        for one in versions.list_versions(session, name=content["agreement"])
        if one.state in _STOOD and one.parties == (new.provider, new.consumer)
    ]
    terms = {one.agreement_hash: _terms(session, one, vintages) for one in stood}
    previous = max(stood, key=lambda one: one.number, default=None)
    several = repository.list_alike(
        session,
        agencies=_askers(new, terms),
        hashes=terms,
        datasets=new.datasets,
        since=now - since,
    )
    day = max(periods.day_in_vietnam(now), new.valid_from)
    # The day is one on which it acts: its own end is no difference that anybody asks about.
    outcome = replay_all(several, replace(new, valid_to=None), terms, catalogue.FACTS.get, day)
    before = previous.content if previous else {}
    return Simulation(
        differences=difference.compare(before, content, title_vi),
        outcome=outcome,
        before=previous.number if previous else None,
    )


def title_vi(dataset: str, field: str) -> str:
    """Give the Vietnamese title of a field; empty when nobody publishes it."""
    published = catalogue.DATASETS.get(dataset)
    known = published.fields.get(field) if published else None
    return known.title_vi if known else ""


def _askers(new: Terms, old: Mapping[str, Terms]) -> set[str]:
    several = (new, *old.values())
    return {one.consumer for one in several} | {
        delegate.agency for one in several for delegate in one.delegates
    }


def _terms(session: Session, version: Version, vintages: Any) -> Terms:
    document = versions.read_document(session, version.agreement_hash)
    return documents.terms(document, in_force=True, vintages=vintages)
