"""Protected persons: about whom only agreements with a right of their own may ask."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from command_line.agreements.opening import Opened, exchange

if TYPE_CHECKING:
    from databases.settings import Settings

Subject = Annotated[str, typer.Argument(help="register:key, such as population:001190000001")]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    protected = typer.Typer(help="Persons who look like nobody to most.", no_args_is_help=True)
    protected.command("enter")(enter)
    protected.command("end")(end)
    group.add_typer(protected, name="protected")


def enter(
    subject: Subject,
    legal_basis: Annotated[str, typer.Option(help="what lets the person be protected")],
) -> None:
    """Protect a person in one register; kept as a keyed hash, without the number."""
    from sharing_api.agreements import repository

    with exchange() as opened:
        place, tag = _tag(opened, subject)
        is_new = repository.protect(
            opened.session,
            subject_tag=tag,
            register=place,
            legal_basis=legal_basis,
            entered_by=getpass.getuser(),
            at=opened.now,
        )
    print("Protected from now on." if is_new else "Protected already; nothing was changed.")


def end(subject: Subject, reason: Annotated[str, typer.Option(help="why it ends")]) -> None:
    """End the protection of a person."""
    from sharing_api.agreements import repository

    with exchange() as opened:
        _, tag = _tag(opened, subject)
        has_ended = repository.end_protection(
            opened.session, subject_tag=tag, reason=reason, at=opened.now
        )
    if not has_ended:
        print("No protection of this person stands in the register.")
        raise typer.Exit(1)
    print("The protection has ended.")


def _tag(opened: Opened, subject: str) -> tuple[str, bytes]:
    from databases.settings import REGISTERS
    from sharing_api.access_log import entries

    place, _, key = subject.partition(":")
    if place not in REGISTERS or not key:
        raise typer.BadParameter(f"write register:key; registers are: {', '.join(REGISTERS)}")
    return place, entries.subject_tag(_secret(opened.site), place, key)


def _secret(site: "Settings") -> bytes:
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings

    return exchange_keys.load(exchange_settings.load(site)).subject
