"""A land register to measure: a tessellation of invented parcels, and a system that may ask."""

from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import OKPKey
from sqlalchemy import text

from benchmarks import site
from command_line.operator import migrate
from databases import local_cluster
from databases.changes import ledger
from databases.sessions import Databases
from databases.settings import Settings
from land import tables
from sharing_api import bootstrap, keys
from sharing_api import settings as exchange_settings
from sharing_api.agreements import repository
from sharing_api.client import ExchangeClient

ZONE = 5897  # one that PostGIS knows by itself
WEST, SOUTH, SIDE = 560_000.0, 2_290_000.0, 20.0
CLIENT = "benchmark-maps"
AGENCIES = {"G10": "Bộ Nông nghiệp và Môi trường", "H31": "Cơ quan thử"}

# A grid whose corners are pushed to and fro: neighbours share them, so nothing overlaps.
_FILL = """
INSERT INTO land.parcel (parcel_id, commune_code, commune_version, province_code, map_sheet_no,
    parcel_no, legal_area_m2, survey_srid, survey_accuracy_m, is_parcel, shape, shape_4756, valid,
    from_change)
SELECT 'B' || lpad((j * :columns + i)::text, 9, '0'), '00004', '19/2025', '01',
    (j / 20 * 50 + i / 20)::text, (j % 20 * 20 + i % 20)::text, round(st_area(shape)::numeric, 1),
    :zone, 0.07, true, shape,
    st_transform(shape, 4756),
    daterange('2025-08-01', NULL), :change
FROM (
    SELECT i, j, st_setsrid(st_multi(st_makepolygon(st_makeline(ARRAY[
        corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1), corner(i, j)
    ]))), :zone) AS shape
    FROM generate_series(0, :columns - 1) AS i, generate_series(:first, :last) AS j
) AS laid
"""
_CORNER = "st_makepoint({west} + {side} * ({i}) + 4 * sin(({i}) * 12.9 + ({j}) * 78.2), " \
    "{south} + {side} * ({j}) + 4 * cos(({i}) * 39.3 + ({j}) * 11.1))"  # fmt: skip
_ROWS_AT_ONCE = 100


def prepare(size: int) -> Settings:
    """Make or reuse the site of a size, a number of parcels."""
    home = site.ROOT / ".natdb" / f"benchmark-land-{size}"
    local_cluster.start_cluster(home)
    settings = local_cluster.load_settings(home, {})
    migrate.migrate(settings)
    databases = Databases(settings, "benchmark")
    fill(databases, size)
    enter_client(databases, settings)
    databases.dispose()
    return settings


def fill(databases: Databases, size: int) -> None:
    """Register parcels in a square, unless there are some."""
    columns = round(size**0.5)
    with databases.reading("land") as session:
        if session.execute(text("SELECT count(*) FROM land.parcel")).scalar_one():
            return
    now = datetime.now(UTC)  # noqa: TID251  a benchmark is an edge
    act = ledger.Act("land.parcel.registered", now, "benchmark", "fill", "none", "none")
    statement = text(_with_corners(_FILL))
    with databases.writing("land") as session:
        given: dict[str, Any] = {
            "columns": columns,
            "zone": ZONE,
            "change": ledger.open_change(session, tables.ledger, act),
        }
        for first in range(0, columns, _ROWS_AT_ONCE):
            last = min(first + _ROWS_AT_ONCE, columns) - 1
            session.execute(statement, {**given, "first": first, "last": last})
    with databases.engine("land", "owner").connect() as connection:
        # Our own index is of the versions that stand: the peer, which knows none, gets a whole one.
        index = "CREATE INDEX parcel_of_the_peer ON land.parcel USING gist (shape_4756)"
        owner = connection.execution_options(isolation_level="AUTOCOMMIT")
        owner.exec_driver_sql(index)
        owner.exec_driver_sql("ANALYZE")


def _with_corners(statement: str) -> str:
    for i in ("i", "i + 1"):
        for j in ("j", "j + 1"):
            corner = _CORNER.format(west=WEST, south=SOUTH, side=SIDE, i=i, j=j)
            statement = statement.replace(f"corner({i}, {j})", corner)
    return statement


def enter_client(databases: Databases, settings: Settings) -> None:
    """Let the benchmark's system ask for parcels and their tiles."""
    now = datetime.now(UTC)  # noqa: TID251  a benchmark is an edge
    keys.make_missing(exchange_settings.load(settings))
    private = {code: _key(settings, f"agency_{code}") for code in AGENCIES}
    client_key = _key(settings, f"client_{CLIENT}")
    with databases.writing("exchange") as session:
        for code, name in AGENCIES.items():
            repository.save_agency(
                session, agency_code=code, name_vi=name, jwks=_jwks(private[code]), at=now
            )
        repository.save_client(
            session, client_id=CLIENT, agency_code="H31", jwks=_jwks(client_key), at=now
        )
        bootstrap.enter_agreement(session, _AGREEMENT, private, now)
        repository.announce(session)


def token(settings: Settings, port: int) -> str:
    """Get an access token for the benchmark's system."""
    issuer = exchange_settings.load(settings).issuer
    client = ExchangeClient(
        f"http://127.0.0.1:{port}", CLIENT, _key(settings, f"client_{CLIENT}"), issuer
    )
    return client.token()


def _key(settings: Settings, name: str) -> OKPKey:
    return keys.to_jwk(keys.make_private(settings.keys / f"{name}.key"))


def _jwks(key: OKPKey) -> dict[str, Any]:
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}


_CONTACT = {"email": "somebody@example.vn"}
_AGREEMENT: dict[str, Any] = {
    "standard": "agreement/1.0",
    "agreement": "G10-H31-benchmark",
    "version": 1,
    "previous": None,
    "title": "Đo tốc độ",
    "provider": "G10",
    "consumer": "H31",
    "legal_basis": ["Decree 194/2025/NĐ-CP art. 16"],
    "purposes": ["benchmark"],
    "procedures": [],
    "datasets": {
        "land/parcel": {
            "fields": dict.fromkeys(
                ("parcel_id", "map_sheet_no", "parcel_no", "legal_area", "shape"), "full"
            ),
            "predicates": ["after", "bbox"],
            "operations": ["search", "look-up"],
        },
        "land/parcel_tile": {
            "fields": {"parcels": "full"},
            "predicates": [],
            "operations": ["look-up"],
        },
    },
    "territory": None,
    "population": None,
    "quota": None,
    "retention": {"days": 365, "afterwards": "delete"},
    "valid_from": "2020-01-01",
    "valid_to": None,
    "contact": {"provider": _CONTACT, "consumer": _CONTACT},
    "delegates": [],
}
