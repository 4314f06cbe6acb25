"""How the columns are read, decided once for all records and then the same in every batch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sharing_api.matching import errors, records
from sharing_api.matching.fields import date_texts, several
from sharing_api.matching.fields.kinds import Column
from sharing_api.matching.fields.places import Places
from sharing_api.matching.frequencies import HERE, Frequencies
from sharing_api.matching.model import Kind, Model
from sharing_api.matching.records import READ_AS_PLACES, STREET, Records

Batches = Iterator[Any]  # Arrow record batches; pyarrow is not typed
Step = Callable[[Batches], Batches]

_DATE = "date"


@dataclass(frozen=True)
class Reading:
    """What a column as a whole tells of how its cells are read.

    Args:
        fields: those that have a column, in the order of the columns.
        kinds: field → its kind, as in `Records`.
        month_first: field of dates → whether the month comes first where both could.
    """

    fields: Sequence[str]
    kinds: Mapping[str, Kind]
    month_first: Mapping[str, bool]

    def columns_of(self, batch: Any, prefix: str = "") -> dict[str, Column]:
        """Give the columns of a batch by the names of their fields."""
        return {
            name: batch.column(f"{prefix}{column_of(place)}")
            for place, name in enumerate(self.fields)
        }

    def read(
        self,
        columns: Mapping[str, Column],
        frequencies: Mapping[str, Frequencies] | None = None,
        left: int | None = None,
    ) -> Records:
        """Read some records.

        Args:
            columns: field → Arrow array; those without a kind say nothing.
            frequencies: field → how often its values stand among all records.
            left: as in `Records`.
        """
        given = {name: column for name, column in columns.items() if name in self.kinds}
        for name, month_first in self.month_first.items():
            given[name] = _write_plainly(given[name], month_first=month_first)
        counts = frequencies or dict.fromkeys(self.kinds, HERE)
        return records.read_as(self.kinds, counts, given, left)


def column_of(place: int) -> str:
    """Name the column of a field: names that stewards give may hold signs that Spark reads."""
    return f"c{place}"


def _write_plainly(column: Column, *, month_first: bool) -> Column:
    """Write dates as year-month-day, which can be read but one way."""
    if several.is_several(column):
        flat = _write_plainly(column.flatten(), month_first=month_first)
        lengths = pc.fill_null(pc.list_value_length(column), 0)
        ends = pc.cumulative_sum(pa.concat_arrays([pa.array([0], pa.int32()), lengths]))
        return pa.ListArray.from_arrays(ends, flat)
    coded = pc.dictionary_encode(pc.fill_null(column, ""))
    parts = date_texts.read_all(coded.dictionary.to_pylist(), month_first=month_first)
    plain = [f"{year:04d}-{month:02d}-{day:02d}" if year else "" for year, month, day in parts]
    return pa.array(plain, pa.string()).take(coded.indices)


@dataclass(frozen=True)
class _Seen:
    """What was seen of a column: addresses read and written, and whether a street was."""

    says_something: bool = False
    read: int = 0
    written: int = 0
    streets: bool = False

    def __add__(self, other: "_Seen") -> "_Seen":
        return _Seen(
            self.says_something or other.says_something,
            self.read + other.read,
            self.written + other.written,
            self.streets or other.streets,
        )


SEEN = "field string, says_something boolean, read long, written long, streets boolean"


def survey(kinds: Mapping[str, Kind]) -> Step:
    """Make the step that looks what each column holds, a row of `SEEN` for each."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            seen = {
                name: _look(kind, batch.column(place))
                for place, (name, kind) in enumerate(kinds.items())
            }
            rows = [{"field": name, **vars(one)} for name, one in seen.items()]
            yield pa.RecordBatch.from_pylist(rows)

    return step


def _look(kind: Kind, column: Column) -> _Seen:
    says = records.says_something(column)
    if kind.name != "place" or not says:
        return _Seen(says)
    field = kind.read(column)
    places, streets = several.values_of(field), records.streets_of(field)
    if not isinstance(places, Places) or streets is None:
        return _Seen(says)
    return _Seen(says, *places.read_of_written, records.says_something(streets))


VOTES = "votes long"


def vote(batches: Batches) -> Batches:
    """Count how many more dates have the month first than the day: a row of `VOTES` by batch."""
    for batch in batches:
        votes = date_texts.count_month_first(batch.column(0).to_pylist())
        yield pa.RecordBatch.from_pydict({"votes": pa.array([votes], pa.int64())})


def decide(model: Model, subject: str, texts: Any, names: list[str]) -> Reading:
    """Decide how the columns of a Spark table are read.

    Raises:
        NothingToCompare: no column holds anything.
    """
    from pyspark.sql import functions as f

    kinds = {name: model.kind_of(subject, name) for name in names}
    columns = [column_of(place) for place in range(len(names))]
    rows = texts.select(columns).mapInArrow(survey(kinds), SEEN).collect()
    seen = dict.fromkeys(names, _Seen())
    for row in rows:
        seen[row["field"]] += _Seen(*row[1:])
    chosen: dict[str, Kind] = {}
    for name in (name for name in names if seen[name].says_something):
        one, text = seen[name], model.kinds["text"]
        unread = kinds[name].name == "place" and one.read < READ_AS_PLACES * max(1, one.written)
        chosen[name] = text if unread else kinds[name]
        if one.streets and not unread and f"{name}{STREET}" not in names:
            chosen[f"{name}{STREET}"] = text
    if not chosen:
        raise errors.NothingToCompare("None of the mapped columns holds a value.")
    month_first = {}
    for name in (name for name, kind in chosen.items() if kind.name == _DATE):
        own = column_of(names.index(name))
        is_list = dict(texts.dtypes)[own].startswith("array")
        column = f.explode(own) if is_list else f.col(own)
        different = texts.select(column.alias(own)).dropna().distinct()
        counted = different.mapInArrow(vote, VOTES).groupBy().sum("votes").collect()
        month_first[name] = (counted[0][0] or 0) > 0
    return Reading(names, chosen, month_first)
