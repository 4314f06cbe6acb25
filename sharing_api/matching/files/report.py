"""The report of a matching: one page that stands alone, with charts and pairs explained."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import numpy as np
import pyarrow as pa

from sharing_api.matching import evaluation, explanation, records
from sharing_api.matching.explanation import BITS
from sharing_api.matching.fields.kinds import Rows
from sharing_api.matching.files import charts
from sharing_api.matching.files.matched import Matched

_BARS = 40
_MOST_BITS = 60.0
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;max-width:60rem;
margin:2rem auto;padding:0 1rem}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{text-align:left;padding:.25rem .6rem;
border-bottom:1px solid #d7dce1;vertical-align:top}td.n,th.n{text-align:right;
font-variant-numeric:tabular-nums}svg{width:100%;height:auto;font:12px system-ui,sans-serif}
.bar{fill:#2f6f9f}.grid{stroke:#d7dce1}.mark{stroke:#b3261e;stroke-dasharray:4 3}
.axis{fill:#57606a}.line{fill:none;stroke-width:2.5}.line.a{stroke:#2f6f9f}.line.b{stroke:#1a7f37}
.line.c{stroke:#b3261e}text.a{fill:#2f6f9f}text.b{fill:#1a7f37}text.c{fill:#b3261e}
.for{fill:#1a7f37}.against{fill:#b3261e}.total{fill:#57606a}mark{background:#ffe08a}
.note{color:#57606a}
"""


def render(done: Matched, summary: Mapping[str, Any]) -> str:
    """Write the page. It holds records of the files: it is as secret as they are."""
    parts = [
        *_head(summary),
        *_weights_chart(done),
        *_quality(done),
        *_levels(done),
        *_examples(done),
    ]
    title = escape(" and ".join(summary["files"]))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Matching of {title}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Matching of {title}</h1>{''.join(parts)}</body></html>\n"
    )


def _head(summary: Mapping[str, Any]) -> Iterator[str]:
    thresholds = summary["thresholds"]
    rows = {
        "records": " and ".join(f"{count:,}" for count in summary["records"]),
        "rows that could not be read": f"{summary['rejected']:,} (rejects.csv)",
        "pairs compared": f"{summary['compared']:,}",
        "true pairs expected": f"{summary['expected_pairs']:,.0f}",
        f"pairs taken for the same (from {thresholds['link']})": f"{summary['pairs']:,}",
        f"of them without a look (from {thresholds['automatic']})": f"{summary['automatic']:,}",
        "groups of several records": f"{summary['groups']:,}, "
        f"the largest of {summary['largest_group']:,}",
        "model": f"version {summary['model']}",
        "fields": ", ".join(f"{name} ({kind})" for name, kind in summary["fields"].items()),
    }
    yield "<table>"
    for name, value in rows.items():
        yield f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
    yield "</table>"
    rules = "; ".join(summary["rules"]) or "none"
    yield f'<p class="note">Records met that agree in: {escape(rules)}.</p>'


def _weights_chart(done: Matched) -> Iterator[str]:
    bits = np.clip(done.found.pairs.log_odds * BITS, -_MOST_BITS, _MOST_BITS)
    yield "<h2>How sure it is</h2>"
    if not len(bits):
        yield "<p>No two records are alike enough to be written down.</p>"
        return
    counts, bounds = np.histogram(bits, bins=_BARS)
    decision = done.model.decision
    marks = [
        (float(np.log2(at / (1 - at))), f"{name}, from {at}")
        for name, at in (("the same", decision.link), ("without a look", decision.automatic))
    ]
    yield charts.histogram("Pairs by weight", bounds.tolist(), counts.tolist(), marks)


def _quality(done: Matched) -> Iterator[str]:
    judged = done.judged
    if judged is None:
        yield from _expected_quality(done)
        return
    yield "<h2>Against the truth</h2><table><tr><th>pairs from probability</th>"
    yield '<th class="n">precision</th><th class="n">recall</th><th class="n">F1</th></tr>'
    scores = [(f"{at}", score) for at, score in judged.thresholds.items()]
    scores.append((f"{judged.best[0]:.4f} (the best, seen afterwards)", judged.best[1]))
    scores.append(("groups", judged.groups))
    link = done.model.decision.link
    scores += [
        (f"{name}, from {link}", apart.thresholds[link])
        for name, apart in done.judged_apart.items()
    ]
    for name, score in scores:
        yield f"<tr><td>{name}</td>{_cells(score)}</tr>"
    yield "</table><p>Probabilities that were promised, and what came true:</p><table>"
    yield '<tr><th>probability</th><th class="n">pairs</th><th class="n">promised</th>'
    yield '<th class="n">true</th></tr>'
    for row in judged.calibration:
        yield f'<tr><td>{row.low} to {row.high}</td><td class="n">{row.pairs:,}</td>'
        yield f'<td class="n">{row.promised:.3f}</td><td class="n">{row.true:.3f}</td></tr>'
    yield "</table>"


def _cells(score: evaluation.Score) -> str:
    numbers = (score.precision, score.recall, score.f1)
    return "".join(f'<td class="n">{number:.4f}</td>' for number in numbers)


def _expected_quality(done: Matched) -> Iterator[str]:
    """Draw what the probabilities themselves promise of each threshold."""
    order = np.argsort(-done.found.pairs.log_odds)
    if len(order) < 2:
        return
    probability = done.found.probabilities[order]
    right = np.cumsum(probability)
    found = np.arange(1, len(order) + 1)
    expected = max(done.found.weights.prior * done.source.possible_pairs, float(right[-1]))
    bits = done.found.pairs.log_odds[order] * BITS
    places = np.unique(np.linspace(0, len(order) - 1, 200).astype(int))[::-1]
    precision, recall = right / found, right / expected
    f1 = 2 * right / (found + expected)
    yield "<h2>What a threshold would give</h2>"
    yield '<p class="note">Promised by the probabilities; the truth is not known here.</p>'
    yield charts.curves(
        "Precision and recall by threshold",
        np.clip(bits[places], -_MOST_BITS, _MOST_BITS).tolist(),
        [
            (name, kind, np.clip(shares[places], 0, 1).tolist())
            for name, kind, shares in (
                ("precision", "a", precision),
                ("recall", "b", recall),
                ("F1", "c", f1),
            )
        ],
    )


def _levels(done: Matched) -> Iterator[str]:
    weights = done.found.weights
    yield "<h2>What was learned</h2><table><tr><th>field</th><th>likeness</th>"
    yield '<th class="n">of true pairs</th><th class="n">of strangers</th>'
    yield '<th class="n">bits</th></tr>'
    for place, (name, kind) in enumerate(done.linked.kinds.items()):
        for number, level in enumerate(kind.levels, start=1):
            match, chance = weights.match[place][number], weights.strangers[place][number]
            yield f"<tr><td>{escape(name) if number == 1 else ''}</td>"
            yield f'<td>{escape(level.replace("_", " "))}</td><td class="n">{match:.4f}</td>'
            yield f'<td class="n">{chance:.2g}</td>'
            yield f'<td class="n">{np.log2(match / chance):+.1f}</td></tr>'
    yield '</table><p class="note">Bits are of an average value; a rare one counts for more.</p>'


def _examples(done: Matched) -> Iterator[str]:
    odds = done.found.pairs.log_odds
    if not len(odds):
        return
    link = done.model.decision.link
    border = float(np.log(link / (1 - link)))
    chosen: Rows = np.unique(
        [
            int(np.argmax(odds)),
            int(np.argsort(odds)[len(odds) // 2]),
            *np.argsort(np.abs(odds - border))[:4].tolist(),
        ]
    )
    chosen = chosen[np.argsort(-odds[chosen])]
    left, right = done.found.pairs.left[chosen], done.found.pairs.right[chosen]
    explained = done.linked.explain(left, right)
    yield "<h2>Pairs explained</h2><p class='note'>The surest, one of the middle, and those nearest"
    yield " to the threshold.</p>"
    cells = _cells_of(done)
    for one, other, parts in zip(left.tolist(), right.tolist(), explained, strict=True):
        yield _side_by_side(cells, one, other)
        rows = [(_name_of(part), part.bits) for part in parts]
        yield charts.waterfall("Weight of the pair, part by part", rows)


def _name_of(part: explanation.Part) -> str:
    return f"{part.field}: {part.level.replace('_', ' ')}" if part.level else part.field


def _cells_of(done: Matched) -> dict[str, Any]:
    columns = done.files[0].columns
    if len(done.files) > 1:
        columns = records.concatenate(columns, done.files[1].columns)
    names = pa.concat_arrays([table.names for table in done.files])
    return {"record": names, **columns}


def _side_by_side(cells: Mapping[str, Any], one: int, other: int) -> str:
    rows = []
    for field, column in cells.items():
        left, right = (_written(column[place].as_py()) for place in (one, other))
        rows.append(
            f"<tr><th>{escape(field)}</th><td>{_marked(left, right)}</td>"
            f"<td>{_marked(right, left)}</td></tr>"
        )
    return f"<table>{''.join(rows)}</table>"


def _written(cell: Any) -> str:
    return " / ".join(cell) if isinstance(cell, list) else cell or ""


def _marked(text: str, other: str) -> str:
    """Mark the words that the other text does not have."""
    theirs = set(other.split())
    return " ".join(
        escape(word) if word in theirs else f"<mark>{escape(word)}</mark>" for word in text.split()
    )
