"""What may be done to the finance register: each act is one change; nothing commits here.

Every act takes the session of a writing transaction and an `Act` that says who records it, when and
why. It gives back what it left in the register, or raises a named refusal.
"""

from finance.service import annulments, budgets, execution, holdings, loading, taxes, units

annul_change = annulments.annul_change
register_budget_unit = units.register_budget_unit
amend_budget_unit = units.amend_budget_unit
correct_budget_unit = units.correct_budget_unit
close_budget_unit = units.close_budget_unit
register_estimate = budgets.register_estimate
register_allocation = budgets.register_allocation
amend_allocation = budgets.amend_allocation
register_settlement = budgets.register_settlement
record_execution = execution.record_execution
close_period = execution.close_period
reopen_period = execution.reopen_period
register_taxpayer = taxes.register_taxpayer
correct_taxpayer = taxes.correct_taxpayer
assess_duty = taxes.assess_duty
record_payment = taxes.record_payment
register_customs_declaration = holdings.register_customs_declaration
correct_customs_declaration = holdings.correct_customs_declaration
register_public_asset = holdings.register_public_asset
amend_public_asset = holdings.amend_public_asset
correct_public_asset = holdings.correct_public_asset
STAGING_COLUMNS = loading.STAGING_COLUMNS
REFUSALS = loading.REFUSALS
load_staged = loading.load_staged

__all__ = [
    "REFUSALS",
    "STAGING_COLUMNS",
    "amend_allocation",
    "amend_budget_unit",
    "amend_public_asset",
    "annul_change",
    "assess_duty",
    "close_budget_unit",
    "close_period",
    "correct_budget_unit",
    "correct_customs_declaration",
    "correct_public_asset",
    "correct_taxpayer",
    "load_staged",
    "record_execution",
    "record_payment",
    "register_allocation",
    "register_budget_unit",
    "register_customs_declaration",
    "register_estimate",
    "register_public_asset",
    "register_settlement",
    "register_taxpayer",
    "reopen_period",
]
