"""What goes in and out of the finance register's service."""

from finance.values.budgets import (
    Effect,
    Entry,
    EntryLine,
    Ground,
    LineAmount,
    Loaded,
    Side,
    Stage,
)
from finance.values.holdings import (
    Asset,
    AssetKind,
    Declaration,
    DeclarationKind,
)
from finance.values.keys import (
    KEY_LENGTH,
    NO_CATEGORY,
    NO_ITEM,
    NO_PROGRAMME,
    SEGMENTS,
    BudgetKey,
    BudgetLine,
    Segment,
)
from finance.values.taxes import (
    Duty,
    Payment,
    Taxpayer,
    TaxpayerKind,
)
from finance.values.units import (
    BudgetUnit,
    ChapterBand,
    Level,
    Place,
    UnitKind,
)

__all__ = [
    "KEY_LENGTH",
    "NO_CATEGORY",
    "NO_ITEM",
    "NO_PROGRAMME",
    "SEGMENTS",
    "Asset",
    "AssetKind",
    "BudgetKey",
    "BudgetLine",
    "BudgetUnit",
    "ChapterBand",
    "Declaration",
    "DeclarationKind",
    "Duty",
    "Effect",
    "Entry",
    "EntryLine",
    "Ground",
    "Level",
    "LineAmount",
    "Loaded",
    "Payment",
    "Place",
    "Segment",
    "Side",
    "Stage",
    "Taxpayer",
    "TaxpayerKind",
    "UnitKind",
]
