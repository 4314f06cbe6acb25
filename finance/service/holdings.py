"""Customs declarations in summary, and public assets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from finance import errors, tables, values
from finance.repository import rows, states
from finance.rules import holdings as rules
from finance.rules import taxes
from finance.service import acts


def register_customs_declaration(
    session: Session, *, act: Act, declaration: values.Declaration
) -> Recorded:
    """Record the summary of a customs declaration from its day on.

    Raises:
        DeclarationAlreadyRegistered: the number was recorded before.
        TaxpayerNotFound: the importer or exporter is no taxpayer on the day.
        MalformedBudgetCode, MalformedIdentifier, IncompleteRecord: it breaks a rule.
    """
    rules.require_declaration(declaration)
    change = ledger.open_act(session, tables.ledger, act, "customs_declaration.registered")
    number = declaration.declaration_no
    if states.is_known(session, tables.customs_declaration, {"declaration_no": number}):
        message = "A customs declaration of this number was registered before."
        raise errors.DeclarationAlreadyRegistered(message)
    columns = rows.declaration_columns(declaration)
    columns["taxpayer_code"] = _get_taxpayer_code(session, declaration)
    row = {**columns, "valid": periods.period(declaration.declared_on)}
    versions.add(session, tables.customs_declaration, [row], change=change)
    return Recorded(change, number)


def correct_customs_declaration(
    session: Session,
    *,
    act: Act,
    declaration_no: str,
    valid_from: date,
    valid_to: date | None,
    changes: Mapping[str, Any],
) -> Recorded:
    """Correct or complete a declaration, such as by its clearance, for the days of a period.

    Raises:
        DeclarationNotFound: no declaration of this number is registered on the first day.
        TaxpayerNotFound, MalformedIdentifier, IncompleteRecord: the result breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "customs_declaration.corrected")
    key = {"declaration_no": declaration_no}
    row = versions.find_on(session, tables.customs_declaration, key, valid_from)
    if row is None:
        raise errors.DeclarationNotFound("No declaration of this number on this day.")
    declaration = acts.replaced(rows.declaration_of(row), changes, fixed=("declaration_no",))
    rules.require_declaration(declaration)
    columns = rows.declaration_columns(declaration)
    columns["taxpayer_code"] = _get_taxpayer_code(session, declaration)
    valid = periods.period(valid_from, valid_to)
    versions.amend(session, tables.customs_declaration, key, columns, valid=valid, change=change)
    return Recorded(change, declaration_no)


def register_public_asset(session: Session, *, act: Act, asset: values.Asset) -> Recorded:
    """Record a public asset from the day of acquisition on.

    Raises:
        AssetAlreadyRegistered: the code was given before.
        BudgetUnitNotFound, BudgetUnitClosed: no open unit holds it on the day.
        MalformedBudgetCode, IncompleteRecord: it breaks a rule.
    """
    warnings = rules.require_asset(asset)
    change = ledger.open_act(session, tables.ledger, act, "public_asset.registered")
    if states.is_known(session, tables.public_asset, {"asset_code": asset.asset_code}):
        raise errors.AssetAlreadyRegistered("An asset of this code was registered before.")
    acts.require_open_unit(session, asset.unit_code, on=asset.acquired_on)
    row = {**rows.asset_columns(asset), "valid": periods.period(asset.acquired_on)}
    versions.add(session, tables.public_asset, [row], change=change)
    return Recorded(change, asset.asset_code, warnings)


def amend_public_asset(
    session: Session, *, act: Act, asset_code: str, on: date, changes: Mapping[str, Any]
) -> Recorded:
    """Change an asset from a day on: handed to another unit, enlarged, disposed of.

    Raises:
        AssetNotFound: no asset of this code is registered on the day.
        BudgetUnitNotFound, BudgetUnitClosed: no open unit holds it then.
        MalformedBudgetCode, IncompleteRecord: the result breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "public_asset.amended")
    warnings = _change_asset(session, asset_code, changes, days=(on, None), change=change)
    return Recorded(change, asset_code, warnings)


def correct_public_asset(
    session: Session,
    *,
    act: Act,
    asset_code: str,
    valid_from: date,
    valid_to: date | None,
    changes: Mapping[str, Any],
) -> Recorded:
    """Correct what was recorded wrongly of an asset for the days of a half-open period.

    Raises:
        AssetNotFound: no asset of this code is registered on the first day.
        BudgetUnitNotFound, BudgetUnitClosed: no open unit holds it then.
        MalformedBudgetCode, IncompleteRecord: the result breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "public_asset.corrected")
    days = (valid_from, valid_to)
    warnings = _change_asset(session, asset_code, changes, days=days, change=change)
    return Recorded(change, asset_code, warnings)


def _change_asset(
    session: Session,
    asset_code: str,
    changes: Mapping[str, Any],
    *,
    days: tuple[date, date | None],
    change: int,
) -> tuple[Any, ...]:
    key = {"asset_code": asset_code}
    row = versions.find_on(session, tables.public_asset, key, days[0])
    if row is None:
        raise errors.AssetNotFound("No asset of this code is registered on this day.")
    asset = acts.replaced(rows.asset_of(row), changes, fixed=("asset_code",))
    warnings = rules.require_asset(asset)
    acts.require_open_unit(session, asset.unit_code, on=days[0])
    columns = rows.asset_columns(asset)
    versions.amend(
        session, tables.public_asset, key, columns, valid=periods.period(*days), change=change
    )
    return warnings


def _get_taxpayer_code(session: Session, declaration: values.Declaration) -> str:
    asked = taxes.canonical_code(declaration.taxpayer_code)
    code = states.find_taxpayer_code(session, asked, on=declaration.declared_on)
    if code is None:
        raise errors.TaxpayerNotFound("The importer or exporter is no taxpayer on this day.")
    return code
