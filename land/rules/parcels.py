"""What is said of a parcel: its keys, its areas, what it is used for."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from databases.errors import FieldProblem
from land import errors, legal
from land.values.kinds import RestrictionKind
from land.values.parcels import LandUse, Parcel

_ID = re.compile(r"[0-9A-Z]{1,40}", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9A-Z]{12}", re.ASCII)
_USE_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


def is_id(text: str) -> bool:
    """Test whether a name of a record has the form that `require_id` asks for.

    Source:
        as for `require_id`.
    """
    return bool(_ID.fullmatch(text))


def require_id(text: str, *, field: str) -> str:
    """Refuse a name of a record that is not of capital letters and digits.

    Raises:
        WrongParcel: another shape.

    Source:
        No law: the register's own rule, so that names stand in paths of questions.
    """
    if not is_id(text):
        message = "A name has 1 to 40 capital letters A-Z and digits."
        raise errors.WrongParcel.of_field(field, "name.shape", message)
    return text


def require_parcel(parcel: Parcel) -> None:
    """Refuse a parcel whose keys have no form, or whose areas or uses contradict each other.

    Raises:
        WrongParcel: `fields` lists each problem.
        WrongLandUse: a line of use is wrong, see `require_uses`.

    Source:
        Law on Land 31/2024/QH15 art. 3 (a parcel is an area of land bounded on the map or the
        ground); Circular 09/2024/TT-BTNMT (twelve-sign identifier; recalled, so only its shape is
        checked where it is given).
    """
    require_id(parcel.parcel_id, field="parcel_id")
    problems = []
    if parcel.parcel_identifier and not _IDENTIFIER.fullmatch(parcel.parcel_identifier):
        message = "A parcel identifier has twelve capital letters or digits."
        problems.append(FieldProblem("parcel_identifier", "parcel_identifier.shape", message))
    if parcel.legal_area_m2 <= 0 or (parcel.measured_area_m2 or Decimal(1)) <= 0:
        problems.append(FieldProblem("legal_area_m2", "area.positive", "Areas are above zero."))
    if (parcel.old_commune_code is None) != (parcel.old_commune_version is None):
        message = "Give the old commune with the version of its code."
        problems.append(FieldProblem("old_commune_code", "commune.version", message))
    if parcel.shape is not None and parcel.survey is None:
        message = "A shape needs its survey: zone and accuracy."
        problems.append(FieldProblem("survey", "survey.required", message))
    if parcel.survey is not None and parcel.survey.accuracy_m <= 0:
        message = "A survey has an error above zero."
        problems.append(FieldProblem("survey", "survey.accuracy", message))
    if problems:
        raise errors.WrongParcel("Correct what is said of the parcel.", fields=problems)
    require_uses(parcel.uses, parcel.legal_area_m2)


def require_uses(uses: Sequence[LandUse], legal_area_m2: Decimal) -> None:
    """Refuse lines of use with unknown regimes or codes without form, or with too much area.

    Raises:
        WrongLandUse: at least one line is wrong.

    Source:
        Circular 08/2024/TT-BTNMT annex II (codes of three letters) and the lists before it, see
        `legal.LAND_USE_REGIMES`; Law on Land 31/2024/QH15 art. 9-10 (every use is of a parcel: the
        areas of its uses are parts of it).
    """
    for use in uses:
        if use.regime not in legal.LAND_USE_REGIMES:
            message = "Name a list of land uses that the register knows, such as 08/2024."
            raise errors.WrongLandUse.of_field("uses", "land_use.regime", message)
        if use.code is None and not use.text_as_written.strip():
            message = "Give the code of the use, or the words of the paper."
            raise errors.WrongLandUse.of_field("uses", "land_use.empty", message)
        if use.code is not None and not _USE_CODE.fullmatch(use.code):
            message = "A code of land use has three capital letters."
            raise errors.WrongLandUse.of_field("uses", "land_use.shape", message)
        if use.area_m2 is not None and use.area_m2 <= 0:
            message = "The area of a use is above zero."
            raise errors.WrongLandUse.of_field("uses", "land_use.area", message)
    total = sum((use.area_m2 for use in uses if use.area_m2 is not None), Decimal(0))
    if total > legal_area_m2:
        message = "The areas of the uses exceed the parcel's."
        raise errors.WrongLandUse.of_field("uses", "land_use.total", message)


def require_regime_in_force(uses: Sequence[LandUse], *, on: date) -> None:
    """Refuse a new use by a list of land uses that is not in force on the day.

    Raises:
        WrongLandUse: the list is not yet, or no longer, in force.

    Source:
        Circular 08/2024/TT-BTNMT, in force from 2024-08-01; Law on Land 31/2024/QH15 art. 121
        (change of purpose).
    """
    for use in uses:
        first, end = legal.LAND_USE_REGIMES[use.regime]
        if on < first or (end is not None and on >= end):
            message = "The list of land uses is not in force on the day."
            raise errors.WrongLandUse.of_field("uses", "land_use.regime_not_in_force", message)


def term_warnings(uses: Sequence[LandUse], *, on: date) -> tuple[FieldProblem, ...]:
    """Warn of uses whose term is longer than the law gives from the day on.

    Source:
        Law on Land 31/2024/QH15 art. 172 (50 years for agricultural land of individuals, at most 70
        for projects); art. 175 (extension) needs facts that the file does not state, so it warns.
    """
    problems = []
    for use in uses:
        is_bound = use.code in legal.TERM_BOUND_USES
        most = legal.AGRICULTURAL_TERM_YEARS if is_bound else legal.PROJECT_TERM_YEARS_MAX
        if use.term_until is not None and _is_longer(on, use.term_until, most.value):
            message = "The term of the use is longer than the law gives from this day."
            problems.append(FieldProblem("uses", "land_use.term", message))
    return tuple(problems)


def _is_longer(start: date, end: date, years: int) -> bool:
    return (end.year - start.year, end.month, end.day) > (years, start.month, start.day)


def require_areas_kept(
    befores: Sequence[Parcel], afters: Sequence[Parcel], *, tolerance_m2: Decimal
) -> None:
    """Refuse a split or merger after which there is more or less land than before.

    Args:
        befores: parcels that end.
        afters: parcels that come of them.
        tolerance_m2: by how much the surveys may err, square metres.

    Raises:
        AreaMismatch: the sums of the legal areas differ by more.

    Source:
        Law on Land 31/2024/QH15 art. 220 (split and merger of parcels); that the parts are the
        whole follows from the words, the tolerance is of the surveys (`topology.areas`).
    """
    total_before = sum((one.legal_area_m2 for one in befores), Decimal(0))
    total_after = sum((one.legal_area_m2 for one in afters), Decimal(0))
    if abs(total_before - total_after) > tolerance_m2:
        message = "The areas before and after differ by more than the surveys explain."
        raise errors.AreaMismatch.of_field("parcels", "area.sum", message)


def require_undisputed(restrictions: frozenset[RestrictionKind]) -> None:
    """Refuse to change parcels that are in dispute or attached.

    Raises:
        DisposalBlocked: a dispute or an attachment is in force.

    Source:
        Law on Land 31/2024/QH15 art. 45 cl. 1 and art. 220 cl. 1 (no dispute, no measure to secure
        a judgment; clause of art. 220 recalled).
    """
    if restrictions & legal.BLOCKS_DISPOSAL:
        message = "A dispute or an attachment stands on a parcel."
        raise errors.DisposalBlocked.of_field("parcels", "restriction.in_force", message)


def recovery_warnings(
    restrictions: frozenset[RestrictionKind], *, mortgages: int
) -> tuple[FieldProblem, ...]:
    """Warn of what stands on a parcel that the State recovers: others must be heard.

    Source:
        Law on Land 31/2024/QH15 art. 78-82 (grounds of recovery); Civil Code 91/2015/QH13 art. 327
        (a mortgage ends with its property). Neither makes recovery wait, so this warns.
    """
    problems = []
    if restrictions & legal.BLOCKS_DISPOSAL:
        message = "A dispute or an attachment stands on the parcel."
        problems.append(FieldProblem("parcel_id", "restriction.in_force", message))
    if mortgages:
        message = "A right over the parcel is mortgaged: tell the mortgagee."
        problems.append(FieldProblem("parcel_id", "mortgage.ends", message))
    return tuple(problems)
