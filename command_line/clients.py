"""Systems that ask from this machine: their keys lie in its home folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sharing_api.client import ExchangeClient


USUAL = "moj-civil-status"  # the sample system that asks where none is named


def open_client(client_id: str, address: str) -> "ExchangeClient":
    """Make the client of a system whose key lies in the home folder of this machine.

    Args:
        client_id: name of the system.
        address: of the exchange; empty for the one that runs from this home.
    """
    from joserfc.jwk import OKPKey

    from databases import settings as settings_module
    from sharing_api import settings as exchange_settings
    from sharing_api.client import ExchangeClient

    site = settings_module.load()
    path = site.keys / f"client_{client_id}.key"
    if not path.exists():
        known = sorted(one.stem.removeprefix("client_") for one in site.keys.glob("client_*.key"))
        raise typer.BadParameter(
            f"there is no key of the system {client_id}; known here: {', '.join(known) or 'none'}"
        )
    address = address or site.values.get("NATDB_API_ADDRESS") or _address_here(site.home)
    issuer = exchange_settings.load(site).issuer
    return ExchangeClient(address, client_id, OKPKey.import_key(path.read_bytes()), issuer)


def _address_here(home: Path) -> str:
    """Find the API that runs from this home."""
    from command_line import services
    from databases.local_cluster import ports

    running = services.find(home, services.API)
    return f"http://{ports.HOST}:{running.port if running else services.USUAL_PORT}"
