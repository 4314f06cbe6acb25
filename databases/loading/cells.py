"""What one cell becomes: values for the register, flags, or the rule that it breaks. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from databases.loading.mapping import ColumnSpec

ADDRESS_END: Final = 4  # commune, district, province, country


class Bad(NamedTuple):
    """A cell that refuses its row.

    Args:
        rule: stable code of the rule.
        reason: the sentence for the person who mends the file.
    """

    rule: str
    reason: str


class Good(NamedTuple):
    """A cell that was understood.

    Args:
        values: one per staging column that the type makes; text as PostgreSQL reads it.
        flags: stable codes of what somebody should look at; they refuse nothing.
    """

    values: tuple[str | None, ...]
    flags: tuple[str, ...] = ()


class Resolved(NamedTuple):
    """An address laid over the administrative units.

    Args:
        status: exact, ambiguous or unresolved.
        street: what stands before the units, as written.
        commune_code: only where exact.
        commune_version: of the list that the code belongs to.
        province_code: where all candidates agree on it.
        candidates: every reading, where there is more than one.
    """

    status: str
    street: str | None = None
    commune_code: str | None = None
    commune_version: str | None = None
    province_code: str | None = None
    candidates: tuple[Mapping[str, str | None], ...] = ()


def _unresolved(text: str, version: str) -> Resolved:
    return Resolved("unresolved", street=text)


def _undecided(end: str, version: str) -> Resolved | None:
    return None


@dataclass(frozen=True)
class Reference:
    """What the types need to know besides the cell; gathered at the edge.

    Args:
        on: the day of the load: dates behind it have not been yet.
        codes: list → version → codes.
        resolve_address: reads a text in the units of a version.
        resolve_end: reads the end of an address (its last `ADDRESS_END` pieces, parted by commas)
            where nothing that stands before it can change the reading, None otherwise.
    """

    on: date
    codes: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    resolve_address: Callable[[str, str], Resolved] = _unresolved
    resolve_end: Callable[[str, str], Resolved | None] = _undecided


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that one row breaks in one column."""

    row: int
    column: str
    value: str
    bad: Bad


@dataclass
class Typed:
    """One column of a chunk, read: staging columns, findings and flags by row."""

    columns: dict[str, pa.Array]
    findings: list[Finding] = field(default_factory=list)
    flags: list[tuple[int, str]] = field(default_factory=list)


def read_each(
    array: pa.Array,
    names: tuple[str, ...],
    spec: ColumnSpec,
    read: Callable[[str], Good | Bad],
) -> Typed:
    """Read the cells of a column, equal cells once; null stays null.

    Args:
        array: cleaned cells.
        names: staging columns that `read` makes.
        spec: of the column; findings name its first source.
        read: decides about one cell.
    """
    encoded = array.dictionary_encode()
    outcomes = [read(text) for text in encoded.dictionary.to_pylist()]
    nothing = (None,) * len(names)
    values = [o.values if isinstance(o, Good) else nothing for o in outcomes]
    by_name = zip(*values, strict=True) if values else ((),) * len(names)
    typed = Typed(
        {
            name: pa.array(column, pa.string()).take(encoded.indices)
            for name, column in zip(names, by_name, strict=True)
        }
    )
    noted = [i for i, o in enumerate(outcomes) if isinstance(o, Bad) or o.flags]
    if noted:
        indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(np.isin(indices, noted)).tolist():
            outcome = outcomes[indices[row]]
            if isinstance(outcome, Bad):
                value = str(array[row].as_py())
                typed.findings.append(Finding(row, spec.source[0], value, outcome))
            else:
                typed.flags.extend((row, flag) for flag in outcome.flags)
    return typed
