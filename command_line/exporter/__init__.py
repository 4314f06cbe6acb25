"""The exporter's commands: `./natdb export`, whole tables under an agreement."""

import typer

from command_line.exporter import budgets, parcels


def register(app: typer.Typer) -> None:
    """Add the commands of an exporter."""
    group = typer.Typer(help="Export whole tables under an agreement.", no_args_is_help=True)
    group.callback()(_export)
    group.command("finance")(budgets.export_finance)
    group.command("land")(parcels.export_land)
    app.add_typer(group, name="export")


def _export() -> None:
    """Export whole tables under an agreement."""
