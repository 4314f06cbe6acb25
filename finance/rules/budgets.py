"""Estimates, allocations, execution, settlement: what may be spent and confirmed."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from databases.errors import FieldProblem
from finance import errors, legal
from finance.rules import amounts as exact
from finance.rules import nomenclature
from finance.values import NO_ITEM, BudgetLine, Ground, LineAmount

Amounts = Mapping[BudgetLine, Decimal]


def require_amounts(amounts: Sequence[LineAmount]) -> tuple[FieldProblem, ...]:
    """Refuse decided amounts that are negative, not exact, named twice or not on a whole item.

    Returns:
        doubts about codes of which the register has no certain list.

    Raises:
        IncompleteRecord: nothing is decided, a line stands twice, or an amount is negative or has
            more than two decimals.
        MalformedBudgetCode, SegmentNotInForce: a code of a line is wrong.

    Source:
        Circular 324/2016/TT-BTC and Circular 130/2025/TT-BTC (codes); State Budget Law
        83/2015/QH13 art. 49 (allocation by unit and line; recalled, R-med).
    """
    lines = [one.line for one in amounts]
    if not lines or len(set(lines)) < len(lines):
        message = "Name at least one line, and each once."
        raise errors.IncompleteRecord.of_field("amounts", "amounts.lines", message)
    if not all(exact.is_exact(one.amount) and one.amount >= 0 for one in amounts):
        message = "A decided amount is not below zero and has two decimals at most."
        raise errors.IncompleteRecord.of_field("amounts", "amounts.negative", message)
    doubts: dict[FieldProblem, None] = {}
    for line in lines:
        nomenclature.category_of(line.category_code)
        nomenclature.require_item(line.item_code)
        found = nomenclature.list_doubts(line.category_code, line.source_code)
        doubts.update(dict.fromkeys(found))
    return tuple(doubts)


def covering_line(line: BudgetLine, allocated: Amounts) -> BudgetLine:
    """Name the allocated line that spending on a sub-item counts against.

    Returns:
        the line of its item if there is one, else the line of all items; if neither is allocated
        the line of its item.

    Source:
        State Budget Law 83/2015/QH13 art. 12 (spending stays within the allocation; recalled,
        R-high). The order, narrow before wide, is the register's own.
    """
    narrow = _with_item(line, nomenclature.item_of(line.item_code))
    wide = _with_item(line, NO_ITEM)
    return wide if narrow not in allocated and wide in allocated else narrow


def sharing_cover(spent: Amounts, lines: Collection[BudgetLine], allocated: Amounts) -> Amounts:
    """Give of what is spent that which counts against the same allocations as some lines.

    Args:
        spent: amount by line, with sub-items.
        lines: sub-items.
        allocated: amount by line.

    Source:
        See `covering_line`.
    """
    covers = {covering_line(line, allocated) for line in lines}
    return {line: n for line, n in spent.items() if covering_line(line, allocated) in covers}


def list_overspent(allocated: Amounts, spent: Amounts) -> tuple[BudgetLine, ...]:
    """List the lines on which more is spent than allocated, in order.

    Args:
        allocated: amount by line.
        spent: amount by line, with sub-items.

    Source:
        State Budget Law 83/2015/QH13 art. 12 (spending only within the estimate given; recalled,
        R-high); kept by State Budget Law 89/2025/QH15 (article not verified).
    """
    totals: dict[BudgetLine, Decimal] = {}
    for line, amount in spent.items():
        cover = covering_line(line, allocated)
        totals[cover] = totals.get(cover, Decimal(0)) + amount
    zero = Decimal(0)
    return tuple(sorted(x for x, total in totals.items() if total > allocated.get(x, zero)))


def require_within_allocation(
    allocated: Amounts, spent: Amounts, *, ground: Ground | None
) -> tuple[FieldProblem, ...]:
    """Refuse spending above the allocation without a ground of the law.

    Temporary funding is for lines that have no allocation yet. What is spent of amounts carried
    over does not count against this year's allocation, so callers leave it out of `spent`.

    Returns:
        a warning that names the ground on which more is spent.

    Raises:
        AllocationExceeded: more is spent and no ground is named; `fields` names the lines.
        GroundNotApplicable: temporary funding on a line that has its allocation.

    Source:
        State Budget Law 83/2015/QH13 arts 12, 51, 64 (see `legal.GROUNDS`).
    """
    overspent = list_overspent(allocated, spent)
    if not overspent:
        return ()
    if ground is None:
        problems = [
            _problem(x, "allocation.exceeded", "More than is allocated.") for x in overspent
        ]
        message = "Spend within the allocation, or name the ground and its decision."
        raise errors.AllocationExceeded(message, fields=problems)
    if ground is Ground.TEMPORARY_FUNDING and any(line in allocated for line in overspent):
        message = "Temporary funding ends when the allocation is decided."
        raise errors.GroundNotApplicable.of_field("ground", "ground.allocated", message)
    return (FieldProblem("ground", "ground.used", f"Spent under {legal.GROUNDS[ground]}."),)


def require_covered(allocated: Amounts, spent: Amounts) -> None:
    """Refuse a new allocation that is below what was spent already.

    Raises:
        AllocationBelowExecution: `fields` names the lines.

    Source:
        State Budget Law 83/2015/QH13 art. 12 and 53 (adjustments; recalled, R-med).
    """
    overspent = list_overspent(allocated, spent)
    if overspent:
        problems = [_problem(x, "allocation.below", "Below what was spent.") for x in overspent]
        message = "An allocation cannot fall below what was spent on it."
        raise errors.AllocationBelowExecution(message, fields=problems)


def require_still_allowed(allocated: Amounts, spent: Amounts, ungrounded: Amounts) -> None:
    """Refuse to take back what made spending lawful that stands.

    Args:
        allocated: what would be allocated by line.
        spent: what would be spent in all, by line with sub-items.
        ungrounded: the part of it that no ground but an allocation allowed.

    Raises:
        AllocationBelowExecution: `fields` names the lines.

    Source:
        State Budget Law 83/2015/QH13 arts 12 and 51 (temporary funding stands without an
        allocation; where one is decided it counts against it).
    """
    covered = {line: n for line, n in spent.items() if covering_line(line, allocated) in allocated}
    others = {line: n for line, n in ungrounded.items() if line not in covered}
    require_covered(allocated, {**others, **covered})


def require_settlement(settled: Amounts, spent: Amounts) -> tuple[FieldProblem, ...]:
    """Refuse to settle more than was spent; less is a doubt, not a refusal.

    Args:
        settled: amount by line of an item, or of all items.
        spent: amount by line, with sub-items.

    Returns:
        a warning for each line of which a part was not settled.

    Raises:
        SettlementAboveExecution: `fields` names the lines.

    Source:
        State Budget Law 83/2015/QH13 art. 65 (settled is what was actually spent; recalled,
        R-high).
    """
    totals: dict[BudgetLine, Decimal] = dict.fromkeys(settled, Decimal(0))
    for line, amount in spent.items():
        cover = covering_line(line, settled)
        totals[cover] = totals.get(cover, Decimal(0)) + amount
    above = sorted(line for line, amount in settled.items() if amount > totals[line])
    if above:
        problems = [_problem(x, "settlement.above", "More than was spent.") for x in above]
        raise errors.SettlementAboveExecution("Settle no more than was spent.", fields=problems)
    zero = Decimal(0)
    below = sorted(x for x, total in totals.items() if settled.get(x, zero) < total)
    return tuple(_problem(x, "settlement.below", "A part was not settled.") for x in below)


def _with_item(line: BudgetLine, item_code: str) -> BudgetLine:
    return BudgetLine(line.category_code, item_code, line.programme_code, line.source_code)


def _problem(line: BudgetLine, rule: str, message: str) -> FieldProblem:
    place = "-".join((line.category_code, line.item_code, line.programme_code, line.source_code))
    return FieldProblem(f"line {place}", rule, message)
