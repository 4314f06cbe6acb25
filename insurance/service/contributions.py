"""Acts on contribution months."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from insurance import errors, tables
from insurance.repository import rows, saving, states
from insurance.rules import participation
from insurance.values import Contribution, Scheme

_PAID = "A month of this scheme is recorded as paid already; correct it instead."


def register_contributions(
    session: Session, *, act: Act, contributions: Sequence[Contribution]
) -> Recorded:
    """Record whole months paid, of any number of participants, in one change.

    Args:
        contributions: at least one; `participant_no` may be a merged or a personal number.

    Returns:
        the change, under the first participant's number; warnings of salaries outside of bounds
        that are not certain.

    Raises:
        WrongContribution: none is given, or one is not for whole months above zero.
        SalaryOutsideBounds: below the floor or above the cap of a first month.
        MonthAlreadyPaid: a month of a scheme is recorded already, or given twice.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    if not contributions:
        raise errors.WrongContribution("Give at least one contribution.")
    for one in contributions:
        participation.require_whole_months(one)
    change = ledger.open_act(session, tables.ledger, act, "contributions.registered")
    prepared = []
    warnings: dict[FieldProblem, None] = {}
    for one in contributions:
        # Months before the birth was known better, or after a death, may still be paid late.
        state = states.get_participant(session, one.participant_no, one.first_month)
        row = rows.contribution_columns(one) | {"participant_no": state.participant_no}
        prepared.append({**row, "valid": periods.period(one.first_month, one.end_month)})
        found = participation.require_salary(one.scheme, one.salary_amount, on=one.first_month)
        warnings.update(dict.fromkeys(found))
    refusal = errors.MonthAlreadyPaid(_PAID)
    saving.add(session, tables.contribution, prepared, change=change, refusal=refusal)
    return Recorded(change, prepared[0]["participant_no"], tuple(warnings))


def correct_contribution(session: Session, *, act: Act, contribution: Contribution) -> Recorded:
    """Correct the salary of months that were recorded wrongly; other months stay.

    Raises:
        WrongContribution: not whole months above zero.
        SalaryOutsideBounds: below the floor or above the cap of the first month.
        NothingToAmend: none of these months is recorded.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    participation.require_whole_months(contribution)
    change = ledger.open_act(session, tables.ledger, act, "contribution.corrected")
    first = contribution.first_month
    warnings = participation.require_salary(
        contribution.scheme, contribution.salary_amount, on=first
    )
    state = states.get_participant(session, contribution.participant_no, first)
    columns = rows.contribution_columns(contribution) | {"participant_no": state.participant_no}
    key = {name: columns[name] for name in versions.key_of(tables.contribution)}
    versions.amend(
        session,
        tables.contribution,
        key,
        columns,
        valid=periods.period(first, contribution.end_month),
        change=change,
    )
    return Recorded(change, state.participant_no, warnings)


def annul_contribution(
    session: Session,
    *,
    act: Act,
    participant_no: str,
    scheme: Scheme,
    unit_code: str,
    first_month: date,
    end_month: date,
) -> Recorded:
    """Take back months that were never paid.

    Args:
        first_month: first day of the first month.
        end_month: first day of the month after the last one.

    Raises:
        WrongContribution: the bounds are not those of whole months.
        NothingToAmend: none of these months is recorded.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    meant = Contribution(participant_no, scheme, unit_code, first_month, end_month, 1)
    participation.require_whole_months(meant)
    change = ledger.open_act(session, tables.ledger, act, "contribution.annulled")
    state = states.get_participant(session, participant_no, first_month)
    key = {
        "participant_no": state.participant_no,
        "scheme": scheme.value,
        "unit_code": unit_code,
    }
    days = periods.period(first_month, end_month)
    if not versions.close(session, tables.contribution, key, valid=days, change=change):
        raise versions.NothingToAmend("None of these months is recorded.")
    return Recorded(change, state.participant_no)
