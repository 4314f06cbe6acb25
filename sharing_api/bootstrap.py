"""Gives a demonstration site its keys, agencies, systems and signed agreements.

A real site registers the public keys that its agencies send; here all private keys lie in the home
folder, so that one machine can play every part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from joserfc.jwk import OKPKey

from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import keys
from sharing_api import settings as exchange_settings
from sharing_api.agreements import documents, repository
from sharing_api.agreements.life import service as life
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import Act, Actor, Deed, State
from sharing_api.auditing.officers import Officers
from sharing_api.disclosure import drafts

_FOLDER = Path(__file__).parent / "sample_agreements"


@dataclass(frozen=True)
class SampleAgreement:
    """One agreement of the demonstration and the system that asks under it."""

    client_id: str
    content: Mapping[str, Any]


def list_sample_agreements() -> tuple[SampleAgreement, ...]:
    """Read the agreements that ship with the suite, in a fixed order."""
    return tuple(
        # A system with several agreements has a file for each: <system>.<which>.json
        SampleAgreement(path.stem.partition(".")[0], orjson.loads(path.read_bytes()))
        for path in sorted(_FOLDER.glob("*.json"))
        if path.stem != "agencies"
    )


def usual_legal_basis(client_id: str) -> str:
    """Give the first legal basis of a sample system's agreement; empty for another system."""
    for sample in list_sample_agreements():
        if sample.client_id == client_id:
            return str(sample.content["legal_basis"][0])
    return ""


def prepare_demo_exchange(site: Settings) -> None:
    """Make keys, enter agencies and systems, sign agreements; a second call changes nothing."""
    settings = exchange_settings.load(site)
    keys.make_missing(settings)
    now = datetime.now(UTC)  # noqa: TID251  part of the launcher's edge: a demonstration is made now
    databases = Databases(site, "natdb-bootstrap")
    agencies: dict[str, str] = orjson.loads((_FOLDER / "agencies.json").read_bytes())
    agency_keys = {code: _key(site, f"agency_{code}") for code in agencies}
    with databases.writing("exchange") as session:
        for code, name in agencies.items():
            repository.save_agency(
                session, agency_code=code, name_vi=name, jwks=_jwks(agency_keys[code]), at=now
            )
        for sample in list_sample_agreements():
            repository.save_client(
                session,
                client_id=sample.client_id,
                agency_code=sample.content["consumer"],
                jwks=_jwks(_key(site, f"client_{sample.client_id}")),
                at=now,
            )
            content = continue_versions(session, sample.content)
            enter_agreement(session, content, agency_keys, now)
    officers = Officers(databases, keys.load(settings).subject, lambda: now)
    officers.file((_FOLDER / "officers.csv").read_text(encoding="utf-8").splitlines())
    databases.dispose()


def enter_agreement(
    session: Any, content: Mapping[str, Any], agency_keys: Mapping[str, OKPKey], now: datetime
) -> str:
    """Sign an agreement by both of its parties and enter it.

    Returns:
        its hash.

    Raises:
        DocumentInvalid: the content breaks the published standard.
    """
    document = documents.canonical(content)
    consumer, provider = (Actor(str(content[one]), "bootstrap") for one in ("consumer", "provider"))
    agreement_hash = life.draft(session, document, consumer, now, drafts.find_problems)
    if life.get(session, agreement_hash).state is State.DRAFTED:
        for act, actor in ((Act.PROPOSE, consumer), (Act.ACCEPT, provider)):
            signature = documents.sign(document, agency_keys[actor.agency])
            life.perform(session, Deed(act, actor, agreement_hash, now, signature))
    return agreement_hash


def continue_versions(session: Any, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Number a sample agreement behind what an earlier version of this program entered."""
    standing = versions.lock_versions(session, content["agreement"])
    if not standing:
        return content
    newest = max(standing, key=lambda one: one.number)
    placed = {one: newest.content[one] for one in ("version", "previous")}
    if newest.content == {**content, **placed}:
        return newest.content
    return {**content, "version": newest.number + 1, "previous": newest.agreement_hash}


def _key(site: Settings, name: str) -> OKPKey:
    return keys.to_jwk(keys.make_private(site.keys / f"{name}.key"))


def _jwks(key: OKPKey) -> dict[str, Any]:
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}
