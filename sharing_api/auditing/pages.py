"""Reports as pages: HTML that needs nothing else, runs nothing, and prints well. Pure."""

import html
from collections.abc import Iterable, Sequence

_STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:75em;color:#222}"
    "table{border-collapse:collapse;margin:.5em 0 1.5em;width:100%}"
    "th,td{border:1px solid #bbb;padding:.25em .5em;text-align:left;vertical-align:top}"
    "th{background:#eee}td.n{text-align:right}caption{text-align:left;font-weight:600}"
    "@media print{body{margin:0;max-width:none;font-size:10px}}"
)
Cell = str | int | float


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table; numbers stand to the right."""
    head = "".join(f"<th scope=col>{html.escape(one)}</th>" for one in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    if not body:
        body = f"<tr><td colspan={len(columns)}>none</td></tr>\n"
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n"
    )


def paragraph(text: str) -> str:
    """Write a paragraph."""
    return f"<p>{html.escape(text)}</p>\n"


def page(title: str, parts: Iterable[str], *, language: str = "en") -> bytes:
    """Write a page out of parts."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{html.escape(title)}</h1>\n{''.join(parts)}</body></html>\n"
    ).encode()


def _cell(value: Cell) -> str:
    if isinstance(value, int | float):
        return f'<td class="n">{value:,}</td>'
    return f"<td>{html.escape(value)}</td>"
