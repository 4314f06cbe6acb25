"""Free ports on this machine, and who holds one that is taken."""

import socket
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
# Below the range from which the kernel takes ports for outgoing connections would be safer still,
# but well-known programs live there.
_FIRST, _LAST = 54320, 54999
_LISTENING = "0A"


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that listens on a port."""

    pid: int
    program: str


def is_free(port: int) -> bool:
    """Test whether a server may listen on a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def find_free() -> int:
    """Choose a port for a new cluster: the first free one of a range, else any."""
    for port in range(_FIRST, _LAST + 1):
        if is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        chosen: int = probe.getsockname()[1]
        return chosen


def find_holder(port: int, processes: Path = Path("/proc")) -> Holder | None:
    """Find the process that listens on a port.

    Returns:
        None where the system does not tell (another user's process, no /proc).
    """
    inodes = _listening_inodes(port, processes)
    if not inodes:
        return None
    for process in processes.glob("[0-9]*"):
        try:
            targets = {str(link.readlink()) for link in (process / "fd").iterdir()}
        except OSError:
            continue
        if any(f"socket:[{inode}]" in targets for inode in inodes):
            words = (process / "cmdline").read_bytes().split(b"\0")
            text = b" ".join(words[:4]).decode("utf-8", "replace").strip()
            return Holder(int(process.name), text)
    return None


def _listening_inodes(port: int, processes: Path) -> set[str]:
    inodes = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            lines = (processes / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if columns[3] == _LISTENING and int(columns[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(columns[9])
    return inodes
