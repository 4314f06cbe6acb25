"""Typing and validating the rows of a chunk, a column at a time. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import identifiers, vietnamese
from databases.identifiers import EnterpriseCode, MalformedIdentifier, Pin
from databases.loading import cells, coded
from databases.loading.cells import Bad, Finding, Good, Reference, Typed
from databases.loading.mapping import ColumnSpec, FileMapping
from databases.loading.readers import Chunk

LINE: Final = "line"
FLAGS: Final = "flags"

_CONTROL: Final = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]"
_DELETE: Final = 0x7F
# With its first array pyarrow imports much; made here, that is done before processes are forked.
_EMPTY: Final = pa.array([""], pa.string())
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DMY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_SERIAL_START = date(1899, 12, 30)  # day 0 of spreadsheets after February 1900
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_PLAIN_INTEGER: Final = "^(0|[1-9][0-9]{0,17})$"


@dataclass(frozen=True, slots=True)
class Reject:
    """A rule that one line of the file breaks."""

    line: int
    column: str
    value: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Validated:
    """A chunk, validated.

    Args:
        table: the good rows: line, flags and the staging columns, all as text.
        rejects: every problem of every bad row, by line.
        rejected: number of bad rows.
    """

    table: pa.Table
    rejects: tuple[Reject, ...]
    rejected: int


def validate(
    chunk: Chunk, header: tuple[str, ...], mapping: FileMapping, reference: Reference
) -> Validated:
    """Type and validate a chunk; a row is good when no column of it breaks a rule."""
    raw = _columns(chunk, header, mapping)
    typed = [read_column(raw, spec, reference) for spec in mapping.columns.values()]
    findings = sorted((f for t in typed for f in t.findings), key=lambda f: f.row)
    bad = np.zeros(len(chunk.lines), dtype=bool)
    bad[np.array([f.row for f in findings], dtype=np.int64)] = True
    arrays: dict[str, pa.Array] = {
        LINE: pa.array(chunk.lines, pa.int64()),
        FLAGS: _flags(len(chunk.lines), typed),
    }
    for column in typed:
        arrays.update(column.columns)
    rejects = [
        *(Reject(b.line, "", b.value, b.rule, b.reason) for b in chunk.broken),
        *(
            Reject(chunk.lines[f.row], f.column, f.value, f.bad.rule, f.bad.reason)
            for f in findings
        ),
    ]
    return Validated(
        pa.table(arrays).filter(pa.array(~bad)),
        tuple(sorted(rejects, key=lambda r: r.line)),
        int(bad.sum()) + len(chunk.broken),
    )


def read_column(raw: Mapping[str, pa.Array], spec: ColumnSpec, reference: Reference) -> Typed:
    """Read one column of the mapping out of the cells of the file."""
    cleaned = [_clean(raw[source], spec.empty) for source in spec.source]
    array = cleaned[0] if len(cleaned) == 1 else _joined(cleaned)
    typed = _READERS[spec.kind](array, spec, reference)
    for source, values in zip(spec.source, cleaned, strict=True):
        if _may_hold_control(values):
            _forbid(typed, pc.match_substring_regex(values, _CONTROL), values, source, _CONTROLLED)
    if spec.required:
        _forbid(typed, pc.is_null(array), raw[spec.source[0]], spec.source[0], _MISSING)
    return typed


_MISSING = Bad("value.missing", "The value is missing.")
_CONTROLLED = Bad("text.control_character", "The text holds a character that cannot be printed.")


def _columns(chunk: Chunk, header: tuple[str, ...], mapping: FileMapping) -> dict[str, pa.Array]:
    positions = [header.index(source) for source in mapping.sources]
    return dict(zip(mapping.sources, chunk.read_columns(positions), strict=True))


def _clean(array: pa.Array, empty: tuple[str, ...]) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(array)
    # Nearly all texts are composed already, and seeing that is much cheaper than composing them.
    # Every part of a composed text is composed: all cells are looked at in one piece.
    if not unicodedata.is_normalized("NFC", _bytes(trimmed).decode("utf-8")):
        trimmed = pc.utf8_normalize(trimmed, form="NFC")
    nothings = pa.array(["", *empty], pa.string()) if empty else _EMPTY
    nothing = pc.is_in(trimmed, value_set=nothings)
    return pc.if_else(nothing, pa.scalar(None, pa.string()), trimmed)


def _bytes(array: pa.Array) -> bytes:
    """Give the cells of a column as they lie in memory, one after the other."""
    held = array.buffers()[2]
    if held is None:
        return b""
    ends = np.frombuffer(array.buffers()[1], dtype=np.int32)
    first, last = ends[array.offset], ends[array.offset + len(array)]
    return bytes(held.slice(int(first), int(last - first)).to_pybytes())


def _may_hold_control(array: pa.Array) -> bool:
    """Test whether any byte is one of a control character: one look at all cells together."""
    held = np.frombuffer(_bytes(array), dtype=np.uint8)
    return bool(held.size and (held.min() < ord(" ") or (held == _DELETE).any()))


def _joined(arrays: list[pa.Array]) -> pa.Array:
    """Make one cell of several; null only where all of them are."""
    joined = pc.binary_join_element_wise(
        *(pc.fill_null(a, "") for a in arrays), pa.scalar(coded.SEPARATOR)
    )
    nothing = pc.equal(joined, coded.SEPARATOR * (len(arrays) - 1))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), joined)


def _forbid(typed: Typed, where: pa.Array, values: pa.Array, column: str, bad: Bad) -> None:
    mask = pc.fill_null(where, fill_value=False)
    if pc.any(mask).as_py():
        for row in np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist():
            typed.findings.append(Finding(row, column, values[row].as_py() or "", bad))


def _flags(rows: int, typed: list[Typed]) -> pa.Array:
    flags: list[str | None] = [None] * rows
    for row, flag in (noted for column in typed for noted in column.flags):
        flags[row] = f"{flags[row]};{flag}" if flags[row] else flag
    return pa.array(flags, pa.string())


def _text(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    typed = Typed({spec.name: array})
    key = spec.options.get("search_key")
    if key is not None:
        typed.columns[key] = pa.array(
            [None if text is None else vietnamese.name_key(text) for text in array.to_pylist()],
            pa.string(),
        )
    longest = spec.options.get("max_length")
    if longest is not None:
        bad = Bad("text.too_long", f"The text is longer than {longest} characters.")
        _forbid(typed, pc.greater(pc.utf8_length(array), longest), array, spec.source[0], bad)
    return typed


def _integer(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    minimum = spec.options.get("minimum")

    def read(text: str) -> Good | Bad:
        if not _INTEGER.fullmatch(text):
            return Bad("integer.shape", "A whole number is written with digits only (up to 18).")
        number = int(text)
        if minimum is not None and number < minimum:
            return Bad("integer.minimum", f"The number must be {minimum} or more.")
        return Good((str(number),))

    plain = pc.fill_null(pc.match_substring_regex(array, _PLAIN_INTEGER), fill_value=False)
    if minimum is not None:
        numbers = pc.cast(pc.if_else(plain, array, "0"), pa.int64())
        plain = pc.and_(plain, pc.greater_equal(numbers, minimum))
    return _read_others(array, plain, spec, read)


def _read_others(
    array: pa.Array, right: pa.Array, spec: ColumnSpec, read: Callable[[str], Good | Bad]
) -> Typed:
    """Read the cells that are not seen to be right as they stand, which nearly all are."""
    others = pc.if_else(right, pa.scalar(None, pa.string()), array)
    typed = cells.read_each(others, (spec.name,), spec, read)
    typed.columns[spec.name] = pc.if_else(right, array, typed.columns[spec.name])
    return typed


def _day(text: str, forms: tuple[str, ...]) -> date | None:
    """Read a day in one of the forms; None when it has none of them.

    Raises:
        ValueError: the calendar has no such day.
    """
    if "iso" in forms and (match := _ISO.fullmatch(text)):
        year, month, day = match.groups()
        return date(int(year), int(month), int(day))
    if "dmy" in forms and (match := _DMY.fullmatch(text)):
        day, month, year = match.groups()
        return date(int(year), int(month), int(day))
    if "serial" in forms and _SERIAL.fullmatch(text):
        return _SERIAL_START + timedelta(days=int(text))
    return None


_FORMS: Final = {"iso": "YYYY-MM-DD", "dmy": "DD/MM/YYYY", "serial": "a spreadsheet's day number"}


def _date(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    forms = tuple(spec.options.get("forms", ("iso",)))
    first = date.fromisoformat(spec.options.get("not_before", "0001-01-01"))
    written = " or ".join(_FORMS[form] for form in forms)

    def read(text: str) -> Good | Bad:
        try:
            day = _day(text, forms)
        except ValueError:
            return Bad("date.impossible", "The calendar has no such day.")
        if day is None:
            return Bad("date.form", f"A day is written as {written}.")
        if day > reference.on:
            return Bad("date.future", "The day has not been yet.")
        if day < first:
            return Bad("date.too_early", f"Days before {first.isoformat()} cannot be right.")
        return Good((day.isoformat(),))

    return cells.read_each(array, (spec.name,), spec, read)


def _choice(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    choices: Mapping[str, Any] = spec.options["choices"]
    known = {_plain(text): str(code) for text, code in choices.items()}

    def read(text: str) -> Good | Bad:
        code = known.get(_plain(text))
        if code is None:
            return Bad("choice.unknown", "The mapping does not know this text.")
        return Good((code,))

    return cells.read_each(array, (spec.name,), spec, read)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _enterprise_code(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    units = bool(spec.options.get("dependent_units", False))

    def read(text: str) -> Good | Bad:
        try:
            code = EnterpriseCode.parse(text)
        except MalformedIdentifier as error:
            return Bad(error.fields[0].rule, error.message)
        if code.suffix and not units:
            return Bad("enterprise_code.dependent_unit", "This is the code of a dependent unit.")
        return Good((str(code),))

    return _read_others(array, has_right_check_digit(array), spec, read)


def has_right_check_digit(array: pa.Array) -> pa.Array:
    """Test which texts are ten-digit enterprise codes with a right check digit, all at once.

    The set-based form of `EnterpriseCode.parse`; null counts as no.
    """
    shaped = pc.fill_null(pc.match_substring_regex(array, "^[0-9]{10}$"), fill_value=False)
    mask = np.array(shaped, dtype=bool)
    joined = "".join(pc.filter(array, shaped).to_pylist()).encode("ascii")
    digits = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 10).astype(np.int64) - ord("0")
    remainder = digits[:, :9] @ np.array(identifiers.CHECK_WEIGHTS) % 11
    mask[mask] = (remainder != 0) & (10 - remainder == digits[:, 9])
    return pa.array(mask)


def _pin(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    def read(text: str) -> Good | Bad:
        try:
            return Good((Pin.parse(text).number,))
        except MalformedIdentifier as error:
            return Bad(error.fields[0].rule, error.message)

    return cells.read_each(array, (spec.name,), spec, read)


_READERS: Final[dict[str, Callable[[pa.Array, ColumnSpec, Reference], Typed]]] = {
    "text": _text,
    "integer": _integer,
    "date": _date,
    "choice": _choice,
    "enterprise_code": _enterprise_code,
    "pin": _pin,
    "code": coded.read_code,
    "coded_items": coded.read_items,
    "address": coded.read_address,
}
