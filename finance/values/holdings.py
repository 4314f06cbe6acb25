"""Customs declarations in summary, and public assets."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.values.units import Place


class DeclarationKind(StrEnum):
    """Direction of the goods of a customs declaration."""

    IMPORT = "import"
    EXPORT = "export"


class AssetKind(StrEnum):
    """Kinds of public assets."""

    LAND = "land"
    BUILDING = "building"
    VEHICLE = "vehicle"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A customs declaration in summary.

    Args:
        value_amount: customs value, in `value_currency`.
        duty_amount: all duties of the declaration, in dong.
        partner_country_code: origin of imports, destination of exports; ISO 3166-1 alpha-2.
    """

    declaration_no: str
    kind: DeclarationKind
    taxpayer_code: str
    customs_office_code: str
    procedure_code: str
    declared_on: date
    partner_country_code: str
    value_amount: Decimal
    value_currency: str
    duty_amount: Decimal
    cleared_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A public asset.

    Args:
        unit_code: budget unit that holds it.
        parcel_id: parcel of the land register that it is, or stands on.
        area_m2: of land or floor.
        original_value_amount: in dong.
    """

    asset_code: str
    kind: AssetKind
    name_vi: str
    unit_code: str
    place: Place
    acquired_on: date
    original_value_amount: Decimal
    parcel_id: str | None = None
    area_m2: Decimal | None = None
    disposed_on: date | None = None
