"""Matching a file with itself or with another: pairs, groups, rejects, a summary and a report."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sharing_api.matching import errors, evaluation, linkage, model, records
from sharing_api.matching.engines import Engine, Linked, Local, Source
from sharing_api.matching.evaluation import Evaluation
from sharing_api.matching.explanation import BITS
from sharing_api.matching.fields.kinds import Flags
from sharing_api.matching.files import labels, report, tables
from sharing_api.matching.files.mapping import FileMapping
from sharing_api.matching.files.matched import Matched
from sharing_api.matching.files.registers import Register
from sharing_api.matching.files.tables import Table
from sharing_api.matching.linkage import Progress

_WORK = ".matching-"  # folder of a matching that is not done


@dataclass(frozen=True)
class Job:
    """One matching as ordered.

    Args:
        left: the file.
        right: a file or a register to link it with; None finds duplicates within the file.
        mapping: which columns are which fields.
        folder: where everything is written.
        model_version: of the likeness; the current one if left out.
        engine: which does the work.
        labels: file of labelled pairs, if there is one.
    """

    left: Path
    right: Path | Register | None
    mapping: FileMapping
    folder: Path
    model_version: str = model.CURRENT
    engine: Engine = field(default_factory=Local)
    labels: Path | None = None


def match(job: Job, progress: Progress) -> Matched:
    """Match, and write what was found into the job's folder.

    The folder then holds ``pairs.parquet``, ``clusters.parquet``, ``rejects.csv``,
    ``summary.json``, ``weights.json`` and ``report.html``. Killed in the middle, the same call goes
    on where it was; another one in the same folder begins anew.

    Raises:
        UnreadableFile: a file is empty, holds no table or is not in UTF-8.
        ColumnsMissing: a column of the mapping is missing or stands twice.
        NothingToCompare: no mapped column holds a value.
        UnknownModel: there is no model of that version.
        BadMapping, BadLabels: the mapping or the labels do not fit.
        RecordIdsRepeat: two records are called alike.
        Unauthenticated, AgreementRefuses, LogUnavailable: the register is not opened.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    chosen = model.read_model(job.model_version)
    progress("reading", 0, 0)
    files = _read(job, progress)
    rejected = tables.write_rejects(job.folder / "rejects.csv", files)
    columns: Mapping[str, Any] = files[0].columns
    if job.right is not None:
        columns = records.concatenate(files[0].columns, files[1].columns)
    left = files[0].count if job.right is not None else None
    source = Source(chosen, job.mapping.subject, columns, left)
    known = labels.NONE if job.labels is None else labels.read_labels(job.labels, files)
    work = _work_folder(job, files)
    linked = job.engine.link(source, work, progress, known.true_pairs)
    judged, apart = _judge(linked, files, source)
    labelled = labels.judge(linked.found, known, chosen.decision.link) if job.labels else None
    done = Matched(
        files=files,
        against_register=isinstance(job.right, Register),
        model=chosen,
        source=source,
        linked=linked,
        judged=judged,
        judged_apart=apart,
        labelled=labelled,
        rejected=rejected,
    )
    progress("writing", 0, 0)
    if isinstance(job.right, Register):
        job.right.disclose(_shown_of_the_right(done), list(linked.kinds))
    _write(done, job.folder)
    shutil.rmtree(work)
    return done


def _read(job: Job, progress: Progress) -> list[Table]:
    """Read the file, and what it is linked with."""
    if isinstance(job.right, Register) and job.right.source.subject != job.mapping.subject:
        raise errors.BadMapping(
            f"The mapping is of a {job.mapping.subject}, the register of {job.right.name} is not."
        )
    files = [tables.read_table(job.left, job.mapping)]
    if isinstance(job.right, Register):
        files.append(job.right.read(list(files[0].columns), progress))
    elif job.right is not None:
        files.append(tables.read_table(job.right, job.mapping, is_right=True))
    return files


def _work_folder(job: Job, files: Sequence[Table]) -> Path:
    """Name the folder of this matching; what killed runs of others left behind is removed."""
    work = job.folder / f"{_WORK}{_fingerprint(job, files)}"
    for left_behind in job.folder.glob(f"{_WORK}*"):
        if left_behind != work:
            shutil.rmtree(left_behind)
    return work


def _shown_of_the_right(done: Matched) -> list[str]:
    """Name the records of the right side that stand in pairs or in groups with left ones."""
    first = done.files[0].count
    rows = np.union1d(done.found.pairs.right, np.flatnonzero(_is_shown(done)))
    names: list[str] = done.files[1].names.take(pa.array(rows[rows >= first] - first)).to_pylist()
    return names


def _is_shown(done: Matched) -> Flags:
    """Tell which records stand among the clusters: of a register only those grouped with others."""
    groups = done.found.groups
    if not done.against_register:
        return np.ones(len(groups), dtype=np.bool_)
    is_left = np.arange(len(groups)) < done.files[0].count
    flags: Flags = is_left | np.isin(groups, groups[is_left])
    return flags


def _fingerprint(job: Job, files: Sequence[Table]) -> str:
    """Name what decides the pairs: the code and the model, the mapping, and the records."""
    digest = hashlib.sha256(f"{job.mapping.digest} {job.model_version}".encode())
    package = Path(linkage.__file__).parent
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.toml"))):
        digest.update(path.read_bytes())
    for table in files:
        digest.update(table.digest.encode())
        for buffer in table.names.buffers():
            digest.update(buffer or b"")
    return digest.hexdigest()[:16]


def _judge(
    linked: Linked, files: Sequence[Table], source: Source
) -> tuple[Evaluation | None, Mapping[str, Evaluation]]:
    truth = tables.truth_of(files)
    if truth is None:
        return None, {}
    decision = source.model.decision
    thresholds = (decision.link, 0.9, 0.99, decision.automatic)
    return evaluation.evaluate(linked.found, truth, source.left, thresholds), {
        name: evaluation.evaluate(linked.found, truth, source.left, thresholds, members)
        for name, members in linked.list_subgroups().items()
    }


def _write(done: Matched, folder: Path) -> None:
    names = pa.concat_arrays([table.names for table in done.files])
    sides = np.repeat(
        np.array(["left", "right"])[: len(done.files)], [table.count for table in done.files]
    )
    _replace(folder / "pairs.parquet", _pairs(done, names))
    groups = pa.table(
        {
            "file": pa.array(sides),
            "record": names,
            "cluster": names.take(pa.array(done.found.groups)),
            "cluster_file": pa.array(sides[done.found.groups]),
        }
    )
    _replace(folder / "clusters.parquet", groups.filter(pa.array(_is_shown(done))))
    summary = done.summary
    if done.judged is not None:
        apart = {name: _quality(judged) for name, judged in done.judged_apart.items()}
        summary |= {"quality": _quality(done.judged), "quality_of_subgroups": apart}
    _write_json(folder / "summary.json", summary)
    _write_json(folder / "weights.json", _weights(done))
    (folder / "report.html").write_text(report.render(done, summary), encoding="utf-8")


def _pairs(done: Matched, names: Any) -> Any:
    pairs, levels = done.found.pairs, done.found.levels
    order = np.argsort(-pairs.log_odds, kind="stable")
    columns = {
        "left": names.take(pa.array(pairs.left[order])),
        "right": names.take(pa.array(pairs.right[order])),
        "weight": pa.array((pairs.log_odds[order] * BITS).astype(np.float32)),
        "probability": pa.array(done.found.probabilities[order]),
    }
    for place, (name, kind) in enumerate(done.linked.kinds.items()):
        words = pa.array(["unknown", *kind.levels])
        coded = pa.DictionaryArray.from_arrays(pa.array(levels[order, place]), words)
        columns[f"{name}_level"] = coded
    return pa.table(columns)


def _replace(path: Path, table: Any) -> None:
    part = path.with_suffix(".part")
    pq.write_table(table, part)
    part.replace(path)


def _quality(judged: Evaluation) -> dict[str, Any]:
    def numbers(score: evaluation.Score) -> dict[str, float]:
        return {
            "precision": round(score.precision, 5),
            "recall": round(score.recall, 5),
            "f1": round(score.f1, 5),
        }

    return {
        "pairs": {str(at): numbers(score) for at, score in judged.thresholds.items()},
        "best": {"threshold": judged.best[0], **numbers(judged.best[1])},
        "clusters": numbers(judged.groups),
        "met": round(judged.met, 5),
        "calibration": [asdict(row) for row in judged.calibration],
    }


def _weights(done: Matched) -> dict[str, Any]:
    weights = done.found.weights
    return {
        "model": done.model.version,
        "prior": weights.prior,
        "fields": {
            name: {
                level: {"match": float(m), "strangers": float(u)}
                for level, m, u in zip(
                    kind.levels, weights.match[place][1:], weights.strangers[place][1:], strict=True
                )
            }
            for place, (name, kind) in enumerate(done.linked.kinds.items())
        },
    }


def _write_json(path: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
