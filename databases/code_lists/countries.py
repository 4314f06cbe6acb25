"""Reads the countries of ISO 3166-1 with their names from the Unicode locale data in Babel."""

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import babel
from babel import localedata

from databases.code_lists import package_files, values

# Reserved or private codes that the locale data names but ISO 3166-1 does not assign.
_NOT_ASSIGNED = frozenset(
    "AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split()  # noqa: SIM905 a list reads worse
)
_SOURCE = "vi.dat"


def read_countries() -> Iterator[values.Code]:
    """Read every assigned alpha-2 code with its Vietnamese and English name."""
    vietnamese = babel.Locale("vi").territories
    english = babel.Locale("en").territories
    for code in sorted(vietnamese):
        if len(code) == 2 and code.isalpha() and code not in _NOT_ASSIGNED:
            yield values.Code(
                "country",
                "2020",
                code,
                vietnamese[code],
                kind="country",
                source_name=_SOURCE,
                attributes={"name_en": english[code]},
            )


def read_source() -> values.SourceFile:
    """Describe the locale data that the names come from."""
    path = Path(localedata.__file__).parent / "locale-data" / _SOURCE
    return package_files.describe("babel", importlib.metadata.version("babel"), path)
