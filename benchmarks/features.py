"""Parcels by box and by tile against tipg, on the same table in one session.

tipg (https://github.com/developmentseed/tipg) answers whoever asks, with the same properties and no
log. An answer of ours is decided, minimised and logged before it leaves: the entries in the log
must equal the answers received. The two take turns, so that what else the machine does meets them
alike.

    python -m benchmarks.features --sizes 100000 1000000
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from benchmarks import land_site, site
from benchmarks.lookup import ENTRIES, Figures, measure
from databases import reference_systems
from databases.settings import Settings

TIPG_PORT = 18716
_QUESTIONS = 400
_TURNS = 3
_ZOOM = 16
_BOX_M, _LIMIT = 150.0, 100
_IN_TILES = "properties=parcel_id"  # what our layer of outlines carries
_TIPG = {
    "TIPG_DB_SCHEMAS": '["land"]',
    "TIPG_DB_TABLES": '["land.parcel"]',
    "TIPG_TABLE_CONFIG__land_parcel__geomcol": "shape_4756",
    "TIPG_TABLE_CONFIG__land_parcel__pk": "parcel_id",
    "TIPG_TABLE_CONFIG__land_parcel__properties": '["parcel_id", "map_sheet_no", "parcel_no", '
    '"legal_area_m2"]',
    "TIPG_TILE_BUFFER": "64",
    "TIPG_CATALOG_TTL": "3600",
}


def places(size: int) -> list[tuple[float, float]]:
    """Draw places inside the tessellation, degrees of WGS 84."""
    draw = random.Random(site.SEED)
    length = round(size**0.5) * land_site.SIDE - _BOX_M
    points = [
        (land_site.WEST + draw.random() * length, land_site.SOUTH + draw.random() * length)
        for _ in range(_QUESTIONS)
    ]
    carried = reference_systems.transform_points(
        np.array(points), source=land_site.ZONE, target=reference_systems.WGS_84
    )
    return [(float(x), float(y)) for x, y in carried]


def box_at(lon: float, lat: float) -> str:
    """Give a box of `_BOX_M` whose lower corner lies at a place, as bbox."""
    height = _BOX_M / 111_000
    return f"{lon:.7f},{lat:.7f},{lon + height / np.cos(np.radians(lat)):.7f},{lat + height:.7f}"


def tile_at(lon: float, lat: float) -> tuple[int, int]:
    """Give row and column of the tile in which a place lies."""
    turned = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / np.pi
    count = 2**_ZOOM
    return int((1 - turned) / 2 * count), int((lon / 180 + 1) / 2 * count)


@contextmanager
def tipg(settings: Settings) -> Iterator[int]:
    """Run tipg on the land register until the block ends."""
    # The owner: the peer makes temporary functions, which our readers may not.
    url = settings.url("land", "owner").set(drivername="postgresql")
    if "host" in url.query:  # a socket, which the peer wants written as the host
        port = int(str(url.query["port"]))
        url = url.set(host=quote(str(url.query["host"]), safe=""), port=port, query={})
    environment = {
        **os.environ,
        **_TIPG,
        "DATABASE_URL": url.render_as_string(hide_password=False),
    }
    command = [sys.executable, "-m", "uvicorn", "tipg.main:app", "--port", str(TIPG_PORT)]
    command += ["--log-level", "warning", "--http", "httptools"]
    process = subprocess.Popen(command, env=environment)  # noqa: S603  the peer, in a process of its own
    try:
        _wait_for(TIPG_PORT)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def run(settings: Settings, size: int, ours: str, seconds: float) -> list[Figures]:
    """Measure both, each with one client and with eight.

    Args:
        ours: access token.
    """
    drawn = places(size)
    ours_base, theirs_base = "/ogc/collections/parcels", "/collections/land.parcel"
    boxes = [box_at(*place) for place in drawn]
    spots = [tile_at(*place) for place in drawn]
    pairs = {
        f"box, {_LIMIT} features at most": (
            [_get(f"{ours_base}/items?bbox={box}&limit={_LIMIT}", ours) for box in boxes],
            [_get(f"{theirs_base}/items?bbox={box}&limit={_LIMIT}") for box in boxes],
        ),
        f"tile of zoom {_ZOOM}": (
            [
                _get(f"{ours_base}/tiles/WebMercatorQuad/{_ZOOM}/{row}/{column}", ours)
                for row, column in spots
            ],
            [
                _get(f"{theirs_base}/tiles/WebMercatorQuad/{_ZOOM}/{column}/{row}?{_IN_TILES}")
                for row, column in spots
            ],
        ),
    }
    rows: list[Figures] = []
    for what, (mine, theirs) in pairs.items():
        for clients in (1, 8):
            rows += _compare(settings, f"{what}, {clients} clients", mine, theirs, clients, seconds)
    return [{"size": size, **row} for row in rows]


def _compare(
    settings: Settings,
    what: str,
    mine: Sequence[bytes],
    theirs: Sequence[bytes],
    clients: int,
    seconds: float,
) -> list[Figures]:
    ways = ((site.API_PORT, mine), (TIPG_PORT, theirs))
    for port, requests in ways:
        measure(port, requests, clients=clients, seconds=1)  # warm
    before = site.count(settings, "exchange", ENTRIES)[0]
    turns: list[list[Figures]] = [[], []]
    for _ in range(_TURNS):
        for taken, (port, requests) in zip(turns, ways, strict=True):
            taken.append(measure(port, requests, clients=clients, seconds=seconds))
    logged = site.count(settings, "exchange", ENTRIES)[0] - before
    one, peer = (_middle(taken) for taken in turns)
    ratio = one["rate"] / peer["rate"]
    return [
        {"what": f"exchange: {what}", **one, "durable": logged, "ratio": ratio},
        {"what": f"tipg: {what}", **peer},
    ]


def _middle(turns: Sequence[Figures]) -> Figures:
    """Give the turn of the middle rate, with what all turns counted."""
    middle = sorted(turns, key=lambda one: one["rate"])[len(turns) // 2]
    return {**middle, **{name: sum(one[name] for one in turns) for name in ("answers", "failures")}}


def _get(path: str, token: str = "") -> bytes:
    head = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join(head).encode() + b"\r\n\r\n"


def write_line(row: Figures) -> str:
    """Write a row as people read it."""
    parts = [f"{row['size']:>9,}", f"{row['what']:<48}", f"{row['rate']:>8,.1f}"]
    parts += [f"{row[name]:>8.1f}" for name in ("p50", "p95")]
    parts.append(f"{row['failures']:>4} failed")
    if "ratio" in row:
        durable = "all durable" if row["durable"] >= row["answers"] else "NOT ALL DURABLE"
        parts.append(f"{row['ratio']:>6.2f} x, {durable}")
    return " ".join(parts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--out", type=Path, help="write the rows as JSON")
    arguments = parser.parse_args()
    print(site.machine())
    rows: list[Figures] = []
    for size in arguments.sizes:
        settings = land_site.prepare(size)
        serve: tuple[Any, ...] = ("sharing_api.main", "--port", str(site.API_PORT))
        with site.running(settings, *serve, port=site.API_PORT), tipg(settings):
            access = land_site.token(settings, site.API_PORT)
            for row in run(settings, size, access, arguments.seconds):
                rows.append(row)
                print(write_line(row), flush=True)
    if arguments.out:
        arguments.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
