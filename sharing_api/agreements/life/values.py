"""What the life of an agreement is made of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a version of an agreement stands."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Act(StrEnum):
    """What can be done to it; the last ones happen by themselves, not by a party."""

    DRAFT = "draft"
    PROPOSE = "propose"
    ACCEPT = "accept"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    ENTER_INTO_FORCE = "enter_into_force"
    EXPIRE = "expire"
    ENTER = "enter"  # entered whole, before lives were recorded


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Args:
        agency: of the system that acts; a party, or a delegate of one.
        client: the system, or how else the act came in.
        officer: behind the system, as it says.
    """

    agency: str
    client: str
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: both are needed where the law asks for a refusal in writing."""

    reason: str = ""
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act upon one version.

    Args:
        at: moment at which the exchange got it, which is also the time of signing.
        signature: detached JWS over the canonical document, where the act is signed.
    """

    act: Act
    actor: Actor
    agreement_hash: str
    at: datetime
    signature: str = ""
    grounds: Grounds = Grounds()


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it stands.

    Args:
        content: as signed, parsed.
        valid_from, valid_to: half-open.
    """

    agreement_hash: str
    name: str
    number: int
    provider: str
    consumer: str
    state: State
    recorded_at: datetime
    content: Mapping[str, Any]

    @property
    def parties(self) -> tuple[str, str]:
        """Provider and consumer."""
        return self.provider, self.consumer

    @property
    def valid_from(self) -> date:
        """First day."""
        return date.fromisoformat(self.content["valid_from"])

    @property
    def valid_to(self) -> date | None:
        """The day after the last one; None: until it is ended."""
        text = self.content.get("valid_to")
        return date.fromisoformat(text) if text else None

    def state_on(self, day: date) -> State:
        """Give the state on a day that has come since the last act.

        What a day brings holds from its beginning, whether or not it is recorded yet.
        """
        if self.state is State.ACCEPTED and day >= self.valid_from:
            return State.EXPIRED if self._is_over(day) else State.IN_FORCE
        if self.state in (State.IN_FORCE, State.SUSPENDED) and self._is_over(day):
            return State.EXPIRED
        return self.state

    def _is_over(self, day: date) -> bool:
        return self.valid_to is not None and day >= self.valid_to


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of a version, as it is recorded."""

    agreement_hash: str
    at: datetime
    act: Act
    from_state: str
    to_state: State
    party: str = ""
    agency: str = ""
    client: str = ""
    officer: str = ""
    grounds: Grounds = Grounds()


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of a party.

    Args:
        agency: party that it was given for.
        signer: agency whose key it is.
        at: when the exchange recorded it: the time of signing.
    """

    agency: str
    signer: str
    key_id: str
    jws: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AgencyKey:
    """A key that an agency signs agreements with; its period is half-open."""

    key_id: str
    agency: str
    jwk: Mapping[str, Any]
    valid_from: datetime
    ended_at: datetime | None = None
    end_reason: str = ""

    def holds_at(self, at: datetime) -> bool:
        """Test whether it could sign at a moment."""
        return self.valid_from <= at and (self.ended_at is None or at < self.ended_at)


@dataclass(frozen=True, slots=True)
class Delegation:
    """That an agency may act for another; its period is half-open."""

    delegation_id: int
    agency: str
    delegate: str
    legal_basis: str
    valid_from: datetime
    ended_at: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Test whether the delegate could act at a moment."""
        return self.valid_from <= at and (self.ended_at is None or at < self.ended_at)
