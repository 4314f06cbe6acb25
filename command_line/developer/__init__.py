"""The developer's commands: documents written from the code, and by running their commands."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of a developer."""
    from command_line.developer import commands

    app.command("docs")(commands.docs)
    app.command("tour")(commands.tour)
