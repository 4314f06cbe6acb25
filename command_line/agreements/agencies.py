"""Keys of agencies, and who may act for whom."""

import json
from pathlib import Path
from typing import Annotated

import typer

from command_line.agreements.opening import exchange

Agency = Annotated[str, typer.Argument(help="code of the agency, such as G12.18")]
Reason = Annotated[str, typer.Option(help="why it ends")]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(help="Keys that agencies sign with.", no_args_is_help=True)
    keys.command("list")(list_keys)
    keys.command("register")(register_key)
    keys.command("revoke")(revoke_key)
    group.add_typer(keys, name="keys")
    delegations = typer.Typer(help="Who may act for whom.", no_args_is_help=True)
    delegations.command("list")(list_delegations)
    delegations.command("enter")(enter_delegation)
    delegations.command("end")(end_delegation)
    group.add_typer(delegations, name="delegations")


def list_keys(agency: Annotated[str, typer.Option(help="only of this agency")] = "") -> None:
    """List keys with their periods, ended ones too."""
    from sharing_api.agreements.life.repository import agencies

    with exchange() as opened:
        found = agencies.list_keys(opened.session, agency or None)
    for key in found.values():
        until = f"until {key.ended_at:%Y-%m-%d %H:%M} UTC: {key.end_reason}" if key.ended_at else ""
        print(f"{key.agency:10} {key.key_id} from {key.valid_from:%Y-%m-%d %H:%M} UTC {until}")
    print(f"{len(found)} keys.")


def register_key(
    agency: Agency, file: Annotated[Path, typer.Argument(help="public key as a JWK")]
) -> None:
    """Register a public key that an agency brought; the exchange never has the private one."""
    from sharing_api.agreements.life import keeping, reading

    with exchange() as opened:
        jwk = reading.read_json(file.read_bytes())
        key = keeping.register_key(
            opened.session, agency, jwk, opened.actor("operator"), opened.now
        )
    print(f"{key.agency} signs with {key.key_id} from now on.")


def revoke_key(
    agency: Agency,
    key: Annotated[str, typer.Argument(help="thumbprint of the key")],
    reason: Reason = "",
) -> None:
    """End a key from now on; what it signed before stays signed."""
    from sharing_api.agreements.life import keeping

    with exchange() as opened:
        keeping.end_key(opened.session, agency, key, reason, opened.now)
    print(f"{key} signs nothing any more; what it signed before stays signed.")


def list_delegations(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """List who may act for whom, ended ones too."""
    from sharing_api.agreements.life.repository import agencies

    with exchange() as opened:
        found = agencies.list_delegations(opened.session)
    for one in found:
        if as_json:
            ended = one.ended_at.isoformat() if one.ended_at else None
            members = {"number": one.delegation_id, "agency": one.agency, "to": one.delegate}
            print(json.dumps({**members, "legal_basis": one.legal_basis, "ended_at": ended}))
            continue
        until = f", ended {one.ended_at:%Y-%m-%d %H:%M} UTC" if one.ended_at else ""
        number = f"{one.delegation_id:4}"
        print(f"{number} {one.delegate} acts for {one.agency} by {one.legal_basis}{until}")
    if not as_json:
        print(f"{len(found)} delegations.")


def enter_delegation(
    agency: Agency,
    to: Annotated[str, typer.Option(help="agency that acts for it")],
    legal_basis: Annotated[str, typer.Option(help="text of law that lets it")] = "",
) -> None:
    """Let an agency act for another in the life of its agreements."""
    from sharing_api.agreements.life import keeping

    with exchange() as opened:
        number = keeping.delegate(
            opened.session,
            agency=agency,
            to=to,
            legal_basis=legal_basis,
            actor=opened.actor("operator"),
            at=opened.now,
        )
    print(f"delegation {number}: {to} acts for {agency}.")


def end_delegation(
    number: Annotated[int, typer.Argument(help="number of the delegation")], reason: Reason = ""
) -> None:
    """End a delegation; what was signed under it stays signed."""
    from sharing_api.agreements.life import keeping

    with exchange() as opened:
        keeping.end_delegation(opened.session, number, reason, opened.now)
    print(f"delegation {number} has ended.")
