"""Frozen SQL shared by the migrations of several databases.

An asset is never edited once a migration that runs it has been released: a change is a new asset.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent


def read(name: str, **names: str) -> str:
    """Read an asset and put in names: `$schema$` becomes the value of `schema`, and so on."""
    sql = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    for placeholder, value in names.items():
        sql = sql.replace(f"${placeholder}$", value)
    return sql
