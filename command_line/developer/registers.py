"""Describes a database by what its code says of it: datasets, fields, tables, columns."""

import importlib
import inspect
from collections.abc import Iterator

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects import postgresql

from command_line.developer import markdown
from databases import settings
from databases.changes import versions
from databases.datasets import Dataset
from sharing_api.disclosure import catalogue

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
_FIELD_HEADS = (
    *("field", "title in the law", "type", "codes of", "sensitivity"),
    *("formats", "made from", "meaning", "source"),
)


def render(database: str) -> str:
    """Write the document of one database."""
    package = "sharing_api" if database == settings.EXCHANGE else database
    module = importlib.import_module(f"{package}.tables")
    metadata: MetaData = module.metadata
    source = "docstring, datasets, and comments of tables and columns"
    about = inspect.getdoc(importlib.import_module(package)) or ""
    lines = markdown.title(f"The database `{database}`", f"`{package}/`: {source}")
    lines += [about, ""]
    for name, dataset in catalogue.DATASETS.items():
        if dataset.register == database:
            lines += _dataset(name, dataset)
    lines += ["## Tables", "", *_legend(metadata)]
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        lines += _table(table)
    return markdown.document(lines)


def _dataset(name: str, dataset: Dataset) -> list[str]:
    territory = ", ".join(map(markdown.code, dataset.territory_of)) or "nothing: it has no place"
    lines = [
        f"## Dataset `{name}`",
        "",
        f"Asked for by `{dataset.key}`. Answers conform to the standard "
        f"`{dataset.standard}/{dataset.standard_version}`. "
        f"A territory in an agreement is compared with: {territory}.",
        "",
        *markdown.table(
            _FIELD_HEADS,
            (
                (
                    markdown.code(one.name),
                    one.title_vi,
                    one.type,
                    markdown.code(one.code_list or ""),
                    one.sensitivity,
                    ", ".join(one.formats),
                    ", ".join(map(markdown.code, one.sources)),
                    one.description,
                    one.law_item,
                )
                for one in dataset.fields.values()
            ),
        ),
    ]
    if not dataset.predicates:
        return [*lines, "It cannot be searched.", ""]
    return [*lines, f"Searches of `{name}`:", "", *_predicates(dataset)]


def _predicates(dataset: Dataset) -> list[str]:
    return markdown.table(
        ("predicate", "type", "how it compares", "reveals", "only beside one of"),
        (
            (
                markdown.code(one.name),
                one.type,
                one.description,
                ", ".join(map(markdown.code, one.fields)),
                ", ".join(map(markdown.code, one.needs)),
            )
            for one in dataset.predicates.values()
        ),
    )


def _legend(metadata: MetaData) -> Iterator[str]:
    if any(versions.KEY in table.info for table in metadata.tables.values()):
        yield (
            "A *versioned* table keeps every version of its records; `valid`, `from_change` and "
            "`to_change` say when it holds in the world and since and until which change the "
            "register holds it (docs/adr/0001-ledger-of-numbered-changes.md)."
        )
        yield ""


def _table(table: Table) -> list[str]:
    key = table.info.get(versions.KEY)
    names = ", ".join(map(markdown.code, key or (one.name for one in table.primary_key)))
    kind = f"Versioned; a record is named by {names}." if key else f"Key: {names}."
    return [
        f"### `{table.name}`",
        "",
        f"{_sentence(table.comment)} {kind}",
        "",
        *markdown.table(
            ("column", "type", "may be null", "meaning"),
            (
                (
                    markdown.code(one.name),
                    one.type.compile(dialect=_DIALECT).lower(),
                    "yes" if one.nullable else "",
                    one.comment or "",
                )
                for one in table.columns
            ),
        ),
    ]


def _sentence(comment: str | None) -> str:
    text = (comment or "").strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
