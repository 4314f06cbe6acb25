"""Records the rows of the clean-up form: a first registration for each parcel, once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import errors as kernel_errors
from databases.changes.ledger import Act
from land import tables, values
from land.repository import states
from land.rules import form_registrations, form_rows
from land.service import registration
from land.values.forms import Cells, FormOutcome, FormRow

_OTHER = "register.holds_other_values"
_OTHER_SAID = "The register already holds this parcel with another area or other holders."


def read_form_row(line: int, cells: Cells) -> FormRow:
    """Read a row of the form; see `rules.form_rows.read_row` for what it raises."""
    return form_rows.read_row(line, cells)


def name_parcel(cells: Cells) -> str:
    """Name the parcel that a row is about; see `rules.form_rows.name_parcel`."""
    return form_rows.name_parcel(cells)


def load_form(
    session: Session,
    *,
    act: Act,
    parcels: Iterable[Sequence[FormRow]],
    provinces: dict[str, str],
    on: date,
) -> Iterator[FormOutcome]:
    """Register the parcels that the register does not hold yet.

    A parcel that cannot be registered is refused alone: its change is taken back, the others stay.

    Args:
        act: of each registration.
        parcels: the rows of each parcel.
        provinces: province by commune, since the reform.
        on: day of the load; parcels without a day of issue hold from it on.

    Returns:
        what became of each parcel, in the order given.
    """
    for rows in parcels:
        commune = str(rows[0].cells["commune_code"])
        try:
            made = form_registrations.build(rows, province_code=provinces[commune])
            day = form_registrations.day_of(rows, otherwise=on)
            yield _record(session, act, made, day, on)
        except kernel_errors.RegisterError as refusal:
            problem = refusal.fields[0] if refusal.fields else None
            yield FormOutcome(
                rows[0].parcel_id,
                "refused",
                problem.rule if problem else refusal.code,
                problem.message if problem else refusal.message,
            )


def _record(
    session: Session, act: Act, made: values.FirstRegistration, day: date, on: date
) -> FormOutcome:
    name = made.parcel.parcel_id
    if states.is_name_known(session, tables.parcel, name):
        held = states.get_parcel(session, name, on=on)
        rights = states.list_rights(session, "parcel_id", [name], on=on)
        parties = {holder.party for right in rights for holder in right.holders}
        said = {holder.party for right in made.rights for holder in right.holders}
        if held.legal_area_m2 == made.parcel.legal_area_m2 and parties == said:
            return FormOutcome(name, "unchanged")
        return FormOutcome(name, "refused", _OTHER, _OTHER_SAID)
    with session.begin_nested():
        recorded = registration.register_parcel(session, act=act, registration=made, on=day)
    warnings = tuple(sorted({warning.rule for warning in recorded.warnings}))
    return FormOutcome(name, "inserted", warnings=warnings)
