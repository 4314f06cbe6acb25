"""The named refusals of the finance register."""

from databases import errors


class MalformedBudgetCode(errors.Invalid):
    """A budget code, key or period does not have its form; `fields` names the segment."""

    code = "finance.malformed_budget_code"


class SegmentNotInForce(errors.Invalid):
    """A segment has its form but does not hold for the budget year, or does not fit another."""

    code = "finance.segment_not_in_force"


class BudgetUnitNotFound(errors.NotFound):
    """No budget unit of this code was registered by the day."""

    code = "finance.budget_unit_not_found"


class BudgetUnitAlreadyRegistered(errors.Conflict):
    """The code was given before; a unit has one code for life and no code is reused."""

    code = "finance.budget_unit_already_registered"


class BudgetUnitClosed(errors.Refused):
    """The budget unit does not exist any more on the day."""

    code = "finance.budget_unit_closed"


class IncompleteRecord(errors.Invalid):
    """Something that every record of its kind holds is missing or contradicts itself."""

    code = "finance.incomplete_record"


class BudgetLineAlreadyDecided(errors.Conflict):
    """The unit's budget already has an amount on this line; amend it."""

    code = "finance.budget_line_already_decided"


class BudgetLineNotFound(errors.NotFound):
    """The unit's budget has no amount on this line on the day."""

    code = "finance.budget_line_not_found"


class AllocationBelowExecution(errors.Refused):
    """An allocation would fall below what was spent on it already."""

    code = "finance.allocation_below_execution"


class AllocationExceeded(errors.Refused):
    """More would be spent than is allocated, and no ground of the law is named."""

    code = "finance.allocation_exceeded"


class GroundNotApplicable(errors.Refused):
    """The named ground for spending without allocation does not apply here."""

    code = "finance.ground_not_applicable"


class EntryNotBalanced(errors.Invalid):
    """Debits and credits of a journal entry differ, or it has one side only."""

    code = "finance.entry_not_balanced"


class EntryAlreadyRecorded(errors.Conflict):
    """A journal entry of this number was recorded before, even if annulled."""

    code = "finance.entry_already_recorded"


class PostedOutsideYear(errors.Refused):
    """The day of posting belongs neither to the budget year nor to its closing period."""

    code = "finance.posted_outside_year"


class PeriodClosed(errors.Refused):
    """The accounting period is closed; a decision must reopen it first."""

    code = "finance.period_closed"


class PeriodNotClosed(errors.Conflict):
    """The accounting period that is to be reopened is open."""

    code = "finance.period_not_closed"


class BudgetSettled(errors.Refused):
    """The unit's budget of the year is settled: nothing is recorded in it any more."""

    code = "finance.budget_settled"


class SettlementAboveExecution(errors.Refused):
    """More would be settled than was spent."""

    code = "finance.settlement_above_execution"


class TaxpayerNotFound(errors.NotFound):
    """No taxpayer of this code is registered on the day."""

    code = "finance.taxpayer_not_found"


class TaxpayerAlreadyRegistered(errors.Conflict):
    """The code, or one of the former codes, belongs to a taxpayer already."""

    code = "finance.taxpayer_already_registered"


class DutyAlreadyAssessed(errors.Conflict):
    """The duty of this item and tax period was assessed before; correct or annul it."""

    code = "finance.duty_already_assessed"


class PaymentAlreadyRecorded(errors.Conflict):
    """A payment of this number was recorded before."""

    code = "finance.payment_already_recorded"


class DeclarationAlreadyRegistered(errors.Conflict):
    """A customs declaration of this number was registered before."""

    code = "finance.declaration_already_registered"


class DeclarationNotFound(errors.NotFound):
    """No customs declaration of this number is registered on the day."""

    code = "finance.declaration_not_found"


class AssetAlreadyRegistered(errors.Conflict):
    """A public asset of this code was registered before."""

    code = "finance.asset_already_registered"


class AssetNotFound(errors.NotFound):
    """No public asset of this code is registered on the day."""

    code = "finance.asset_not_found"
