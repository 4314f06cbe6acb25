"""Customs declarations in summary, and public assets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
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
    table, key = tables.customs_declaration, {"declaration_no": declaration_no}
    valid, fixed = periods.period(valid_from, valid_to), ("declaration_no",)
    replaced = acts.list_replaced(
        session, table, key, changes, valid=valid, read=rows.declaration_of, fixed=fixed
    )
    if not replaced or replaced[0][0] != valid_from:
        raise errors.DeclarationNotFound("No declaration of this number on this day.")
    for _, declaration in replaced:
        rules.require_declaration(declaration)
    first = replaced[0][1]
    columns = rows.declaration_columns(first)
    columns["taxpayer_code"] = _get_taxpayer_code(session, first)
    named = rows.named_columns(columns, changes)
    versions.amend(session, table, key, named, valid=valid, change=change)
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
    valid = periods.period(on)
    warnings = _change_asset(session, asset_code, changes, valid=valid, change=change)
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
    valid = periods.period(valid_from, valid_to)
    warnings = _change_asset(session, asset_code, changes, valid=valid, change=change)
    return Recorded(change, asset_code, warnings)


def _change_asset(
    session: Session,
    asset_code: str,
    changes: Mapping[str, Any],
    *,
    valid: Range[date],
    change: int,
) -> tuple[FieldProblem, ...]:
    """Write what changes and nothing else; who holds it is asked only if that changes.

    Assets outlive their units: what a closed unit left behind is still disposed of.
    """
    table, key = tables.public_asset, {"asset_code": asset_code}
    replaced = acts.list_replaced(
        session, table, key, changes, valid=valid, read=rows.asset_of, fixed=("asset_code",)
    )
    if not replaced or replaced[0][0] != valid.lower:
        raise errors.AssetNotFound("No asset of this code is registered on this day.")
    warnings: dict[FieldProblem, None] = {}
    for on, asset in replaced:
        warnings.update(dict.fromkeys(rules.require_asset(asset)))
        if "unit_code" in changes:
            acts.require_open_unit(session, asset.unit_code, on=on)
    columns = rows.named_columns(rows.asset_columns(replaced[0][1]), changes)
    versions.amend(session, table, key, columns, valid=valid, change=change)
    return tuple(warnings)


def _get_taxpayer_code(session: Session, declaration: values.Declaration) -> str:
    asked = taxes.canonical_code(declaration.taxpayer_code)
    code = states.find_taxpayer_code(session, asked, on=declaration.declared_on)
    if code is None:
        raise errors.TaxpayerNotFound("The importer or exporter is no taxpayer on this day.")
    return code
