"""All SQL of the code lists: installs a catalogue into the tables of a database."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, Text, cast, column, func, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from databases import vietnamese
from databases.code_lists import catalogue as catalogues
from databases.code_lists import tables, values

_Row = dict[str, Any]
_Key = tuple[Any, ...]
Description = tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a table an installation touched.

    Args:
        added: rows that were not there.
        changed: rows whose content changed, or that came back.
        withdrawn: rows that their source no longer holds; they stay, marked.
        unchanged: rows that were there already.
    """

    added: int
    changed: int
    withdrawn: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What a changed source did to one version of a list.

    Args:
        list_code: name of the list.
        version: version of the list.
        old_sha256: hash of the content that was installed.
        new_sha256: hash of the content that is installed now.
        added: codes that are new.
        changed: codes whose row changed.
        withdrawn: codes that the source no longer holds.
    """

    list_code: str
    version: str
    old_sha256: str
    new_sha256: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """What an installation did.

    Args:
        code_lists: rows of the versions.
        codes: rows of the codes.
        successions: rows of the successions.
        source_changes: versions that were installed before with another content.
    """

    code_lists: Counts
    codes: Counts
    successions: Counts
    source_changes: tuple[SourceChange, ...]

    @property
    def has_written(self) -> bool:
        """Tell whether any row was touched."""
        counts = (self.code_lists, self.codes, self.successions)
        return any(one.added or one.changed or one.withdrawn for one in counts)


@dataclass(frozen=True, slots=True)
class _Difference:
    added: tuple[_Row, ...]
    changed: tuple[_Row, ...]
    withdrawn: tuple[_Key, ...]
    unchanged: int

    @property
    def counts(self) -> Counts:
        """Give the numbers only."""
        return Counts(len(self.added), len(self.changed), len(self.withdrawn), self.unchanged)

    @property
    def touched(self) -> bool:
        """Tell whether anything is to be written."""
        return bool(self.added or self.changed or self.withdrawn)


def install(
    session: Session, catalogue: catalogues.Catalogue, *, code_tables: tables.CodeListTables
) -> Installation:
    """Bring the tables to the content of the catalogue; a second call changes nothing.

    A code that a source no longer holds stays and is marked as withdrawn, because records refer to
    it. Codes read from other files than those of the catalogue, such as a steward's, are left.

    Args:
        session: session of the database.
        catalogue: the lists.
        code_tables: the tables to fill.

    Returns:
        Counts, and for every version that was there with another content what became of it.
    """
    held_lists = _select_rows(session, code_tables.code_list)
    wanted_codes = [_code_row(code) for code in catalogue.list_codes()]
    wanted_lists = _list_rows(catalogue, wanted_codes, held_lists)
    wanted_steps = [_succession_row(step) for step in catalogue.list_successions()]
    sources = {row["source_name"] for row in (*wanted_codes, *wanted_steps)}

    def is_ours(row: Mapping[str, Any]) -> bool:
        return row["source_name"] in sources

    lists = _compare(code_tables.code_list, held_lists, wanted_lists, lambda _: False)
    codes = _compare(
        code_tables.code, _select_rows(session, code_tables.code), wanted_codes, is_ours
    )
    held_steps = _select_rows(session, code_tables.code_succession)
    steps = _compare(code_tables.code_succession, held_steps, wanted_steps, is_ours)
    _save_lists(session, code_tables.code_list, lists, held_lists)
    _save(session, code_tables.code, codes)
    _save(session, code_tables.code_succession, steps)
    changes = _describe_changes(lists, held_lists, codes)
    return Installation(lists.counts, codes.counts, steps.counts, changes)


def describe(catalogue: catalogues.Catalogue) -> Description:
    """Describe the lists of a catalogue, for `is_installed`; once for many databases."""
    return tuple(_list_rows(catalogue, [_code_row(code) for code in catalogue.list_codes()], {}))


def is_installed(
    session: Session, described: Description, *, code_tables: tables.CodeListTables
) -> bool:
    """Tell by the hashes of the versions whether installing would find nothing to do.

    A version that a steward added files to counts as not installed: only `install` can tell.
    """
    table = code_tables.code_list
    return not _compare(
        table, _select_rows(session, table), list(described), lambda _: False
    ).touched


def _key_of(table: Table, row: _Row) -> _Key:
    return tuple(row[column.name] for column in table.primary_key)


def _select_rows(session: Session, table: Table) -> dict[_Key, _Row]:
    rows = [dict(row) for row in session.execute(select(table)).mappings()]
    return {_key_of(table, row): row for row in rows}


def _compare(
    table: Table,
    held: dict[_Key, _Row],
    wanted: list[_Row],
    may_withdraw: Callable[[Mapping[str, Any]], bool],
) -> _Difference:
    added, changed, seen = [], [], set()
    for row in wanted:
        key = _key_of(table, row)
        seen.add(key)
        old = held.get(key)
        if old is None:
            added.append(row)
        elif old.get("withdrawn") or any(old[name] != value for name, value in row.items()):
            changed.append(row)
    withdrawn = tuple(
        key
        for key, row in held.items()
        if key not in seen and may_withdraw(row) and not row["withdrawn"]
    )
    unchanged = len(wanted) - len(added) - len(changed)
    return _Difference(tuple(added), tuple(changed), withdrawn, unchanged)


def _save(session: Session, table: Table, difference: _Difference) -> None:
    rows = [{**row, "withdrawn": False} for row in (*difference.added, *difference.changed)]
    _upsert(session, table, rows)
    if difference.withdrawn:
        key = tuple_(*table.primary_key)
        session.execute(update(table).where(key.in_(difference.withdrawn)).values(withdrawn=True))


def _save_lists(
    session: Session, table: Table, difference: _Difference, held: dict[_Key, _Row]
) -> None:
    rows = [{**row, "earlier_content_sha256": []} for row in difference.added]
    for row in difference.changed:
        old = held[_key_of(table, row)]
        earlier = [*old["earlier_content_sha256"], old["content_sha256"]]
        rows.append({**row, "earlier_content_sha256": earlier})
    _upsert(session, table, rows)


def _upsert(session: Session, table: Table, rows: list[_Row]) -> None:
    """Write many rows in one statement: they travel as one JSON document."""
    if not rows:
        return
    names = [item.name for item in table.columns if item.name in rows[0]]
    document = json.dumps(rows, default=str, ensure_ascii=False)
    incoming = (
        func.jsonb_to_recordset(cast(literal(document, Text), postgresql.JSONB))
        .table_valued(*(column(name, table.columns[name].type) for name in names))
        .render_derived(name="incoming", with_types=True)
    )
    insert = postgresql.insert(table).from_select(names, select(*incoming.columns))
    others = {name: insert.excluded[name] for name in names if not table.columns[name].primary_key}
    session.execute(
        insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)
    )


def _describe_changes(
    lists: _Difference, held: dict[_Key, _Row], codes: _Difference
) -> tuple[SourceChange, ...]:
    changes = []
    for row in lists.changed:
        key = (row["list_code"], row["version"])

        def pick(rows: Iterable[_Row], key: _Key = key) -> tuple[str, ...]:
            return tuple(
                item["code"] for item in rows if (item["list_code"], item["version"]) == key
            )

        changes.append(
            SourceChange(
                list_code=row["list_code"],
                version=row["version"],
                old_sha256=held[key]["content_sha256"],
                new_sha256=row["content_sha256"],
                added=pick(codes.added),
                changed=pick(codes.changed),
                withdrawn=tuple(code[2] for code in codes.withdrawn if code[:2] == key),
            )
        )
    return tuple(changes)


def _list_rows(
    catalogue: catalogues.Catalogue, code_rows: list[_Row], held: Mapping[_Key, _Row]
) -> list[_Row]:
    """Describe the versions; a steward's files that are installed already stay in the description.

    The hash covers a steward's codes through the hash of their file only, so that installing the
    package data again, without that file at hand, changes nothing.
    """
    steps: dict[_Key, list[values.Succession]] = {}
    for step in catalogue.list_successions():
        steps.setdefault((step.list_code, step.new_version), []).append(step)
    codes: dict[_Key, list[_Row]] = {}
    for code in sorted(code_rows, key=lambda item: str(item["code"])):
        codes.setdefault((code["list_code"], code["version"]), []).append(code)
    rows = []
    for version in catalogue.list_versions():
        key = (version.list_code, version.version)
        row = dataclasses.asdict(version)
        row["confidence"] = version.confidence.value
        row["sources"] = _merge_sources(version.sources, held.get(key, {}).get("sources", []))
        stewards = {item["file_name"] for item in row["sources"] if _is_stewards(item)}
        content = [
            row,
            [code for code in codes.get(key, ()) if code["source_name"] not in stewards],
            [_succession_row(step) for step in steps.get(key, ())],
        ]
        text = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
        rows.append({**row, "content_sha256": hashlib.sha256(text.encode()).hexdigest()})
    return rows


def _is_stewards(source: _Row) -> bool:
    return bool(source["publisher"] == values.STEWARD)


def _merge_sources(wanted: tuple[values.SourceFile, ...], held: list[_Row]) -> list[_Row]:
    rows = [dataclasses.asdict(source) for source in wanted]
    names = {row["file_name"] for row in rows}
    rows += [row for row in held if _is_stewards(row) and row["file_name"] not in names]
    return sorted(rows, key=lambda row: str(row["file_name"]))


def _code_row(code: values.Code) -> _Row:
    return {
        "list_code": code.list_code,
        "version": code.version,
        "code": code.code,
        "name": code.name,
        "name_key": vietnamese.name_key(code.name),
        "level": code.level,
        "kind": code.kind,
        "parent_code": code.parent_code,
        "valid_from": code.valid_from,
        "valid_to": code.valid_to,
        "confidence": code.confidence.value,
        "source_name": code.source_name,
        "attributes": dict(code.attributes),
        "amendments": [
            {
                "since": item.since.isoformat(),
                "name": item.name,
                "kind": item.kind,
                "source": item.source,
                "confidence": item.confidence.value,
            }
            for item in code.amendments
        ],
    }


def _succession_row(step: values.Succession) -> _Row:
    return {
        "list_code": step.list_code,
        "old_version": step.old_version,
        "old_code": step.old_code,
        "new_version": step.new_version,
        "new_code": step.new_code,
        "relation": step.relation.value,
        "since": step.since,
        "confidence": step.confidence.value,
        "source_name": step.source_name,
    }
