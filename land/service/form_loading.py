"""Records the rows of the clean-up form: a first registration for each parcel, once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.errors import RegisterError
from land import values
from land.rules import form_registrations, form_rows
from land.service import loading
from land.service.first_registration import Given
from land.service.loading import Loaded
from land.values.forms import Cells, FormOutcome, FormRow


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
    provinces: Mapping[str, str],
    on: date,
) -> list[FormOutcome]:
    """Register the parcels that the register does not hold yet: one change, or none.

    A parcel that cannot be registered is refused alone.

    Args:
        act: of the change.
        parcels: the rows of each parcel.
        provinces: province by commune, since the reform.
        on: day of the load; parcels without a day of issue hold from it on.

    Returns:
        what became of each parcel, in the order given.
    """
    read = [_read(rows, provinces, on=on) for rows in parcels]
    given = [one for one in read if isinstance(one, Given)]
    loaded = iter(
        loading.load(
            session, act=act, name="form.loaded", given=given, on=on, is_same=_says_the_same
        )
    )
    return [
        _outcome(one.registration.parcel.parcel_id, next(loaded)) if isinstance(one, Given) else one
        for one in read
    ]


def _read(
    rows: Sequence[FormRow], provinces: Mapping[str, str], *, on: date
) -> Given | FormOutcome:
    try:
        province_code = provinces[str(rows[0].cells["commune_code"])]
        made = form_registrations.build(rows, province_code=province_code)
        return Given(made, form_registrations.day_of(rows, otherwise=on))
    except RegisterError as refusal:
        return _outcome(rows[0].parcel_id, Loaded("refused", refusal))


def _says_the_same(
    made: values.FirstRegistration, held: values.Parcel, rights: Sequence[values.Right]
) -> bool:
    """Test whether the register holds the area and the holders of the form."""
    parties = {holder.party for right in rights for holder in right.holders}
    said = {holder.party for right in made.rights for holder in right.holders}
    return held.legal_area_m2 == made.parcel.legal_area_m2 and parties == said


def _outcome(parcel_id: str, loaded: Loaded) -> FormOutcome:
    if loaded.refusal is None:
        warnings = tuple(sorted({warning.rule for warning in loaded.warnings}))
        return FormOutcome(parcel_id, loaded.outcome, warnings=warnings)
    refusal = loaded.refusal
    problem = refusal.fields[0] if refusal.fields else None
    return FormOutcome(
        parcel_id,
        loaded.outcome,
        problem.rule if problem else refusal.code,
        problem.message if problem else refusal.message,
    )
