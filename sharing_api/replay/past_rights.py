"""Rights as they were at a moment: which agreements acted, who was protected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sharing_api.agreements import documents, registry
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import State, Step, Version
from sharing_api.agreements.registry import Rights
from sharing_api.agreements.values import Terms
from sharing_api.replay import repository
from sharing_api.replay.repository import Protection

_ACTING = (State.IN_FORCE, State.ACCEPTED)


@dataclass(frozen=True)
class PastRights:
    """All agreements with their lives, and all protections that ever were.

    Memory grows with the agreements of the site and their acts, not with the log.

    Args:
        known: terms of versions that are sound, by hash.
        steps: hash → its acts in order.
    """

    versions: Sequence[Version]
    known: Mapping[str, Terms]
    steps: Mapping[str, Sequence[Step]]
    protections: Sequence[Protection]

    def at(self, moment: datetime, *, agency: str, client: str, agreement_hash: str) -> Rights:
        """Give the rights of one caller at a moment.

        Args:
            agreement_hash: version that decided then, which alone is asked; empty: none did, and
                all that acted then are.
        """
        acting = self._acting(moment)
        if agreement_hash:
            acting = self._named(agreement_hash, moment) + [
                # Kept beside it: its successor says when it ends.
                one
                for one in acting
                if one[2] == State.ACCEPTED and one[0] != agreement_hash
            ]
        agreements = registry.by_agency(acting, self.known)
        mine = tuple(
            one for one in agreements.get(agency, ()) if agreement_hash in ("", one.agreement_hash)
        )
        protected = frozenset(
            one.subject_tag
            for one in self.protections
            if one.entered_at <= moment and (one.ended_at is None or one.ended_at > moment)
        )
        return Rights({client: {"agency_code": agency}}, {agency: mine}, protected)

    def _named(self, agreement_hash: str, moment: datetime) -> list[tuple[str, str, str]]:
        """Give the version that decided, if it acted then."""
        for one in self.versions:
            if one.agreement_hash != agreement_hash:
                continue
            state = self._state(one, moment)
            if state in (*_ACTING, State.EXPIRED):
                return [(agreement_hash, one.name, state)]
        return []

    def _acting(self, moment: datetime) -> list[tuple[str, str, str]]:
        states = [(one, self._state(one, moment)) for one in self.versions]
        return [(one.agreement_hash, one.name, state) for one, state in states if state in _ACTING]

    def _state(self, version: Version, moment: datetime) -> State | None:
        """Give the state at a moment; None before it was entered."""
        state = None
        for step in self.steps.get(version.agreement_hash, ()):
            if step.at <= moment:
                state = step.to_state
        return state


def read(session: Session, vintages: documents.Vintages) -> PastRights:
    """Read all that ever held; agreements that are not sound are left out."""
    everything = versions.list_versions(session)
    hashes = [one.agreement_hash for one in everything]
    known: dict[str, Terms] = {}
    registry.learn(session, hashes, vintages, known)
    steps: dict[str, list[Step]] = {}
    for step in versions.list_steps(session, hashes):
        steps.setdefault(step.agreement_hash, []).append(step)
    return PastRights(everything, known, steps, repository.list_protections(session))
