"""What can stand in the way of a private PostgreSQL; each message says what to do."""

from databases import errors


class LocalClusterError(errors.Unavailable):
    """The private PostgreSQL cannot be made or started."""

    code = "local_cluster.error"


class ForeignHome(LocalClusterError):
    """The home folder was not made by this suite, by this user or by this version."""

    code = "local_cluster.foreign_home"


class DiskFull(LocalClusterError):
    """There is less free space than a first run needs."""

    code = "local_cluster.disk_full"


class PostgresNotFound(LocalClusterError):
    """No PostgreSQL of a supported version with its extensions can be found or brought."""

    code = "local_cluster.postgres_not_found"


class InstallFailed(LocalClusterError):
    """The system's packages could not be fetched or installed."""

    code = "local_cluster.install_failed"


class ClusterFailed(LocalClusterError):
    """A PostgreSQL program ended with an error."""

    code = "local_cluster.failed"


class SiteNotReady(LocalClusterError):
    """A database named by the site lacks something that only its administrator can give."""

    code = "local_cluster.site_not_ready"
