"""Run the verification apart from everything else.

    python -m log_checker --database postgresql://… --keys keys.json [--anchor checkpoint …]

Exit status: 0 verified, 1 not verified, 2 it could not be done.
"""

import argparse
import json
import sys
from pathlib import Path

import psycopg2

from log_checker import notes, report, run


def main() -> int:
    """Verify and print one line of result."""
    parser = argparse.ArgumentParser(description="Verify the access log from its rows.")
    parser.add_argument("--database", required=True, help="connection string of a reading role")
    parser.add_argument("--keys", type=Path, required=True, help="document of /v1/keys")
    parser.add_argument("--anchor", type=Path, action="append", default=[], help="kept checkpoint")
    parser.add_argument(
        "--authority", type=Path, action="append", default=[], help="its certificate, PEM"
    )
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one for each core")
    arguments = parser.parse_args()
    try:
        keys = json.loads(arguments.keys.read_bytes())
        anchors = [path.read_text(encoding="utf-8") for path in arguments.anchor]
        authorities = [path.read_bytes() for path in arguments.authority]
        wishes = run.Wishes(
            arguments.database, keys, anchors, arguments.workers, authorities=authorities
        )
        verdict = run.verify(wishes)
    except (OSError, ValueError, KeyError, notes.NotSigned, psycopg2.Error) as problem:
        print(f"It could not be verified: {problem}", file=sys.stderr)
        return 2
    print(report.describe(verdict))
    return 1 if verdict.problem else 0


if __name__ == "__main__":
    sys.exit(main())
