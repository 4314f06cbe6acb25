"""Keys of the log and its witnesses: `./natdb audit change-log-key | add-witness`."""

from pathlib import Path
from typing import Annotated

import typer


def change_log_key(
    finish: Annotated[
        bool, typer.Option("--finish", help="the old key signs no more; end of the overlap")
    ] = False,
) -> None:
    """Begin to change the key of the log, or finish it; between, both keys sign.

    Start integrator, committer and API again after each step (./natdb down; ./natdb up), and give
    the new document of /v1/keys to those who verify.
    """
    from databases.journal import store
    from databases.sessions import open_databases
    from sharing_api import keys, tables
    from sharing_api import settings as exchange_settings

    databases = open_databases("natdb-audit")
    settings = exchange_settings.load(databases.settings)
    with databases.reading("exchange") as session:
        newest = store.find_latest_checkpoint(session, journal=tables.journal)
    size = 0 if newest is None else newest.tree_size
    if finish:
        old = keys.retire_log_key(settings, tree_size=size)
        print(f"{old.key_string()} speaks for trees up to {size} entries and signs no more.")
    else:
        new = keys.change_log_key(settings, tree_size=size)
        print(f"{new.key_string()} speaks for trees of more than {size} entries.")
    print("Start the processes again: ./natdb down; ./natdb up")


def add_witness(
    key: Annotated[str, typer.Argument(help="its verifier key, as `witness.py init` printed it")],
) -> None:
    """Enter a witness: from now on its cosignatures are taken and handed out."""
    from datetime import UTC, datetime

    from databases.sessions import open_databases
    from sharing_api.access_log.witnesses import service

    # A file may hold it: keys are long.
    text = Path(key).read_text(encoding="utf-8").strip() if Path(key).is_file() else key
    now = datetime.now(UTC)  # noqa: TID251  the command line is an edge
    with open_databases("natdb-audit").writing("exchange") as session:
        witness = service.register(session, text, now)
    print(f"Witness {witness.name} is entered.")
