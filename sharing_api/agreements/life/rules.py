"""Which act follows which state, who may do it, and what it needs. Pure."""

from dataclasses import dataclass
from typing import Literal

from databases.errors import FieldProblem
from sharing_api.agreements.life import errors
from sharing_api.agreements.life.values import Act, Deed, State, Version

# Who: any party; the one that did not propose; the one that suspended.
Who = Literal["either", "other", "same"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an act needs and where it leads."""

    sources: frozenset[State]
    target: State
    who: Who = "either"
    is_signed: bool = False
    needs_grounds: bool = False


# Decree 194/2025/NĐ-CP art. 16: a refusal is in writing, with reason and legal basis (in force from
# 2025-08-19). The same is asked here of whoever suspends or revokes: it ends what the other relies
# on. That either party may do so alone is the rule of this exchange; no text was seen that says it.
RULES = {
    Act.PROPOSE: Rule(frozenset({State.DRAFTED}), State.PROPOSED, is_signed=True),
    Act.ACCEPT: Rule(frozenset({State.PROPOSED}), State.ACCEPTED, who="other", is_signed=True),
    # The proposer's own refusal takes the proposal back.
    Act.REFUSE: Rule(frozenset({State.PROPOSED}), State.REFUSED, needs_grounds=True),
    Act.SUSPEND: Rule(frozenset({State.IN_FORCE}), State.SUSPENDED, needs_grounds=True),
    Act.RESUME: Rule(frozenset({State.SUSPENDED}), State.IN_FORCE, who="same"),
    Act.REVOKE: Rule(
        frozenset({State.ACCEPTED, State.IN_FORCE, State.SUSPENDED}),
        State.REVOKED,
        needs_grounds=True,
    ),
}


def require_possible(version: Version, state: State, deed: Deed) -> Rule:
    """Refuse an act that the state of a version does not take, or that lacks its grounds.

    Args:
        state: of the version on the day of the act.

    Raises:
        WrongState: the act does not follow the state.
        GroundsMissing: it needs a reason and a legal basis.

    Source:
        Decree 194/2025/NĐ-CP art. 16 (refusal in writing, with reason and legal basis), in force
        from 2025-08-19.
    """
    rule = RULES[deed.act]
    if state not in rule.sources:
        wanted = ", ".join(sorted(rule.sources))
        raise errors.WrongState.of_field(
            "state", "agreements.wrong_state", f"It is {state}; this act needs: {wanted}."
        )
    missing = [
        FieldProblem(name, "required", "Say so in writing.")
        for name in ("reason", "legal_basis")
        if rule.needs_grounds and not getattr(deed.grounds, name).strip()
    ]
    if missing:
        raise errors.GroundsMissing("Name a reason and a legal basis.", fields=missing)
    return rule


def require_party(version: Version, rule: Rule, party: str, before: str) -> None:
    """Refuse an act that is for the other party.

    Args:
        party: that acts, itself or by its delegate.
        before: party that proposed or suspended the version; empty when none did.

    Raises:
        WrongParty: the proposer accepts its own proposal, or somebody resumes what the other
            suspended.

    Source:
        None was found in law: nobody consents for both; who suspended knows when the ground is
        gone. Within one agency both parties are the same.
    """
    if version.provider == version.consumer:
        return
    if rule.who == "other" and party == before:
        raise errors.WrongParty("The other party accepts a proposal.")
    if rule.who == "same" and party != before:
        raise errors.WrongParty("Only the party that suspended an agreement resumes it.")


def require_continuation(version: Version, previous: Version | None) -> None:
    """Refuse a version that does not continue the one that it names.

    Args:
        previous: the version whose hash it names; None when it names none, or an unknown one.

    Raises:
        WrongVersion: number, name or parties do not follow, or the one before was never proposed.

    Source:
        The standard agreement/1.0: a change is a new version that names the one before.
    """
    named = version.content.get("previous")
    problem = ""
    if named is None:
        problem = "" if version.number == 1 else "Name the version before (previous)."
    elif previous is None or previous.state is State.DRAFTED:
        problem = "The version before is not known, or was never proposed."
    elif (previous.name, previous.parties) != (version.name, version.parties):
        problem = "The version before is another agreement's."
    elif version.number != previous.number + 1:
        problem = f"The version after {previous.number} has the number {previous.number + 1}."
    if problem:
        raise errors.WrongVersion.of_field("previous", "agreements.wrong_version", problem)
