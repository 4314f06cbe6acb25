"""The home folder of a machine's private cluster: whose it is, what lies where, is there space."""

import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from databases.local_cluster import errors, programs

MARKER = "natdb-home"
LAYOUT = "layout 1"
NEEDED_BYTES = 2 * 1024**3
# sun_path holds 108 bytes with the closing zero; the server adds "/.s.PGSQL.54321".
_SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.65535")
_PLAIN_PATH = re.compile(r"^[\w./+@-]+$")


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder that is ours.

    Args:
        path: settings, keys, logs and process files; owned by the user who calls.
        place: data folder, socket and unpacked programs; the same folder, unless the server's
            user cannot reach it.
        account: the system user who runs the server.
    """

    path: Path
    place: Path
    account: programs.Account

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.place / "pgdata"

    @property
    def state(self) -> Path:
        """What is known about the cluster; written when initdb is done."""
        return self.path / "cluster.json"

    @property
    def log(self) -> Path:
        """The folder of logs."""
        return self.path / "log"

    @property
    def server_log(self) -> Path:
        """The server's own log, in a folder that the server's user can reach."""
        return self.place / "log" / "postgresql.log"

    @property
    def unpacked(self) -> Path:
        """Programs unpacked without root."""
        return self.place / "pg"


def open_home(path: Path) -> Home:
    """Take the home folder, or make it.

    Raises:
        ForeignHome: the folder was made by somebody or something else.
        DiskFull: there is too little space for a first run.
    """
    path = path.absolute()
    account = programs.server_account()
    if not path.exists():
        require_space(path.parent)
        path.mkdir(parents=True)
    _require_own(path)
    marker = path / MARKER
    if not marker.exists():
        write_private(marker, LAYOUT + "\n")
    # The server's user must pass through; the files inside are closed one by one.
    path.chmod(0o711 if account.switches else 0o700)
    place = _place(path, account)
    home = Home(path, place, account)
    for folder in (home.log, path / "run"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711 if account.switches else 0o700)
    if home.server_log.parent != home.log:
        home.server_log.parent.mkdir(parents=True, exist_ok=True)
    return home


def is_ours(path: Path) -> bool:
    """Test whether a folder carries the mark of this suite and of this version."""
    marker = path / MARKER
    return marker.is_file() and marker.read_text(encoding="utf-8").strip() == LAYOUT


def require_space(path: Path) -> None:
    """Refuse to begin on a disk that cannot hold a first run.

    Raises:
        DiskFull: less than 2 GB are free.
    """
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    if free < NEEDED_BYTES:
        raise errors.DiskFull(
            f"Only {free / 1024**3:.1f} GB are free on the disk of {path}; a first run needs "
            f"{NEEDED_BYTES / 1024**3:.0f} GB. Free some space, or put the data on another disk "
            "with NATDB_HOME=/other/folder ./natdb …"
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, all of it or nothing."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def own_folder(path: Path, account: programs.Account) -> Path:
    """Make a folder that belongs to the server's user and to nobody else.

    Raises:
        ForeignHome: there is one already that belongs to somebody else, or a link.
    """
    made = False
    try:
        path.mkdir(mode=0o700, parents=True)
        made = True
    except FileExistsError:
        pass
    if made and account.switches:
        os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise errors.ForeignHome(
            f"{path} does not belong to the user {account.name}. Remove it and run the command "
            "again."
        )
    return path


def socket_folder(home: Home) -> Path:
    """Give the folder of the server's socket, made if need be.

    A socket's path holds 107 bytes at most and the server reads commas and quotes as separators,
    so a long or unusual home gives way to a short folder under the user's run folder.
    """
    inside = home.place / "socket"
    if len(os.fsencode(inside)) <= _SOCKET_FOLDER_BYTES and _PLAIN_PATH.match(str(inside)):
        return own_folder(inside, home.account)
    run_folder = "" if home.account.switches else os.environ.get("XDG_RUNTIME_DIR", "")
    above = Path(run_folder) if run_folder and Path(run_folder).is_dir() else Path("/tmp")  # noqa: S108  own_folder refuses links and other owners
    return own_folder(above / f"natdb-{_digest(home.path)}", home.account)


def _require_own(path: Path) -> None:
    owner = path.stat().st_uid
    if owner != os.geteuid():
        names = {user.pw_uid: user.pw_name for user in pwd.getpwall()}
        raise errors.ForeignHome(
            f"{path} belongs to the user {names.get(owner, owner)}. Run the command as that user, "
            "or use another folder with NATDB_HOME=/other/folder ./natdb …"
        )
    if not path.is_dir() or (any(path.iterdir()) and not (path / MARKER).exists()):
        raise errors.ForeignHome(
            f"{path} exists and was not made by this suite. Move it away (mv {path} {path}.old), "
            "or use another folder with NATDB_HOME=/other/folder ./natdb …"
        )
    if (path / MARKER).exists() and not is_ours(path):
        raise errors.ForeignHome(
            f"{path} was made by another version of this suite. Move it away "
            f"(mv {path} {path}.old) and run the command again."
        )


def _place(path: Path, account: programs.Account) -> Path:
    if not account.switches or _can_traverse(path, account):
        return path
    place = Path("/var/lib") / f"natdb-{_digest(path)}"
    place.mkdir(mode=0o711, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise errors.ForeignHome(f"{place} does not belong to this user. Remove it and try again.")
    place.chmod(0o711)
    return place


def _can_traverse(path: Path, account: programs.Account) -> bool:
    return programs.run(["test", "-x", path], account=account).code == 0


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
