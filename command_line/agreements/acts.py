"""Acts upon agreements: propose, accept, refuse, suspend, resume, revoke."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from command_line.agreements.opening import Opened, exchange

if TYPE_CHECKING:
    from sharing_api.agreements.life.values import Version

Wanted = Annotated[str, typer.Argument(help="hash of the version, or its beginning")]
For = Annotated[str, typer.Option("--as", help="agency that acts, such as G12.18")]
Reason = Annotated[str, typer.Option(help="why, in words that the other party can answer")]
Basis = Annotated[str, typer.Option(help="text of law that lets it")]
Signed = Annotated[
    Path | None,
    typer.Option(help="detached JWS made elsewhere; else a demo's own key signs"),
]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (
        ("propose", propose),
        ("accept", accept),
        ("refuse", _grounded("refuse", "Refuse a proposal; the proposer's own takes it back.")),
        ("suspend", _grounded("suspend", "Suspend an agreement; it acts no more until resumed.")),
        ("resume", resume),
        ("revoke", _grounded("revoke", "Revoke an agreement for good.")),
    ):
        group.command(name)(command)


def propose(
    file: Annotated[Path, typer.Argument(help="the agreement as JSON, in whatever form")],
    agency: For,
    signature: Signed = None,
) -> None:
    """Enter a version, sign it for one party and propose it; the clock of two days starts."""
    from sharing_api.agreements import documents
    from sharing_api.agreements.life import reading, service
    from sharing_api.disclosure import drafts

    content = reading.read_json(file.read_bytes())
    document = documents.canonical(content)
    with exchange() as opened:
        made = service.draft(
            opened.session, document, opened.actor(agency), opened.now, drafts.find_problems
        )
        version = _sign_and_do(opened, "propose", made, agency, signature)
    print(f"{version.name} version {version.number} is {version.state}\n{version.agreement_hash}")


def accept(wanted: Wanted, agency: For, signature: Signed = None) -> None:
    """Sign a proposal for the other party; it comes into force now, or on its first day."""
    with exchange() as opened:
        found = opened.find(wanted).agreement_hash
        version = _sign_and_do(opened, "accept", found, agency, signature)
    _say(version)


def resume(wanted: Wanted, agency: For) -> None:
    """Let an agreement that this party suspended act again."""
    _do("resume", wanted, agency, "", "")


def _grounded(act: str, help_text: str) -> Callable[..., None]:
    def command(wanted: Wanted, agency: For, reason: Reason = "", legal_basis: Basis = "") -> None:
        _do(act, wanted, agency, reason, legal_basis)

    command.__doc__ = help_text
    return command


def _do(act: str, wanted: str, agency: str, reason: str, legal_basis: str) -> None:
    from sharing_api.agreements.life import service
    from sharing_api.agreements.life.values import Act, Deed, Grounds

    with exchange() as opened:
        version = opened.find(wanted)
        grounds = Grounds(reason, legal_basis)
        deed = Deed(
            Act(act),
            opened.actor(agency),
            version.agreement_hash,
            opened.now,
            grounds=grounds,
        )
        version = service.perform(opened.session, deed)
    _say(version)


def _sign_and_do(
    opened: Opened, act: str, agreement_hash: str, agency: str, signature: Path | None
) -> "Version":
    from sharing_api.agreements.life import service
    from sharing_api.agreements.life.repository import versions
    from sharing_api.agreements.life.values import Act, Deed

    document = versions.read_document(opened.session, agreement_hash)
    made = signature.read_text().strip() if signature else _sign_here(opened, document, agency)
    deed = Deed(Act(act), opened.actor(agency), agreement_hash, opened.now, made)
    return service.perform(opened.session, deed)


def _sign_here(opened: Opened, document: bytes, agency: str) -> str:
    """Sign with the agency's key, which lies on this machine on a demo only."""
    from joserfc.jwk import OKPKey

    from sharing_api.agreements import documents

    path = opened.site.keys / f"agency_{agency}.key"
    if not path.exists():
        raise typer.BadParameter(
            f"no private key of {agency} lies here, as it should be: sign where the key is, "
            "and give the signature with --signature FILE"
        )
    return documents.sign(document, OKPKey.import_key(path.read_bytes()))


def _say(version: "Version") -> None:
    print(f"{version.name} version {version.number} is {version.state}")
