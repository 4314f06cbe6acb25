"""What the developer may type; the work is in the modules beside this one."""

from pathlib import Path
from typing import Annotated

import typer

Check = Annotated[bool, typer.Option("--check", help="Write nothing; fail when a file is stale.")]


def docs(check: Check = False) -> None:
    """Write the generated documents anew, or say which of them the code has overtaken."""
    from command_line.developer import documents

    stale = documents.list_stale(documents.ROOT)
    if check:
        for path in stale:
            print(f"Stale: {path}. Run ./natdb docs")
        raise typer.Exit(1 if stale else 0)
    documents.write(documents.ROOT, stale)
    print(f"Written: {', '.join(stale)}" if stale else "Every generated document is fresh.")


def tour(
    page: Annotated[Path, typer.Argument(help="Markdown whose commands are run.")],
) -> None:
    """Run the commands of a page against a fresh demonstration; write down what they print."""
    from command_line.developer import documents, tours

    try:
        told = tours.run(page.read_text(encoding="utf-8"), documents.ROOT)
    except tours.TourBroken as error:
        print(error)
        raise typer.Exit(1) from error
    page.write_text(told, encoding="utf-8")
    print(f"Written: {page}")
