"""sdmx1 (https://github.com/khaeru/sdmx), unchanged, reads the statistics of the exchange.

Run it against a running demonstration:

    python -m tests.clients.sdmx1_client --url http://127.0.0.1:8714 --token "$TOKEN"
"""

import argparse
import sys
from typing import Any

import pandas as pd
import sdmx

AGENCY = "VNNSO"
FLOW = "POPULATION"


def connect(url: str, token: str, version: str = "2.1") -> sdmx.Client:
    """Open a client of one version of the service; the token goes into its session."""
    source = {
        "id": AGENCY,
        "name": "National Statistics Office of Viet Nam",
        "url": f"{url}/sdmx/{version}",
        "versions": [{"2.1": "2.1", "3.0": "3.0.0"}[version]],
    }
    sdmx.add_source(source, override=True)
    client = sdmx.Client(AGENCY)
    if token:
        client.session.headers["Authorization"] = f"Bearer {token}"
    return client


def read_structure(client: sdmx.Client, flow: str = FLOW) -> Any:
    """Read a flow with its data structure, code lists and concepts."""
    return client.dataflow(flow, params={"references": "all"})


def read_series(client: sdmx.Client, key: Any, **parameters: str) -> "pd.Series[float]":
    """Read observations as pandas gives them, by key and parameters of the query."""
    message = client.data(FLOW, key=key, params=parameters)
    series = sdmx.to_pandas(message)
    if not isinstance(series, pd.Series):
        raise TypeError(type(series))
    return series


def main() -> None:
    """Show flows, dimensions, and the population of the provinces by sex."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8714")
    parser.add_argument("--token", default="", help="access token of a system with an agreement")
    parser.add_argument("--version", default="2.1", choices=["2.1", "3.0"])
    parser.add_argument("--key", default="A..POP.M+F._T._T._T._T", help="series key")
    given = parser.parse_args()
    client = connect(given.url, given.token, given.version)
    write = sys.stdout.write
    for one in client.dataflow().dataflow.values():
        write(f"{one.id}: {one.name}\n")
    structure = read_structure(client)
    for dimension in structure.structure["DSD_POPULATION"].dimensions:
        write(f"  {dimension.id}\n")
    write(f"{len(structure.codelist['CL_AREA'])} areas\n")
    write(f"{read_series(client, given.key).to_string(max_rows=20)}\n")


if __name__ == "__main__":
    main()
