"""Charts of a report as SVG that stands in the page itself: no script, no other file."""

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 720, 260, 56, 36, 12


def _svg(body: Sequence[str], height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "middle", kind: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'
    )


def histogram(
    title: str, bounds: Sequence[float], counts: Sequence[int], marks: Sequence[tuple[float, str]]
) -> str:
    """Draw how many pairs have which weight, on a scale of roots so that few are seen beside many.

    Args:
        title: said to those who cannot see it.
        bounds: edges of the bars, one more than there are bars.
        counts: pairs by bar.
        marks: weights at which a line stands, with what it means.
    """
    top = max(max(counts, default=0), 1) ** 0.5
    floor = _HEIGHT - _BOTTOM
    width = (_WIDTH - _LEFT - 12) / max(len(counts), 1)
    span = (bounds[-1] - bounds[0]) or 1.0

    def place(weight: float) -> float:
        return _LEFT + (weight - bounds[0]) / span * width * len(counts)

    body = []
    for number, count in enumerate(counts):
        height = (count**0.5) / top * (floor - _TOP - 14)
        x = _LEFT + number * width
        label = f"{bounds[number]:.0f} to {bounds[number + 1]:.0f} bits: {count:,} pairs"
        body.append(
            f'<rect x="{x:.1f}" y="{floor - height:.1f}" width="{max(width - 1, 1):.1f}" '
            f'height="{height:.1f}" class="bar"><title>{escape(label)}</title></rect>'
        )
    for level in (1.0, 0.25):
        y = floor - level**0.5 * (floor - _TOP - 14)
        body.append(f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        body.append(_text(_LEFT - 6, y + 4, f"{top**2 * level:,.0f}", anchor="end", kind="axis"))
    for number in range(0, len(bounds), max(1, len(bounds) // 12)):
        body.append(_text(place(bounds[number]), floor + 16, f"{bounds[number]:.0f}", kind="axis"))
    for order, (weight, meaning) in enumerate(marks):
        x = place(min(max(weight, bounds[0]), bounds[-1]))
        body.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{floor}" class="mark"/>')
        body.append(_text(x + 4, _TOP + 10 + 14 * order, meaning, anchor="start", kind="axis"))
    body.append(_text((_LEFT + _WIDTH) / 2, _HEIGHT - 4, "weight of the pair, bits", kind="axis"))
    return _svg(body, _HEIGHT, title)


def curves(
    title: str, across: Sequence[float], lines: Sequence[tuple[str, str, Sequence[float]]]
) -> str:
    """Draw shares from 0 to 1 over weights.

    Args:
        title: said to those who cannot see it.
        across: weights in their order, two at least.
        lines: name, class of its colour, and a share for each weight.
    """
    floor = _HEIGHT - _BOTTOM
    low, span = across[0], (across[-1] - across[0]) or 1.0

    def place(weight: float) -> float:
        return _LEFT + (weight - low) / span * (_WIDTH - _LEFT - 12)

    body = []
    for share in (0.0, 0.5, 1.0):
        y = floor - share * (floor - _TOP)
        body.append(f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        body.append(_text(_LEFT - 6, y + 4, f"{share:.0%}", anchor="end", kind="axis"))
    for order, (name, kind, shares) in enumerate(lines):
        points = " ".join(
            f"{place(x):.1f},{floor - y * (floor - _TOP):.1f}"
            for x, y in zip(across, shares, strict=True)
        )
        body.append(f'<polyline points="{points}" class="line {kind}"/>')
        body.append(_text(_LEFT + 12, floor - 14 - 16 * order, name, anchor="start", kind=kind))
    for number in range(0, len(across), max(1, len(across) // 12)):
        body.append(_text(place(across[number]), floor + 16, f"{across[number]:.0f}", kind="axis"))
    body.append(_text((_LEFT + _WIDTH) / 2, _HEIGHT - 4, "threshold, bits", kind="axis"))
    return _svg(body, _HEIGHT, title)


def waterfall(title: str, parts: Sequence[tuple[str, float]]) -> str:
    """Draw how the weight of a pair comes about, part by part.

    Args:
        title: said to those who cannot see it.
        parts: name and bits; the first is where it starts from.
    """
    ends = [0.0]
    for _, bits in parts:
        ends.append(ends[-1] + bits)
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    row, names = 22, 260
    height = row * (len(parts) + 1) + 8

    def place(bits: float) -> float:
        return names + (bits - low) / span * (_WIDTH - names - 64)

    zero = place(0.0)
    body = [f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{height}" class="grid"/>']
    steps = [*parts, ("weight", ends[-1])]
    for number, (name, bits) in enumerate(steps):
        start = 0.0 if number == len(parts) else ends[number]
        x, end = sorted((place(start), place(start + bits)))
        kind = "total" if number == len(parts) else ("for" if bits >= 0 else "against")
        y = 4 + number * row
        body.append(_text(names - 8, y + 13, name, anchor="end"))
        body.append(
            f'<rect x="{x:.1f}" y="{y}" width="{max(end - x, 1):.1f}" height="{row - 6}" '
            f'class="{kind}"/>'
        )
        body.append(_text(end + 4, y + 13, f"{bits:+.1f}", anchor="start", kind="axis"))
    return _svg(body, height, title)
