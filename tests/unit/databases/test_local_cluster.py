import os
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from databases import settings
from databases.local_cluster import (
    binaries,
    clusters,
    errors,
    homes,
    packages,
    ports,
    programs,
    repository,
    settings_file,
    sites,
    sources,
)
from databases.local_cluster.reports import Silent

ME = programs.Account("me", os.getuid(), os.getgid(), switches=False)


def make_home(path: Path) -> homes.Home:
    path.mkdir(parents=True, exist_ok=True)
    return homes.Home(path, path, ME)


def make_cluster(path: Path, *, port: int = 54321) -> clusters.Cluster:
    state = clusters.State("/bin", 15, port, "secret", str(path / "pgdata"))
    return clusters.Cluster(make_home(path), state, Path("/run/socket"))


def make_programs(folder: Path, version: str, controls: tuple[str, ...]) -> Path:
    """Lay out programs that only say their version, as an installation does."""
    bin_folder = folder / "lib" / "postgresql" / "15" / "bin"
    extensions = folder / "share" / "postgresql" / "15" / "extension"
    bin_folder.mkdir(parents=True)
    extensions.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (bin_folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (bin_folder / name).chmod(0o755)
    for name in controls:
        (extensions / f"{name}.control").touch()
    return bin_folder


class TestInspect:
    def test_names_the_extensions_that_are_missing(self, tmp_path: Path) -> None:
        folder = make_programs(tmp_path, "15.18", settings.EXTENSIONS)

        found = binaries.inspect(folder)

        assert found is not None
        assert (found.major, found.missing) == (15, ("postgis",))

    @pytest.mark.parametrize(("library", "missing"), [(False, ("postgis",)), (True, ())])
    def test_takes_no_extension_whose_library_was_removed(
        self, tmp_path: Path, library: bool, missing: tuple[str, ...]
    ) -> None:
        folder = make_programs(tmp_path, "15.18", binaries.EXTENSIONS)
        control = tmp_path / "share" / "postgresql" / "15" / "extension" / "postgis.control"
        control.write_text("# postgis\nmodule_pathname = '$libdir/postgis-3'\n")
        libraries = folder.parent / "lib"
        libraries.mkdir()
        if library:
            (libraries / "postgis-3.so").touch()

        found = binaries.inspect(folder)

        assert found is not None
        assert found.missing == missing

    def test_gives_none_where_a_program_is_absent(self, tmp_path: Path) -> None:
        folder = make_programs(tmp_path, "15.18", binaries.EXTENSIONS)
        (folder / "initdb").unlink()

        assert binaries.inspect(folder) is None


class TestBest:
    def test_prefers_a_complete_one_to_a_newer_one(self) -> None:
        complete = binaries.Installation(Path("/a"), 15)
        newer = binaries.Installation(Path("/b"), 17, ("postgis",))

        assert binaries.best([newer, None, complete]) == complete

    def test_prefers_the_newer_of_two_complete_ones(self) -> None:
        older, newer = (binaries.Installation(Path("/a"), major) for major in (15, 17))

        assert binaries.best([newer, older]) == newer

    def test_takes_none_that_is_too_old(self) -> None:
        assert binaries.best([binaries.Installation(Path("/a"), 14)]) is None


class TestOpenHome:
    def test_marks_a_new_folder_as_ours(self, tmp_path: Path) -> None:
        homes.open_home(tmp_path / "home")

        assert homes.is_ours(tmp_path / "home")

    def test_refuses_a_folder_that_something_else_made(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").touch()

        with pytest.raises(errors.ForeignHome, match="was not made by this suite"):
            homes.open_home(tmp_path)

    def test_refuses_a_folder_of_another_version(self, tmp_path: Path) -> None:
        (tmp_path / homes.MARKER).write_text("layout 99\n")

        with pytest.raises(errors.ForeignHome, match="another version"):
            homes.open_home(tmp_path)

    @pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
    def test_refuses_a_folder_of_another_user(self, tmp_path: Path) -> None:
        folder = tmp_path / "home"
        folder.mkdir()
        os.chown(folder, 65534, 65534)

        with pytest.raises(errors.ForeignHome, match="belongs to the user"):
            homes.open_home(folder)

    def test_refuses_a_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(homes, "NEEDED_BYTES", 1 << 62)

        with pytest.raises(errors.DiskFull, match="Free some space"):
            homes.open_home(tmp_path / "home")


class TestWritePrivate:
    def test_is_readable_by_its_owner_only(self, tmp_path: Path) -> None:
        homes.write_private(tmp_path / "secret", "x")

        assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600

    def test_leaves_nothing_beside_the_file(self, tmp_path: Path) -> None:
        homes.write_private(tmp_path / "secret", "old")
        homes.write_private(tmp_path / "secret", "new")

        assert [path.name for path in tmp_path.iterdir()] == ["secret"]


class TestSocketFolder:
    def test_lies_in_a_short_home(self, tmp_path: Path) -> None:
        home = homes.Home(tmp_path, tmp_path, ME)
        assert len(str(tmp_path)) < 80

        assert homes.socket_folder(home) == tmp_path / "socket"

    @pytest.mark.parametrize("name", ["x" * 100, "with space", "with,comma"])
    def test_leaves_a_home_whose_path_a_socket_cannot_have(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

        folder = homes.socket_folder(make_home(tmp_path / name))

        assert folder.parent == tmp_path
        assert len(os.fsencode(folder / ".s.PGSQL.65535")) <= 107
        assert folder.stat().st_mode & 0o777 == 0o700


class TestOwnFolder:
    def test_refuses_a_link_that_somebody_laid(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(tmp_path)

        with pytest.raises(errors.ForeignHome):
            homes.own_folder(tmp_path / "link", ME)


class TestStatusWithoutPostgres:
    def test_keeps_every_other_package(self) -> None:
        status = (
            "Package: libpq5\nStatus: x\n\nPackage: postgresql-15\nStatus: x\n\n"
            "Package: postgresql\nStatus: x\n\nPackage: sed\nStatus: x\n"
        )

        kept = packages.status_without_postgres(status)

        assert kept == "Package: libpq5\nStatus: x\n\nPackage: sed\nStatus: x\n"


class TestProgressOf:
    def test_reads_a_package_name_with_its_architecture(self) -> None:
        assert packages.progress_of("pmstatus:libc6:amd64:20.0:Unpacking") == (60, 100)


class TestFindHolder:
    def test_finds_the_process_that_has_the_listening_socket(self, tmp_path: Path) -> None:
        (tmp_path / "net").mkdir()
        (tmp_path / "net" / "tcp").write_text(
            "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode\n"
            "0: 0100007F:220A 00000000:0000 0A 0:0 0:0 0 0 0 777 1\n"
            "1: 0100007F:220A 0100007F:AAAA 01 0:0 0:0 0 0 0 778 1\n"
        )
        for pid, inode in ((41, 778), (42, 777)):
            (tmp_path / str(pid) / "fd").mkdir(parents=True)
            (tmp_path / str(pid) / "fd" / "3").symlink_to(f"socket:[{inode}]")
            (tmp_path / str(pid) / "cmdline").write_bytes(b"python\0-m\0something\0")

        assert ports.find_holder(0x220A, tmp_path) == ports.Holder(42, "python -m something")

    def test_gives_none_for_a_port_that_nobody_has(self, tmp_path: Path) -> None:
        assert ports.find_holder(8714, tmp_path) is None


class TestWantedUrls:
    def test_keeps_the_password_that_is_known(self, tmp_path: Path) -> None:
        name = settings.variable("population", "reader")
        present = {name: f"{settings.DRIVER}://population_reader:known@/population?port=1"}

        urls = settings_file.wanted_urls(make_cluster(tmp_path), present)

        assert make_url(urls[name]).password == "known"
        assert make_url(urls[name]).query["port"] == "54321"

    def test_names_every_role_of_every_database_with_a_password_of_its_own(
        self, tmp_path: Path
    ) -> None:
        urls = settings_file.wanted_urls(make_cluster(tmp_path), {})

        roles = {r for d in settings.DATABASES for r in repository.roles_of(d)}
        assert roles == {"owner", "service", "reader", "integrator"}
        assert len(urls) == 3 * len(settings.DATABASES) + 1
        assert len({make_url(url).password for url in urls.values()}) == len(urls)
        assert all(make_url(url).drivername == settings.DRIVER for url in urls.values())


class TestSettingsFile:
    def test_is_read_back_by_the_settings_as_it_was_written(self, tmp_path: Path) -> None:
        urls = settings_file.wanted_urls(make_cluster(tmp_path), {})

        settings_file.write(tmp_path / settings.SETTINGS_FILE, urls)

        loaded = settings.load(tmp_path, {})
        assert dict(loaded.values) == urls
        assert loaded.url("exchange", "integrator").query["host"] == "/run/socket"


class TestReadState:
    def test_gives_none_before_a_cluster_was_made_to_its_end(self, tmp_path: Path) -> None:
        assert clusters.read_state(make_home(tmp_path)) is None

    def test_gives_what_was_written(self, tmp_path: Path) -> None:
        cluster = make_cluster(tmp_path)

        clusters.write_state(cluster.home, cluster.state)

        assert clusters.read_state(cluster.home) == cluster.state


class TestIsSite:
    def test_is_false_when_no_server_is_named(self) -> None:
        assert not sites.is_site({"PATH": "/bin"})

    def test_is_true_when_every_role_but_the_readers_is_named(self) -> None:
        environ = {
            settings.variable(database, role): "postgresql://x/y"
            for database in settings.DATABASES
            for role in repository.roles_of(database)
            if role != "reader"
        }

        assert sites.is_site(environ)

    def test_names_what_lacks_when_only_some_are_named(self) -> None:
        with pytest.raises(errors.SiteNotReady, match="NATDB_ENTERPRISE_URL"):
            sites.is_site({"NATDB_POPULATION_URL": "postgresql://x/y"})


class TestBring:
    def test_refuses_a_choice_that_it_does_not_know(self, tmp_path: Path) -> None:
        with pytest.raises(errors.PostgresNotFound, match="may be auto, system, apt, unpack"):
            sources.bring(make_home(tmp_path), Silent(), "magic")

    def test_takes_a_complete_system_installation_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        complete = binaries.Installation(Path("/a"), 16)
        monkeypatch.setattr(binaries, "find_system", lambda: complete)

        assert sources.bring(make_home(tmp_path), Silent()) == complete

    def test_says_what_to_install_where_nothing_can_be_brought(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(binaries, "find_system", lambda: None)
        monkeypatch.setattr(packages, "is_debian", lambda: False)

        with pytest.raises(errors.PostgresNotFound, match="brew install"):
            sources.bring(make_home(tmp_path), Silent())

    def test_names_what_a_server_lacks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bare = binaries.Installation(Path("/a"), 15, ("postgis",))
        monkeypatch.setattr(binaries, "find_system", lambda: bare)
        monkeypatch.setattr(packages, "is_debian", lambda: False)

        with pytest.raises(errors.PostgresNotFound, match="lacks postgis"):
            sources.bring(make_home(tmp_path), Silent())
