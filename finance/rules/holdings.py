"""Customs declarations in summary and public assets."""

import re

from databases.errors import FieldProblem
from finance import errors
from finance.rules import amounts
from finance.values import Asset, AssetKind, Declaration

# Numbers of the electronic customs system have twelve digits, the last of which counts amendments;
# older ones have eleven (R-med: the length alone is checked).
_DECLARATION_NO = re.compile(r"[0-9]{11,12}", re.ASCII)
_ASSET_CODE = re.compile(r"[0-9A-Z][0-9A-Z.-]{3,39}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def require_declaration_no(number: str) -> str:
    """Refuse what is no number of a customs declaration.

    Raises:
        MalformedBudgetCode: not eleven or twelve digits.

    Source:
        Circular 38/2015/TT-BTC as amended by Circular 39/2018/TT-BTC (recalled, R-med).
    """
    if not _DECLARATION_NO.fullmatch(number):
        message = "A customs declaration has a number of 11 or 12 digits."
        raise errors.MalformedBudgetCode.of_field("declaration_no", "declaration.shape", message)
    return number


def require_declaration(declaration: Declaration) -> None:
    """Refuse a declaration with impossible amounts, codes or days.

    Raises:
        MalformedBudgetCode: the number does not have its form.
        IncompleteRecord: `fields` lists each problem.

    Source:
        Law on Customs 54/2014/QH13 arts 24-25 (contents of a declaration; recalled, R-med).
    """
    require_declaration_no(declaration.declaration_no)
    problems = []
    given = (declaration.value_amount, declaration.duty_amount)
    if not all(amounts.is_exact(one) and one >= 0 for one in given):
        message = "Amounts are not negative and have two decimals at most."
        problems.append(FieldProblem("value_amount", "amount.negative", message))
    if not _CURRENCY.fullmatch(declaration.value_currency):
        problems.append(
            FieldProblem("value_currency", "currency.shape", "A currency has three letters.")
        )
    if not _COUNTRY.fullmatch(declaration.partner_country_code):
        problems.append(
            FieldProblem("partner_country_code", "country.shape", "A country has two letters.")
        )
    if declaration.cleared_on is not None and declaration.cleared_on < declaration.declared_on:
        problems.append(
            FieldProblem("cleared_on", "cleared_on.early", "Cleared before it was declared.")
        )
    if problems:
        raise errors.IncompleteRecord("Correct the declaration.", fields=problems)


def require_asset_code(code: str) -> str:
    """Refuse what is no code of a public asset.

    Raises:
        MalformedBudgetCode: not four to forty capital letters, digits, dots and hyphens.

    Source:
        Circular 144/2017/TT-BTC (declaration of public assets; no form of the code was found, so
        that any plain code is taken).
    """
    if not _ASSET_CODE.fullmatch(code):
        message = "An asset code has 4 to 40 capital letters, digits, dots and hyphens."
        raise errors.MalformedBudgetCode.of_field("asset_code", "asset.shape", message)
    return code


def require_asset(asset: Asset) -> tuple[FieldProblem, ...]:
    """Refuse an asset with impossible amounts; land without a parcel is a doubt.

    Returns:
        a warning if land or a building names no parcel.

    Raises:
        MalformedBudgetCode: the code does not have its form.
        IncompleteRecord: the name is missing, a value or area is negative, or the asset was
            disposed of before it was acquired.

    Source:
        Law on Management and Use of Public Property 15/2017/QH14 art. 4 (kinds of assets);
        Decree 151/2017/NĐ-CP (contents of the database; recalled, R-med).
    """
    require_asset_code(asset.asset_code)
    value = asset.original_value_amount
    is_possible = amounts.is_exact(value) and value >= 0 and (asset.area_m2 or 0) >= 0
    if not is_possible or not asset.name_vi.strip():
        message = "An asset has a name, and neither its value nor its area is negative."
        raise errors.IncompleteRecord.of_field("asset", "asset.incomplete", message)
    if asset.disposed_on is not None and asset.disposed_on < asset.acquired_on:
        message = "An asset is not disposed of before it was acquired."
        raise errors.IncompleteRecord.of_field("disposed_on", "asset.disposed_early", message)
    if asset.kind in (AssetKind.LAND, AssetKind.BUILDING) and asset.parcel_id is None:
        message = "Land or a building names no parcel of the land register."
        return (FieldProblem("parcel_id", "asset.no_parcel", message),)
    return ()
