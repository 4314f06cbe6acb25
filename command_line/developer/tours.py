"""Runs the commands of a document and writes what they print below them.

A tour is a page of Markdown. Its blocks of `sh` are run in order in one shell, as somebody would
paste them; the block of `text` after each is what was printed. `sh exit=1` is for a command that
must fail.
"""

import os
import re
import subprocess
from pathlib import Path

_BLOCK = re.compile(
    r"(?P<fence>^```sh(?: exit=(?P<exit>\d+))?\n(?P<commands>.*?)^```\n)(?:\n```text\n.*?^```\n)?",
    re.MULTILINE | re.DOTALL,
)
_END = "--- the block ends with"


class TourBroken(Exception):
    """A command of a tour did not end as the page says."""


def run(page: str, folder: Path) -> str:
    """Run a page and give it with what was printed.

    Args:
        page: Markdown.
        folder: where the shell starts.

    Raises:
        TourBroken: a block ended otherwise than the page says.
    """
    with subprocess.Popen(
        ["/bin/bash"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as shell:
        _tell(shell, "set -o pipefail; trap 'failed=${failed/#0/$?}' ERR")

        def replace(block: re.Match[str]) -> str:
            printed = _told(shell, block["commands"], int(block["exit"] or 0))
            return block["fence"] + (f"\n```text\n{printed}\n```\n" if printed else "")

        return _BLOCK.sub(replace, page)


def _told(shell: "subprocess.Popen[str]", commands: str, must_exit: int) -> str:
    """Run a block and give what it printed."""
    # The first command that fails counts, not the last one; the shell goes on with its variables.
    _tell(shell, f"failed=0\n{commands}\necho; echo '{_END}' $failed")
    printed, code = "", ""
    for line in shell.stdout or ():
        if line.startswith(_END):
            code = line.removeprefix(_END).strip()
            break
        printed += line
    if code != str(must_exit):
        ended = f"exit code {code} instead of {must_exit}" if code else "the shell ended"
        raise TourBroken(f"{commands}\n{printed.strip()}\n{ended}")
    return printed.strip("\n")


def _tell(shell: "subprocess.Popen[str]", text: str) -> None:
    if shell.stdin is not None:
        shell.stdin.write(text + "\n")
        shell.stdin.flush()
