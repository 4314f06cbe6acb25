"""What the operator may type; the work is in the modules beside this one, imported when needed."""

from typing import Annotated

import typer

from command_line import services

Detach = Annotated[bool, typer.Option("--detach", help="Return when everything is ready.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
Reset = Annotated[bool, typer.Option("--reset", help="Erase the demo's data first.")]
Size = Annotated[int, typer.Option(min=1000, max=1_000_000, help="Persons in the sample country.")]
Port = Annotated[
    int | None,
    typer.Option(
        min=1, max=65535, help=f"Port of the API; the last one used, else {services.USUAL_PORT}."
    ),
]
Database = Annotated[str | None, typer.Argument(help="One database; all of them without it.")]


def demo(
    detach: Detach = False,
    yes: Yes = False,
    reset: Reset = False,
    size: Size = 10_000,
    port: Port = None,
) -> None:
    """Make all that a fresh machine needs, load the sample country, start, show what to try."""
    from command_line.operator import demo as demo_module
    from command_line.operator import up_down_status

    chosen = up_down_status.choose_port(port)
    wishes = demo_module.Wishes(detach=detach, yes=yes, reset=reset, size=size, port=chosen)
    demo_module.run(wishes)


def up(port: Port = None, yes: Yes = False) -> None:
    """Start the databases, the API and its workers; migrate nothing, load nothing."""
    from command_line.operator import up_down_status

    up_down_status.up(port=up_down_status.choose_port(port), yes=yes)


def down() -> None:
    """Stop the API, its workers and the private PostgreSQL; all data stay."""
    from command_line.operator import up_down_status

    up_down_status.down()


def status() -> None:
    """Show what runs, where, and what the databases are at."""
    from command_line.operator import up_down_status

    up_down_status.status()


def migrate(database: Database = None) -> None:
    """Bring the databases to the newest revision, the registers' code lists to those shipped."""
    from command_line.operator import migrate as migrate_module

    migrate_module.run(database)


def migrations() -> None:
    """Show for every database its newest revision, where it is, and what is pending."""
    from command_line.operator import migrate as migrate_module

    migrate_module.show_states()


def test(context: typer.Context) -> None:
    """Run the tests on a throw-away cluster of their own; other words go to pytest."""
    from command_line.operator import test_run

    raise typer.Exit(test_run.run(context.args))
