"""What every command of the operator begins with: the home folder and databases that answer."""

import os
from pathlib import Path

from databases import local_cluster
from databases import settings as settings_module
from databases.local_cluster import reports, sites
from databases.settings import Settings


def home_path() -> Path:
    """Find the home folder of this machine."""
    return settings_module.default_home().absolute()


def is_site() -> bool:
    """Test whether the environment names the site's own servers."""
    return sites.is_site(os.environ)


def open_databases(report: reports.Reporter) -> Settings:
    """Give settings whose databases answer: the site's own, else the private cluster, started.

    Raises:
        LocalClusterError: one of its kinds; the message says what to do.
    """
    home = home_path()
    if is_site():
        site = local_cluster.load_settings(home)
        versions = sites.check_site(site)
        told = ", ".join(f"{name} on PostgreSQL {major}" for name, major in versions.items())
        report.say(f"Using your own servers, as the environment says: {told}")
        return site
    local_cluster.start_cluster(home, report)
    return local_cluster.load_settings(home)
