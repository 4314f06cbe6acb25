"""What happens in the life of an agreement, in which order. The caller opens the transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sharing_api.agreements import documents
from sharing_api.agreements import repository as rights
from sharing_api.agreements.life import errors, reading, rules, settling, signing
from sharing_api.agreements.life.papers import Case
from sharing_api.agreements.life.reading import Checker
from sharing_api.agreements.life.repository import agencies, versions
from sharing_api.agreements.life.values import Act, Actor, Deed, Signature, State, Step, Version


def draft(session: Session, document: bytes, actor: Actor, at: datetime, check: Checker) -> str:
    """Enter a document as a draft; one that is known stays as it is.

    Args:
        document: in the one canonical form.

    Returns:
        its hash, by which it is spoken of from now on.

    Raises:
        NotCanonical: it is written in another form.
        DocumentInvalid: it breaks the published standard.
        WrongParty: the actor's agency is no party of it, nor may act for one.
        WrongVersion: it does not continue the version that it names.
        AgencyUnknown: a party of it is not entered.
    """
    content = reading.read_document(document, check)
    version = _read_version(document, content, at)
    party = _party(session, version, actor, at)
    if not party:
        raise errors.WrongParty("Only a party, or who acts for one, drafts an agreement.")
    for one in version.parties:
        if not agencies.is_agency(session, one):
            raise errors.AgencyUnknown("A party of the agreement is not entered.")
    _require_continuation(session, version)
    if versions.insert_draft(session, content=document, version=version):
        step = _step(Deed(Act.DRAFT, actor, version.agreement_hash, at), party, "", State.DRAFTED)
        versions.record(session, step)
    return version.agreement_hash


def perform(session: Session, deed: Deed) -> Version:
    """Do one act upon a version.

    An acceptance brings the version into force at once if its first day has come, and ends the
    version before in the same transaction; else it does so by itself on that day.

    Raises:
        AgreementUnknown: there is none of that hash, or it is none of the actor's business.
        WrongState, WrongParty, GroundsMissing: the act is not possible now, for this party, so.
        WrongVersion: another version stands in the way.
        SignatureWrong, KeyUnknown, KeyEnded: the signature does not bind.
    """
    known = versions.find(session, deed.agreement_hash)
    if known is None:
        raise _unknown()
    all_versions = versions.lock_versions(session, known.name)
    version = next(one for one in all_versions if one.agreement_hash == deed.agreement_hash)
    party = _party(session, version, deed.actor, deed.at)
    if not party:
        raise _unknown()
    version = settling.settle(session, all_versions, deed.at)[deed.agreement_hash]
    rule = rules.require_possible(version, version.state, deed)
    rules.require_party(version, rule, party, _who_before(session, version))
    if deed.act is Act.PROPOSE:
        _require_continuation(session, version)
    if rule.is_signed:
        _sign(session, version, deed, party)
    versions.record(session, _step(deed, party, version.state, rule.target))
    settling.settle(session, versions.lock_versions(session, known.name), deed.at)
    rights.announce(session)
    return get(session, deed.agreement_hash)


def settle(session: Session, name: str, at: datetime) -> list[Version]:
    """Record what the days that came have brought to the versions of an agreement."""
    settled = settling.settle(session, versions.lock_versions(session, name), at)
    rights.announce(session)
    return list(settled.values())


def get(session: Session, agreement_hash: str) -> Version:
    """Give a version.

    Raises:
        AgreementUnknown: there is none of that hash.
    """
    version = versions.find(session, agreement_hash)
    if version is None:
        raise _unknown()
    return version


def get_for(session: Session, agreement_hash: str, actor: Actor, at: datetime) -> Version:
    """Give a version to a party, or to whom acts for one.

    Raises:
        AgreementUnknown: there is none of that hash, or it is none of the actor's business.
    """
    version = get(session, agreement_hash)
    if not _party(session, version, actor, at):
        raise _unknown()
    return version


def make_case(session: Session, version: Version) -> Case:
    """Gather what the papers of a version are made of."""
    wanted = [version.agreement_hash]
    return Case(
        version=version,
        document=versions.read_document(session, version.agreement_hash),
        signatures=versions.list_signatures(session, wanted).get(version.agreement_hash, ()),
        steps=versions.list_steps(session, wanted),
        names=agencies.list_names(session),
    )


def list_principals(session: Session, agency: str, at: datetime) -> list[str]:
    """List the agencies that an agency may act for, itself first."""
    delegated = agencies.list_delegations(session, delegate=agency)
    return [agency, *(one.agency for one in delegated if one.holds_at(at))]


def _sign(session: Session, version: Version, deed: Deed, party: str) -> None:
    document = versions.read_document(session, version.agreement_hash)
    key = signing.require_signed(
        document,
        deed.signature,
        signer=deed.actor.agency,
        keys=agencies.list_keys(session),
        at=deed.at,
    )
    signed = {
        one.agency
        for one in versions.list_signatures(session, [version.agreement_hash]).get(
            version.agreement_hash, ()
        )
    }
    if party not in signed:  # one agency on both sides signs once
        signature = Signature(party, deed.actor.agency, key.key_id, deed.signature, deed.at)
        versions.insert_signature(session, version.agreement_hash, signature)


def _require_continuation(session: Session, version: Version) -> None:
    named = version.content.get("previous")
    previous = versions.find(session, named) if named else None
    rules.require_continuation(version, previous)


def _party(session: Session, version: Version, actor: Actor, at: datetime) -> str:
    """Give the party that an actor acts for: its own agency, or one that it may act for; or ''."""
    principals = list_principals(session, actor.agency, at)
    return next((one for one in principals if one in version.parties), "")


def _who_before(session: Session, version: Version) -> str:
    """Give the party that proposed a version, or suspended it last."""
    acts = (Act.SUSPEND,) if version.state is State.SUSPENDED else (Act.PROPOSE,)
    steps = versions.list_steps(session, [version.agreement_hash])
    return next((step.party for step in reversed(steps) if step.act in acts), "")


def _read_version(document: bytes, content: Mapping[str, Any], at: datetime) -> Version:
    return Version(
        agreement_hash=documents.content_hash(document),
        name=content["agreement"],
        number=content["version"],
        provider=content["provider"],
        consumer=content["consumer"],
        state=State.DRAFTED,
        recorded_at=at,
        content=content,
    )


def _step(deed: Deed, party: str, before: str, after: State) -> Step:
    return Step(
        agreement_hash=deed.agreement_hash,
        at=deed.at,
        act=deed.act,
        from_state=before,
        to_state=after,
        party=party,
        agency=deed.actor.agency,
        client=deed.actor.client,
        officer=deed.actor.officer,
        grounds=deed.grounds,
    )


def _unknown() -> errors.AgreementUnknown:
    return errors.AgreementUnknown("No agreement of this hash is known to you.")
