"""The frames of the certificates of land: their numbers, and which rights they certify.

Numbers have the form of their time: one letter and six digits before 2009, two letters and six
digits until 2024, two letters and eight digits, with a code under the QR code, since 2025.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_country import columns, draws, estates
from sample_country.columns import Column, Frame
from sample_country.draws import Numbers
from sample_country.estates import Estates
from sample_country.parcel_shapes import Shapes

_TWO_LETTERS_SINCE = draws.day_number(date(2009, 12, 10))
_EIGHT_DIGITS_SINCE = draws.day_number(date(2025, 1, 1))
# First letters run with the years; the second one is drawn.
_FIRST_LETTERS = "BCD"
_FIRST_LETTER_YEARS = (2013, 2019)
_LETTERS = "ABCDEGHIKLMNPQRSTUVXY"
_MANY = 1_000_000
_STEP = 7_654_321  # coprime to the numbers of each form: a walk that meets none twice
_FORMS: list[str | None] = ["letter_6", "letters_6", "letters_8"]
_ISSUERS: list[str | None] = [
    "Ủy ban nhân dân cấp huyện",
    "Sở Tài nguyên và Môi trường",
    "Văn phòng đăng ký đất đai",
]
_UNNUMBERED_SHARE = 0.1  # parcels that have no certificate yet


def build(
    rng: np.random.Generator, own: Estates, shapes: Shapes, right: Column
) -> Mapping[str, Frame]:
    """Make the frames of certificates, by name of the table."""
    has_none = (own.kind == estates.PUBLIC) | (rng.random(own.count) < _UNNUMBERED_SHARE)
    rows = np.flatnonzero(~has_none)
    since = own.since[rows]
    certificate = pc.replace_substring(right.take(pa.array(rows)), "QD", "GCN")
    form = np.select([since < _TWO_LETTERS_SINCE, since < _EIGHT_DIGITS_SINCE], [0, 1], 2)
    letters, number, width = _numbers(rng, since, form)
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), width=8, padding="0")
    digits = pc.if_else(pa.array(width == 8), digits, pc.utf8_slice_codeunits(digits, 2))
    book = columns.digits(rng.integers(1, 99_999, len(rows)), 5)
    certificates = columns.pick_frame(
        {
            "certificate_id": certificate,
            "issue_number": pc.binary_join_element_wise(letters, digits, ""),
            "number_form": columns.words(_FORMS, form),
            "number_as_written": pc.binary_join_element_wise(letters, digits, " "),
            "register_number": pc.binary_join_element_wise(
                columns.words(["CH", "CS", "VP"], form), book, " "
            ),
            "qr_code": pc.if_else(
                pa.array(form == 2), columns.digits(np.arange(len(rows)) + 10**14, 15), None
            ),
            "issued_on": columns.days(since),
            "issued_by": columns.words(
                [
                    "Ủy ban nhân dân cấp huyện",
                    "Sở Tài nguyên và Môi trường",
                    "Văn phòng đăng ký đất đai",
                ],
                form,
            ),
            "status": columns.same("in_force", len(rows)),
        }
    )
    certified = columns.pick_frame(
        {
            "certificate_id": certificate,
            "right_id": right.take(pa.array(rows)),
            "map_sheet_no": pa.array(shapes.sheet[rows]).cast(pa.string()),
            "parcel_no": pa.array(shapes.number[rows]).cast(pa.string()),
        }
    )
    is_open = np.ones(len(rows), dtype=np.bool_)
    return {
        "certificate": columns.with_period(certificates, since, since, is_open),
        "certificate_right": columns.with_period(certified, since, since, is_open),
    }


def _numbers(
    rng: np.random.Generator, since: Numbers, form: Numbers
) -> tuple[Column, Numbers, Numbers]:
    """Draw letters and numbers, none of them twice.

    Returns:
        letters, number and how many digits it is written with.
    """
    years = draws.years_of(since)
    first = np.digitize(years, _FIRST_LETTER_YEARS)
    group = np.where(form == 1, 1 + first, np.where(form == 0, 0, 4))
    rank = np.zeros(len(since), dtype=np.int64)
    for one in range(5):
        rows = np.flatnonzero(group == one)
        rank[rows] = np.arange(len(rows))
    digits = np.where(form == 2, 100 * _MANY, _MANY)
    place = (int(rng.integers(1, _MANY)) + rank * _STEP) % (len(_LETTERS) * digits)
    second = place // digits
    letters = [
        _LETTERS[b] if f == 0 else ("A" if f == 2 else _FIRST_LETTERS[a]) + _LETTERS[b]
        for a, b, f in zip(first.tolist(), second.tolist(), form.tolist(), strict=True)
    ]
    return pa.array(letters, type=pa.string()), place % digits, np.where(form == 2, 8, 6)
