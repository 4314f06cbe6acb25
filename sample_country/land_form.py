"""The 49-column form of the land clean-up, filled in from the sample country, with named dirt.

One row for each certificate, parcel and holder. What is wrong with a row is known: `Row.dirt` names
it, so that a load can be held against it.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from sample_country import estates
from sample_country.country import Country, Topic

# The form has no columns 21 and 22; O and P stand between 13 and 14.
HEADER: Final[Mapping[str, str]] = {
    "commune_code": "(1) Mã xã",
    "issue_number": "(2) Số phát hành GCN",
    "issued_on": "(3) Ngày cấp",
    "register_number": "(4) Số vào sổ",
    "organisation_name": "(5) Tên tổ chức",
    "organisation_id": "(6) Mã định danh tổ chức",
    "holder_name": "(7) Họ và tên",
    "birth_date": "(8) Ngày sinh",
    "sex": "(9) Giới tính",
    "pin": "(10) Số định danh cá nhân",
    "permanent_address": "(11) Địa chỉ thường trú",
    "legal_form": "(12) Hình thức pháp lý",
    "role": "(13) Vai trò",
    "current_user_name": "(O) Người sử dụng hiện nay",
    "current_user_id": "(P) Số định danh người sử dụng hiện nay",
    "current_address": "(14) Địa chỉ hai cấp",
    "change_reason": "(15) Lý do thay đổi",
    "parcel_identifier": "(16) Mã định danh thửa đất",
    "sheet_on_paper": "(17) Tờ bản đồ trên GCN",
    "parcel_on_paper": "(18) Số thửa trên GCN",
    "sheet_on_map": "(19) Tờ bản đồ địa chính",
    "parcel_on_map": "(20) Số thửa địa chính",
    "parcel_address": "(23) Địa chỉ thửa đất",
    "parcel_area": "(24) Diện tích thửa đất",
    **{
        f"use_{line}_{what}": f"({25 + 5 * (line - 1) + place}) {title} {line}"
        for line in (1, 2, 3)
        for place, (what, title) in enumerate(
            (
                ("kind", "Loại đất"),
                ("area", "Diện tích"),
                ("origin", "Nguồn gốc"),
                ("form", "Hình thức sử dụng"),
                ("term", "Thời hạn"),
            )
        )
    },
    "assets": "(40) Tài sản gắn liền với đất",
    "house_name": "(41) Tên nhà, căn hộ",
    "flat_no": "(42) Số căn hộ",
    "built_area": "(43) Diện tích xây dựng",
    "floor_area": "(44) Diện tích sàn",
    "house_form": "(45) Hình thức sở hữu",
    "house_term": "(46) Thời hạn sở hữu",
    "house_class": "(47) Loại nhà",
    "house_grade": "(48) Cấp nhà",
    "scan": "(49) Tên tệp quét",
}

DIRTS: Final[Mapping[str, str]] = {
    "certificate_label": "words stand before the issue number",
    "certificate_stuck": "the label SO is joined to the issue number",
    "certificate_separators": "dots part the digits of the issue number",
    "certificate_lookalike": "a letter O stands for a zero in the issue number",
    "certificate_missing": "there is no issue number",
    "certificate_unreadable": "there are words instead of an issue number",
    "birth_year_only": "the birth date is a year",
    "organisation_tax_code": "the id of the organisation is N/A- and its tax code",
    "organisation_unknown": "the organisation has no id",
    "pin_missing": "there is no personal number",
    "pin_nine_digits": "an old card number stands for the personal number",
    "pin_short": "a digit of the personal number is missing",
    "numbers_swapped": "sheet and parcel number of the certificate are swapped",
    "purpose_words": "the land use is in free words",
    "purpose_combined": "two codes of land use stand in one cell",
    "area_comma": "the area is written with a comma",
    "date_impossible": "the calendar does not have the day of issue",
    "area_words": "the area is in words",
    "commune_unknown": "no list has the code of the commune",
    "holder_missing": "neither a person nor an organisation is named",
}

Cells = dict[str, str]


@dataclass(frozen=True)
class Row:
    """A row of the form, and the names of what is wrong with it."""

    cells: Mapping[str, str]
    dirt: tuple[str, ...] = field(default=())


def _swap_numbers(cells: Cells) -> None:
    paper = cells["sheet_on_paper"], cells["parcel_on_paper"]
    cells["parcel_on_paper"], cells["sheet_on_paper"] = paper


def _set(name: str, change: Callable[[str], str]) -> Callable[[Cells], None]:
    def soil(cells: Cells) -> None:
        cells[name] = change(cells[name])

    return soil


# Dirt of all rows of a certificate, of one holder, of an organisation: weight and what it does.
_OF_PAPER: Final[Mapping[str, tuple[float, Callable[[Cells], None]]]] = {
    "certificate_label": (0.05, _set("issue_number", lambda text: f"Số phát hành: {text}")),
    "certificate_stuck": (0.03, _set("issue_number", lambda text: "SO" + text.replace(" ", ""))),
    "certificate_separators": (
        0.05, _set("issue_number", lambda text: f"{text[:3]}{text[3:6]}.{text[6:]}".lower()),
    ),
    "certificate_lookalike": (
        0.02, _set("issue_number", lambda text: f"{text[:3]}{text[3:].replace('0', 'O')}"),
    ),
    "certificate_missing": (0.08, _set("issue_number", lambda _: "")),
    "certificate_unreadable": (0.02, _set("issue_number", lambda _: "không rõ")),
    "numbers_swapped": (0.02, _swap_numbers),
    "purpose_words": (0.06, _set("use_1_kind", lambda _: "đất thổ cư")),
    "purpose_combined": (0.03, _set("use_1_kind", lambda _: "ONT+CLN")),
    "area_comma": (0.1, _set("parcel_area", lambda text: text.replace(".", ","))),
    "date_impossible": (0.01, _set("issued_on", lambda _: "31/02/2015")),
    "area_words": (0.01, _set("parcel_area", lambda text: f"khoảng {text}")),
    "commune_unknown": (0.01, _set("commune_code", lambda _: "99999")),
}  # fmt: skip
_OF_PERSON: Final[Mapping[str, tuple[float, Callable[[Cells], None]]]] = {
    "birth_year_only": (0.87, _set("birth_date", lambda text: text[-4:])),
    "pin_missing": (0.03, _set("pin", lambda _: "")),
    "pin_nine_digits": (0.03, _set("pin", lambda text: text[-9:])),
    "pin_short": (0.01, _set("pin", lambda text: text[:-1])),
    "holder_missing": (0.01, _set("holder_name", lambda _: "")),
}
_OF_ORGANISATION: Final[Mapping[str, tuple[float, Callable[[Cells], None]]]] = {
    "organisation_tax_code": (0.7, _set("organisation_id", lambda text: f"N/A-{text}")),
    "organisation_unknown": (0.2, _set("organisation_id", lambda _: "")),
}


def fill_in(drawn: Country, *, rows: int) -> list[Row]:
    """Fill in the form for some parcels of a country.

    Args:
        drawn: a country with at least as many holders.
        rows: how many rows; a couple has two.
    """
    rng = drawn.randomness(Topic.LAND_FORM)
    own = drawn.all_estates
    may = np.flatnonzero((own.holder >= 0) | (own.firm >= 0))
    # Firms are few: the form of a ward names more of them than a whole country does.
    is_firm = own.firm[may] >= 0
    order = rng.permutation(may)
    some_firms = rng.permutation(may[is_firm])[: rows // 18]
    order = np.concatenate([some_firms, order[~np.isin(order, some_firms)]])
    filled: list[Row] = []
    for parcel in order.tolist():
        of_parcel = _rows_of_parcel(rng, drawn, parcel)
        # The last row is of somebody who holds alone: no couple is torn apart.
        if len(filled) + len(of_parcel) <= rows:
            filled += of_parcel
        if len(filled) == rows:
            break
    return filled


def _rows_of_parcel(rng: np.random.Generator, drawn: Country, parcel: int) -> list[Row]:
    own = drawn.all_estates
    paper, dirt = _soil(rng, _paper_cells(rng, drawn, parcel), _OF_PAPER)
    if own.firm[parcel] >= 0:
        firm = int(own.firm[parcel])
        cells = paper | {
            "organisation_name": str(drawn.firm_names[firm].as_py()),
            "organisation_id": f"{drawn.all_firms.code[firm]:010d}",
            "role": "Tổ chức",
        }
        cells, more = _soil(rng, cells, _OF_ORGANISATION)
        return [Row(cells, dirt + more)]
    holders = [int(own.holder[parcel]), int(own.second_holder[parcel])]
    found = []
    for person in (one for one in holders if one >= 0):
        cells, more = _soil(
            rng, paper | _person_cells(drawn, person, is_couple=holders[1] >= 0), _OF_PERSON
        )
        found.append(Row(cells, dirt + more))
    return found


def _paper_cells(rng: np.random.Generator, drawn: Country, parcel: int) -> Cells:
    own, places = drawn.all_estates, drawn.places
    commune = int(own.commune[parcel])
    number = 100_000 + parcel % 900_000
    sheet, place = parcel % 40 + 1, parcel % 997 + 1
    area = f"{60 + int(rng.integers(0, 9000)) / 10:.1f}"
    is_home = own.kind[parcel] == estates.HOME
    day = np.datetime64(int(own.since[parcel]), "D").item()
    cells = dict.fromkeys(HEADER, "")
    return cells | {
        "commune_code": str(places.new_code[own.new_commune[parcel]]),
        "issue_number": f"C{'BDEHKLMP'[parcel // 900_000 % 8]} {number}",
        "issued_on": f"{day:%d/%m/%Y}",
        "register_number": f"CH {parcel % 90_000:05d}",
        "sheet_on_paper": str(sheet),
        "parcel_on_paper": str(place),
        "sheet_on_map": str(sheet),
        "parcel_on_map": str(place),
        "parcel_address": str(places.commune_text[commune]),
        "parcel_area": area,
        "use_1_kind": "ONT" if is_home else "CLN",
        "use_1_area": area,
        "use_1_origin": "Công nhận quyền sử dụng đất",
        "use_1_form": "Sử dụng riêng",
        "use_1_term": "Lâu dài" if is_home else "50 năm",
        "scan": f"GCN_{parcel:07d}.pdf",
    }


def _person_cells(drawn: Country, person: int, *, is_couple: bool) -> Cells:
    persons = drawn.persons
    is_man = persons.structure.sex[person] == 0
    day = np.datetime64(int(persons.born[person]), "D").item()
    home = int(persons.home[persons.structure.household[person]])
    return {
        "holder_name": str(persons.name.full[person]),
        "birth_date": f"{day:%d/%m/%Y}",
        "sex": "Nam" if is_man else "Nữ",
        "pin": f"{persons.pin[person]:012d}",
        "permanent_address": str(drawn.places.commune_text[home]),
        "legal_form": "Vợ chồng" if is_couple else "Cá nhân",
        "role": ("Chồng" if is_man else "Vợ") if is_couple else "Cá nhân",
    }


def _soil(
    rng: np.random.Generator,
    cells: Cells,
    dirts: Mapping[str, tuple[float, Callable[[Cells], None]]],
) -> tuple[Cells, tuple[str, ...]]:
    """Soil cells; at most one dirt for each cell, so that every name stays true."""
    cells = dict(cells)
    dirt: list[str] = []
    for name, (share, soil) in dirts.items():
        before = dict(cells)
        if rng.random() >= share or any(_shares_cell(name, one) for one in dirt):
            continue
        soil(cells)
        if cells != before:
            dirt.append(name)
    return cells, tuple(dirt)


def _shares_cell(name: str, other: str) -> bool:
    """Tell whether two dirts soil the same cell: they begin with the same word."""
    return name.partition("_")[0] == other.partition("_")[0]


def write(rows: list[Row], path: Path) -> Path:
    """Write the form, and beside it what is wrong with each line.

    Returns:
        path of the list of dirt.
    """
    beside = path.with_suffix(".dirt.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.values())
        writer.writerows([row.cells[name] for name in HEADER] for row in rows)
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "dirt", "meaning"))
        for line, row in enumerate(rows, start=2):
            writer.writerows((line, dirt, DIRTS[dirt]) for dirt in row.dirt)
    return beside
