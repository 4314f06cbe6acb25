"""The developer's command: `./natdb docs [--check]`, documents written from the code."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of a developer."""
    from command_line.developer import commands

    app.command("docs")(commands.docs)
