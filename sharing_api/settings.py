"""What the exchange needs to know of its site: names, key files, limits."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from databases.settings import Settings

MAX_BODY_BYTES = 262_144
MAX_BATCH_KEYS = 1_000


@dataclass(frozen=True)
class ExchangeSettings:
    """One site of the exchange.

    Args:
        site: databases and home folder.
        log_name: origin of the access log, as its checkpoints name it (no scheme, no spaces).
        issuer: identifier of the token issuer; clients address their assertions to it.
        token_seconds: life of an access token.
        batch_limit: questions that one round of the corridor takes at most.
        batch_threads: rounds that one process has under way at the same time. More than one costs
            more in switching between Python threads than it gains from waiting commits.
        timestamp_authorities: addresses of authorities that stamp checkpoints (RFC 3161).
        timestamp_every: time between two timestamps of an authority.
    """

    site: Settings
    log_name: str = "exchange.natdb.example/access-log"
    issuer: str = "https://exchange.natdb.example"
    token_seconds: int = 600
    batch_limit: int = 256
    batch_threads: int = 1
    timestamp_authorities: tuple[str, ...] = ()
    timestamp_every: timedelta = timedelta(hours=1)

    def key_path(self, name: str) -> Path:
        """Path of a private key file of the exchange."""
        return self.site.keys / f"exchange_{name}.key"


def load(site: Settings) -> ExchangeSettings:
    """Read the exchange's own settings out of the site's."""
    values = site.values
    return ExchangeSettings(
        site=site,
        log_name=values.get("NATDB_LOG_NAME", ExchangeSettings.log_name),
        issuer=values.get("NATDB_ISSUER", ExchangeSettings.issuer),
        batch_limit=int(values.get("NATDB_BATCH_LIMIT", ExchangeSettings.batch_limit)),
        batch_threads=int(values.get("NATDB_BATCH_THREADS", ExchangeSettings.batch_threads)),
        timestamp_authorities=tuple(values.get("NATDB_TIMESTAMP_AUTHORITIES", "").split()),
        timestamp_every=timedelta(minutes=int(values.get("NATDB_TIMESTAMP_MINUTES", 60))),
    )
