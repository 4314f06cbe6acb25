"""Brings PostgreSQL from the packages of Debian or Ubuntu: installed by root, or unpacked."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from databases.local_cluster import binaries, errors, homes, programs, reports

_MAJORS = (18, 17, 16, 15)
_LISTS = Path("/var/lib/apt/lists")
_DPKG_STATUS = Path("/var/lib/dpkg/status")
# The cluster that the package makes by itself would sit idle and take port 5432.
_POLICY = Path("/etc/postgresql-common/createcluster.d/natdb.conf")


def is_debian() -> bool:
    """Test whether this system installs with apt."""
    return all(shutil.which(name) for name in ("apt-get", "apt-cache", "dpkg"))


def install(
    home: homes.Home, found: binaries.Installation | None, report: reports.Reporter
) -> None:
    """Install what is missing with one apt line, after it was announced and agreed to.

    Args:
        home: where the log goes.
        found: the PostgreSQL that lacks extensions, or None when there is none at all.
        report: announces, asks, shows progress.

    Raises:
        InstallFailed: apt ended with an error, or the person said no.
    """
    if not _lists_are_there():
        _update((), home, report)
    names = _package_names(found, ())
    line = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    report.say(f"Missing here: {_missing_text(found)}. To be run: {' '.join(line)}")
    if not report.confirm("Install these packages now?"):
        raise errors.InstallFailed(f"Nothing was installed. Run it yourself: {' '.join(line)}")
    had_policy = _POLICY.exists()
    if not had_policy:
        _POLICY.parent.mkdir(parents=True, exist_ok=True)
        _POLICY.write_text("create_main_cluster = false\n", encoding="utf-8")
    try:
        # Lists can be older than the archive; then one update heals it.
        if _apt(line, home, report, "Installing PostgreSQL") != 0:
            _update((), home, report)
            if _apt(line, home, report, "Installing PostgreSQL") != 0:
                raise _failed(home, "apt-get could not install PostgreSQL")
    finally:
        if not had_policy:
            _POLICY.unlink(missing_ok=True)
            if not any(_POLICY.parent.iterdir()):
                _POLICY.parent.rmdir()


def unpack(home: homes.Home, report: reports.Reporter) -> binaries.Installation:
    """Fetch the same packages and unpack them under the home folder; needs no root.

    Returns:
        The programs, complete; those of an earlier call when there are.

    Raises:
        InstallFailed: the packages could not be fetched or unpacked.
    """
    folder = home.unpacked
    root = folder / "root"
    if (folder / binaries.COMPLETE).exists():
        kept = binaries.find_unpacked(root)
        if kept is not None and not kept.missing:
            return kept
    homes.require_space(folder)
    shutil.rmtree(root, ignore_errors=True)
    for name in ("state/lists/partial", "cache/archives/partial", "root"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = _private_apt(folder)
    _update(options, home, report)
    names = _package_names(None, options)
    report.say(f"Unpacking {', '.join(names)} under {folder} (no root needed)")
    line = ["apt-get", *options, "install", "-y", "--no-install-recommends", "--download-only"]
    if _apt([*line, *names], home, report, "Fetching PostgreSQL") != 0:
        raise _failed(home, "apt-get could not fetch PostgreSQL")
    _unpack_archives(folder, root, report)
    _link_controls(root)
    (folder / binaries.COMPLETE).touch()
    shutil.rmtree(folder / "cache")
    found = binaries.find_unpacked(root)
    if found is None or found.missing:
        raise errors.InstallFailed(
            f"The unpacked PostgreSQL in {root} does not run or lacks {_missing_text(found)}. "
            f"Ask an administrator to run: apt-get install {' '.join(names)}"
        )
    return found


def progress_of(line: str) -> tuple[int, int] | None:
    """Read one line of apt's status: fetching is the first half, installing the second.

    >>> progress_of("dlstatus:3:50.0:Retrieving file 3 of 6")
    (25, 100)
    >>> progress_of("pmstatus:postgresql-15:50.0:Unpacking")
    (75, 100)
    >>> progress_of("Setting up postgresql-15 ...") is None
    True
    """
    match = re.match(r"(dl|pm)status:[^:]*(?::[a-z0-9]+)?:(\d+(?:\.\d+)?):", line)
    if match is None:
        return None
    return int(float(match.group(2)) / 2) + (50 if match.group(1) == "pm" else 0), 100


def status_without_postgres(status: str) -> str:
    """Leave PostgreSQL's own packages out of dpkg's status.

    An unpacked tree must hold programs and extensions together; apt would leave out the programs
    where the system has them already.
    """
    paragraphs = status.split("\n\n")
    return "\n\n".join(p for p in paragraphs if not p.startswith("Package: postgresql"))


def _private_apt(folder: Path) -> list[str]:
    status = folder / "state" / "status"
    status.write_text(
        status_without_postgres(_DPKG_STATUS.read_text(encoding="utf-8")), encoding="utf-8"
    )
    return [
        f"-oDir::State={folder / 'state'}",
        f"-oDir::State::status={status}",
        f"-oDir::Cache={folder / 'cache'}",
        "-oDebug::NoLocking=1",
        "-oAPT::Sandbox::User=",
        "-oAPT::Keep-Downloaded-Packages=true",
    ]


def _package_names(found: binaries.Installation | None, options: Sequence[str]) -> list[str]:
    if found is not None:
        names = [f"postgresql-{found.major}"] if set(found.missing) - {"postgis"} else []
        return [*names, f"postgresql-{found.major}-postgis-3"]
    for major in _MAJORS:
        names = [f"postgresql-{major}", f"postgresql-{major}-postgis-3"]
        if programs.run(["apt-cache", *options, "show", "--no-all-versions", *names]).code == 0:
            return names
    raise errors.InstallFailed(
        "The package lists of this system know no PostgreSQL 15 or newer with PostGIS. Install "
        "both by hand, or name your own servers with NATDB_<DATABASE>_URL."
    )


def _missing_text(found: binaries.Installation | None) -> str:
    return ", ".join(found.missing) if found else "PostgreSQL with PostGIS"


def _lists_are_there() -> bool:
    return any(_LISTS.glob("*_Packages*"))


def _update(options: Sequence[str], home: homes.Home, report: reports.Reporter) -> None:
    if _apt(["apt-get", *options, "update"], home, report, "Reading the package lists") != 0:
        raise _failed(home, "apt-get update failed")


def _apt(line: Sequence[str], home: homes.Home, report: reports.Reporter, label: str) -> int:
    command = [line[0], "-oAPT::Status-Fd=1", "-oDPkg::Lock::Timeout=180", *line[1:]]
    with report.step(label) as advance:

        def show(text: str) -> None:
            progress = progress_of(text)
            if progress:
                advance(*progress)

        return programs.run_lines(
            command,
            log=home.log / "apt.log",
            on_line=show,
            environment={"DEBIAN_FRONTEND": "noninteractive"},
        )


def _failed(home: homes.Home, what: str) -> errors.InstallFailed:
    log = home.log / "apt.log"
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if line[:2] == "E:"]
    return errors.InstallFailed(
        f"{what}: {said[-1][3:] if said else 'no reason given'} (the whole log: {log}). Is the "
        "network there and the disk not full? Then run the command again."
    )


def _unpack_archives(folder: Path, root: Path, report: reports.Reporter) -> None:
    archives = sorted((folder / "cache" / "archives").glob("*.deb"))
    with report.step("Unpacking PostgreSQL") as advance:
        for done, archive in enumerate(archives, start=1):
            outcome = programs.run(["dpkg", "-x", archive, root])
            if outcome.code != 0:
                raise errors.InstallFailed(
                    f"{archive.name} could not be unpacked: {outcome.last_lines}. Is the disk full?"
                )
            advance(done, len(archives))


def _link_controls(root: Path) -> None:
    # A real installation makes these links with update-alternatives.
    for extensions in root.glob("usr/share/postgresql/*/extension"):
        for control in extensions.glob("*-3.control"):
            link = control.with_name(control.name.replace("-3.control", ".control"))
            if not link.exists():
                link.symlink_to(control.name)
