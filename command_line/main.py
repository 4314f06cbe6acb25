"""Puts the command line together from its trades.

Each trade is a module or package of this one and has one function:

    def register(app: typer.Typer) -> None

It adds its commands to the application it is given, with `app.command("ask")(ask)`, or a group
with `app.add_typer(audit, name="audit")`. What a command needs is imported inside its function, so
that `./natdb --help` stays fast. A command ends with `raise typer.Exit(code)`; errors of the
suite's five kinds are let through and printed here as one sentence.
"""

import importlib
import os
import sys
from typing import NoReturn

import typer

from databases import errors

_TRADES = (
    "operator",
    "steward",
    "auditor",
    "consistency",
    "agreements",
    "officer",
    "exporter",
    "developer",
    "sample",
    "statistics",
    "matching",
    "persons",
)


def build() -> typer.Typer:
    """Build the application with the commands of every trade."""
    app = typer.Typer(
        name="natdb",
        help="National reference databases, and the sharing API that is the only way out of them.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for trade in _TRADES:
        importlib.import_module(f"command_line.{trade}").register(app)
    return app


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    try:
        build()(prog_name="./natdb")
    except errors.RegisterError as error:
        print(f"natdb: {error.message}", file=sys.stderr)
        for problem in error.fields:
            print(f"  {problem.field}: {problem.message}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # `./natdb … | head`: the reader is gone; leave without Python's own complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
