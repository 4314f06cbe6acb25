"""Reading a row of the clean-up form: normalised where certain, flagged where not."""

import functools
import hashlib
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from databases import vietnamese
from databases.identifiers import EnterpriseCode, MalformedIdentifier, Pin
from land import errors
from land.rules import certificates
from land.values.forms import Cells, FormRow
from land.values.kinds import HolderRole, LandOrigin
from land.values.parcels import LandUse
from land.values.parties import Party

_REGIME = "08/2024"
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_CODES = re.compile(r"[A-Z]{3}(\s*[+,;]\s*[A-Z]{3})*", re.ASCII)
_TAX_CODE_PREFIX = re.compile(r"^N\s*/\s*A\s*[-–]?\s*", re.IGNORECASE)
_OLD_CARD = re.compile(r"[0-9]{9}", re.ASCII)
_LINES = (1, 2, 3)
_ROLES = {
    "chong": HolderRole.HUSBAND,
    "vo": HolderRole.WIFE,
    "chu ho": HolderRole.HOUSEHOLD_HEAD,
    "thanh vien": HolderRole.MEMBER,
    "dai dien": HolderRole.REPRESENTATIVE,
    "to chuc": HolderRole.ORGANISATION,
    "ca nhan": HolderRole.INDIVIDUAL,
}
_ORIGINS = {
    "cong nhan": LandOrigin.RECOGNISED_FOR_FEE,
    "giao dat co thu": LandOrigin.ALLOCATED_FOR_FEE,
    "giao dat khong thu": LandOrigin.ALLOCATED_FREE,
    "nhan chuyen nhuong": LandOrigin.TRANSFERRED,
    "nhan thua ke": LandOrigin.INHERITED,
    "nhan tang cho": LandOrigin.GIVEN,
}


def read_row(line: int, cells: Cells) -> FormRow:
    """Read a row; what is certain is brought into its normal form, what is not is flagged.

    Raises:
        WrongParcel: the area is missing or no number, or nobody is named. The row cannot stand in
            the register then; everything else is kept with a flag.

    Source:
        No law: the columns of the form as wards filled it in (domain facts of the clean-up of 2025,
        third-party). Certificate numbers as `certificates.read_number`.
    """
    area, flags = _read_area(cells.get("parcel_area"))
    issued_on, more = _read_day(cells.get("issued_on"))
    birth, birth_flags = _read_birth(cells.get("birth_date"))
    number = certificates.read_number(cells.get("issue_number") or "")
    uses, use_flags = _read_uses(cells)
    parcel_id = name_parcel(cells)
    party, name, party_flags = _read_party(cells, parcel_id)
    return FormRow(
        line=line,
        cells=cells,
        parcel_id=parcel_id,
        party=party,
        name=name,
        role=_ROLES.get(_plain(cells.get("role")), HolderRole.INDIVIDUAL),
        birth_date=birth,
        area_m2=area,
        uses=uses,
        issued_on=issued_on,
        flags=(
            *(f"certificate.{flag}" for flag in number.flags),
            *flags,
            *more,
            *birth_flags,
            *use_flags,
            *party_flags,
            *_number_flags(cells),
        ),
    )


def name_parcel(cells: Cells) -> str:
    """Name a parcel by what identifies it in the form: commune, sheet, number, certificate.

    Sheets and numbers alone are not unique after mergers, so the certificate is part of it.

    Source:
        No law: the register's own names, the same for every load of the same rows.
    """
    number = certificates.read_number(cells.get("issue_number") or "").number
    said = (
        cells.get("commune_code"),
        cells.get("sheet_on_map") or cells.get("sheet_on_paper"),
        cells.get("parcel_on_map") or cells.get("parcel_on_paper"),
        number or cells.get("issue_number"),
    )
    return "PL3" + _digest(*said)


# The rows of a parcel follow each other and say of it the same: what was just read is remembered.
_remembered = functools.lru_cache(maxsize=4096)


@_remembered
def _digest(*said: str | None) -> str:
    text = "\x1f".join(part or "" for part in said)
    return hashlib.sha256(text.encode()).hexdigest()[:24].upper()


@_remembered
def _plain(text: str | None) -> str:
    return vietnamese.fold(text or "").strip().lower()


@_remembered
def _read_area(text: str | None) -> tuple[Decimal, tuple[str, ...]]:
    written = (text or "").replace(" ", "")
    try:
        area = Decimal(written.replace(",", "."))
    except InvalidOperation:
        area = Decimal(0)
    if not area.is_finite() or area <= 0:
        message = "The area of the parcel is a number of square metres above zero."
        raise errors.WrongParcel.of_field("parcel_area", "form.area", message)
    return area, ("area.comma",) if "," in written else ()


@_remembered
def _read_day(text: str | None) -> tuple[date | None, tuple[str, ...]]:
    if not text:
        return None, ("issued_on.missing",)
    found = _DAY.fullmatch(text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    return day, () if day else ("issued_on.unreadable",)


def _read_birth(text: str | None) -> tuple[str | None, tuple[str, ...]]:
    if text is None:
        return None, ()
    if _YEAR.fullmatch(text):
        return text, ("birth_date.year_only",)
    day, _ = _read_day(text)
    return (day.isoformat(), ()) if day else (None, ("birth_date.unreadable",))


def _read_uses(cells: Cells) -> tuple[tuple[LandUse, ...], tuple[str, ...]]:
    """Read up to three lines of use."""
    read = [
        _read_use(
            kind,
            cells.get(f"use_{line}_area"),
            cells.get(f"use_{line}_origin"),
            cells.get(f"use_{line}_form"),
        )
        for line in _LINES
        if (kind := cells.get(f"use_{line}_kind"))
    ]
    return tuple(use for use, _ in read), tuple(flag for _, flag in read if flag)


@_remembered
def _read_use(
    kind: str, area: str | None, origin: str | None, form: str | None
) -> tuple[LandUse, str | None]:
    """Read a line of use; a cell with two codes keeps them as words, flagged."""
    codes = re.split(r"[\s+,;]+", kind) if _CODES.fullmatch(kind) else []
    is_code = len(codes) == 1
    use = LandUse(
        regime=_REGIME,
        code=codes[0] if is_code else None,
        text_as_written=kind,
        area_m2=_read_area(area)[0] if area else None,
        origin=_origin(origin),
        is_common="chung" in _plain(form),
    )
    return use, None if is_code else "use.combined" if codes else "use.words"


@_remembered
def _origin(text: str | None) -> LandOrigin:
    plain = _plain(text)
    found = (origin for words, origin in _ORIGINS.items() if plain.startswith(words))
    return next(found, LandOrigin.UNKNOWN)


def _read_party(cells: Cells, parcel_id: str) -> tuple[Party, str, tuple[str, ...]]:
    """Refer to the holder by the best number that the row has; a name alone stays unidentified."""
    organisation, person = cells.get("organisation_name"), cells.get("holder_name")
    name = organisation or person
    if not name:
        message = "Neither a person nor an organisation is named."
        raise errors.WrongHolders.of_field("holder_name", "form.holder", message)
    if organisation:
        ref, flags = _organisation(cells.get("organisation_id"))
    else:
        ref, flags = _person(cells.get("pin"))
    ref = ref or f"unidentified:{_digest(parcel_id, name, cells.get('birth_date'))}"
    return Party.parse(ref), name, flags


def _organisation(text: str | None) -> tuple[str | None, tuple[str, ...]]:
    if not text:
        return None, ("organisation_id.missing",)
    bare = _TAX_CODE_PREFIX.sub("", text)
    flags = ("organisation_id.tax_code",) if bare != text else ()
    try:
        return f"enterprise:{EnterpriseCode.parse(bare).base}", flags
    except MalformedIdentifier:
        return None, (*flags, "organisation_id.unreadable")


def _person(text: str | None) -> tuple[str | None, tuple[str, ...]]:
    if not text:
        return None, ("pin.missing",)
    if _OLD_CARD.fullmatch(text):
        return f"document:VN:{text}", ("pin.old_card",)
    try:
        return f"pin:{Pin.parse(text).number}", ()
    except MalformedIdentifier:
        return None, ("pin.unreadable",)


def _number_flags(cells: Cells) -> tuple[str, ...]:
    """Flag sheets and numbers that differ between paper and map; both are kept."""
    paper = cells.get("sheet_on_paper"), cells.get("parcel_on_paper")
    map_ = cells.get("sheet_on_map"), cells.get("parcel_on_map")
    if paper == map_:
        return ()
    return ("numbers.swapped",) if paper == map_[::-1] else ("numbers.differ",)
