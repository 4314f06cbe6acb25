"""`./natdb agreements`: their life, for the operator and, on a demo, for all parties."""

import typer

from command_line.agreements import acts, agencies, comparing, protected, views


def register(app: typer.Typer) -> None:
    """Add the commands of the life of agreements."""
    group = typer.Typer(help="Propose, sign, refuse, suspend, revoke.", no_args_is_help=True)
    views.register(group)
    acts.register(group)
    comparing.register(group)
    agencies.register(group)
    protected.register(group)
    app.add_typer(group, name="agreements")
