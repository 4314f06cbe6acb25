"""Runs programs, as another system user where PostgreSQL must not run as root."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NOT_FOUND = 127  # as a shell says it
# What our own processes read must not reach the server: libpq takes PG* as defaults.
_DROPPED_PREFIXES = ("PG", "NATDB_")


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that owns the data folder and runs the server.

    Args:
        name: login name.
        uid: user number.
        gid: group number.
        switches: True if this process must change to it (it runs as root).
    """

    name: str
    uid: int
    gid: int
    switches: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program left: exit code and everything it printed."""

    code: int
    output: str

    @property
    def last_lines(self) -> str:
        """The end of the output, for a message."""
        return "\n".join(self.output.strip().splitlines()[-6:])


def server_account() -> Account:
    """Choose the system user for the server: this one, but never root.

    Root gives way to `postgres` if there is such a user, else to `nobody`.
    """
    uid = os.geteuid()
    if uid != 0:
        me = pwd.getpwuid(uid)
        return Account(me.pw_name, uid, os.getegid(), switches=False)
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    return Account(user.pw_name, user.pw_uid, user.pw_gid, switches=True)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Copy the environment without what would change PostgreSQL's programs, and add `extra`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_DROPPED_PREFIXES)}
    return {**kept, "LC_ALL": "C.UTF-8", **(extra or {})}


def run(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """Run a program to its end and keep what it prints.

    Args:
        command: program and arguments; no shell reads them.
        account: run as this user; this process's own user when None.
        environment: added to the cleaned environment.

    Returns:
        Exit code and output; NOT_FOUND where the program is not there. The output goes through a
        file: a server that a program leaves running would hold a pipe open for ever.
    """
    if not Path(command[0]).exists() and os.sep in os.fspath(command[0]):
        return Outcome(NOT_FOUND, f"{command[0]} is not there")
    switch = account is not None and account.switches
    with tempfile.TemporaryFile() as output:
        code = subprocess.run(  # noqa: S603  our own argument lists, no shell
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            cwd="/",
            env=clean_environment(environment),
            user=account.uid if account and switch else None,
            group=account.gid if account and switch else None,
            extra_groups=[] if switch else None,
        ).returncode
        output.seek(0)
        return Outcome(code, output.read().decode("utf-8", "replace"))


def run_lines(
    command: Sequence[str | Path],
    *,
    log: Path,
    on_line: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a program, hand over each line it prints while it runs, and append them to a log.

    Returns:
        The exit code.
    """
    with (
        log.open("a", encoding="utf-8") as kept,
        subprocess.Popen(  # noqa: S603  our own argument lists, no shell
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
            env=clean_environment(environment),
        ) as process,
    ):
        for line in process.stdout or ():
            kept.write(line)
            on_line(line.rstrip("\n"))
        return process.wait()
