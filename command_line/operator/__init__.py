"""The operator's commands: bring a machine up, keep it up, migrate it, test it."""

import typer

from command_line.operator import commands


def register(app: typer.Typer) -> None:
    """Add the operator's commands to the application."""
    app.command("demo")(commands.demo)
    app.command("up")(commands.up)
    app.command("down")(commands.down)
    app.command("status")(commands.status)
    app.command("migrate")(commands.migrate)
    app.command("migrations")(commands.migrations)
    app.command(
        "test",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(commands.test)
