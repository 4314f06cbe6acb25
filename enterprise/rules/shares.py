"""Shares of capital and votes, directly and along chains of enterprises, in exact fractions.

Every enterprise is a node, every stake an edge from its holder. What an individual has of a target
is the sum over all walks from the individual to the target of the product of shares on the walk.
With A the shares that enterprises hold of each other, y = (I - A)^-1 e_target is the weight of each
enterprise in the target, and an individual has the sum of direct shares times weights.

A cycle (cross-holding) means that enterprises own part of themselves through each other. The walks
round it form a geometric series: what the circle holds of itself belongs in the end to those who
hold the rest, in proportion. Nothing is counted twice: when all shares are known, the shares of the
ultimate holders add up to exactly one. The series converges because only enterprises that some
individual stands behind are looked at: in a circle of these at least one share is held from outside
(shares of one enterprise never exceed the whole), so that each round is worth less than the last.
A circle that owns all of itself has nobody behind it and gives nobody anything.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from enterprise import errors

Weights = dict[str, Fraction]
Holdings = Mapping[str, Mapping[str, Fraction]]

# Beyond this many bits a weight is cut: only chains of some forty links come that far, and the
# error stays below 2^-200 while shares are written to a few digits.
_DENOMINATOR_BITS = 512
_KEPT_BITS = 256
_CLEARLY_BELOW_WHOLE = 1 - 1e-6


class Stake(NamedTuple):
    """One edge: a holder has a share of an enterprise.

    Args:
        enterprise: what is held.
        holder: any identifier; the same as in `enterprise` where the holder is an enterprise.
        share: above 0, at most 1.
    """

    enterprise: str
    holder: str
    share: Fraction


def list_effective_shares(
    target: str, stakes: Iterable[Stake], individuals: frozenset[str]
) -> dict[str, Fraction]:
    """List what each individual has of a target, directly and along all chains.

    Args:
        target: enterprise asked about.
        stakes: at least all stakes on the way up from the target; others do no harm.
        individuals: holders that are natural persons.

    Returns:
        individual → share above 0.

    Raises:
        SharesExceedWhole: the stakes in one enterprise add up to more than one.

    Source:
        Decree 168/2025/NĐ-CP art. 17 (indirect ownership through other organisations); in force
        from 2025-07-01. The product along a chain and the sum over paths are the reading of
        domain practice; the text of the decree was not at hand for cross-holdings.
    """
    holders = _holders_above(target, stakes)
    backed = _backed_by(individuals, holders)
    weights = _weights(target, holders, backed)
    found: dict[str, Fraction] = {}
    for enterprise, weight in weights.items():
        for holder, share in holders.get(enterprise, {}).items():
            if holder in individuals:
                _add(found, holder, share * weight)
    return {holder: share for holder, share in found.items() if share}


def _holders_above(target: str, stakes: Iterable[Stake]) -> Holdings:
    """Index the stakes by enterprise, as far as they lie above the target."""
    every: dict[str, dict[str, Fraction]] = {}
    for stake in stakes:
        _add(every.setdefault(stake.enterprise, {}), stake.holder, stake.share)
    above: dict[str, dict[str, Fraction]] = {}
    waiting = [target]
    while waiting:
        enterprise = waiting.pop()
        if enterprise in above or enterprise not in every:
            continue
        above[enterprise] = every[enterprise]
        if _exceeds_whole(above[enterprise].values()):
            message = "The shares of one enterprise add up to more than the whole."
            raise errors.SharesExceedWhole.of_field("owners", "shares.sum", message)
        waiting.extend(above[enterprise])
    return above


def _backed_by(individuals: frozenset[str], holders: Holdings) -> frozenset[str]:
    """Find the enterprises that some individual stands behind, however far."""
    held: dict[str, list[str]] = {}
    for enterprise, row in holders.items():
        for holder in row:
            held.setdefault(holder, []).append(enterprise)
    seen: set[str] = set()
    waiting = [e for person in individuals & held.keys() for e in held[person]]
    while waiting:
        enterprise = waiting.pop()
        if enterprise not in seen:
            seen.add(enterprise)
            waiting.extend(held.get(enterprise, ()))
    return frozenset(seen)


def _weights(target: str, holders: Holdings, backed: frozenset[str]) -> Weights:
    """Solve y = e_target + A y, one strongly connected group after the other, target first."""
    if target not in backed:
        return {}
    above = {e: [h for h in holders[e] if h in backed] for e in backed}
    weights: Weights = {}
    inflow: Weights = {target: Fraction(1)}
    for group in reversed(_strong_groups(target, above)):
        solved = _solve(group, holders, {e: inflow.pop(e, Fraction(0)) for e in group})
        weights.update(solved)
        for enterprise in group:
            held, weight = holders[enterprise], solved[enterprise]
            for holder in above[enterprise]:
                if holder not in solved:
                    _add(inflow, holder, _cut(held[holder] * weight))
    return weights


def _strong_groups(start: str, above: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Find the strongly connected groups reachable from a node, farthest first (Tarjan)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    open_nodes: set[str] = set()
    groups: list[list[str]] = []
    path: list[tuple[str, int]] = [(start, 0)]
    while path:
        node, position = path.pop()
        if node not in order:
            order[node] = low[node] = len(order)
            stack.append(node)
            open_nodes.add(node)
        following = above[node]
        while position < len(following) and following[position] in order:
            if following[position] in open_nodes:
                low[node] = min(low[node], low[following[position]])
            position += 1
        if position < len(following):
            path.extend(((node, position), (following[position], 0)))
        elif low[node] == order[node]:
            groups.append(_take_group(stack, open_nodes, node))
        # A finished child is met again by its parent's loop, which then takes over its `low`.
    return groups


def _take_group(stack: list[str], open_nodes: set[str], root: str) -> list[str]:
    group = [stack.pop()]
    while group[-1] != root:
        group.append(stack.pop())
    open_nodes.difference_update(group)
    return group


def _solve(group: Sequence[str], holders: Holdings, inflow: Weights) -> Weights:
    """Solve y = inflow + A y inside one group by eliminating its enterprises one by one."""
    if len(group) == 1 and group[0] not in holders[group[0]]:
        return inflow
    system = _System(group, holders, inflow)
    # Those with few neighbours first: what they leave behind for the others stays small.
    waiting = [(system.fill(e), e) for e in group]
    heapq.heapify(waiting)
    done: list[str] = []
    while waiting:
        fill, node = heapq.heappop(waiting)
        if system.fill(node) > fill:
            heapq.heappush(waiting, (system.fill(node), node))
            continue
        system.eliminate(node)
        done.append(node)
    solved: Weights = {}
    for node in reversed(done):
        rest = sum((share * solved[e] for e, share in system.rows[node].items()), Fraction(0))
        solved[node] = _cut(system.constant[node] + rest)
    return solved


class _System:
    """The equations y[holder] = constant[holder] + sum of share * y[enterprise] of one group."""

    def __init__(self, group: Sequence[str], holders: Holdings, inflow: Weights) -> None:
        self.constant = dict(inflow)
        self.rows: dict[str, Weights] = {e: {} for e in group}
        self.users: dict[str, set[str]] = {e: set() for e in group}
        for enterprise in group:
            for holder in holders[enterprise].keys() & self.rows.keys():
                self.rows[holder][enterprise] = holders[enterprise][holder]
                self.users[enterprise].add(holder)

    def fill(self, node: str) -> int:
        """Count what eliminating a node may add to the other equations."""
        return len(self.rows[node]) * len(self.users[node])

    def eliminate(self, node: str) -> None:
        """Express y[node] by the others and put it into their equations."""
        row = self.rows[node]
        # Above 0: the group has an outside holder, see the head of this file.
        factor = 1 / (1 - row.pop(node, Fraction(0)))
        self.constant[node] *= factor
        for enterprise in row:
            row[enterprise] = _cut(row[enterprise] * factor)
            self.users[enterprise].discard(node)
        self.users[node].discard(node)
        for user in self.users.pop(node):
            self._put_in(user, node, row)
        self.users[node] = set()

    def _put_in(self, user: str, node: str, row: Weights) -> None:
        others = self.rows[user]
        through = others.pop(node)
        self.constant[user] = _cut(self.constant[user] + through * self.constant[node])
        for enterprise, share in row.items():
            others[enterprise] = _cut(others.get(enterprise, Fraction(0)) + through * share)
            self.users[enterprise].add(user)


def _add(sums: Weights, name: str, share: Fraction) -> None:
    sums[name] = sums[name] + share if name in sums else share


def _exceeds_whole(shares: Collection[Fraction]) -> bool:
    # Floats decide the clear cases: exact sums of ten thousands of fractions are slow.
    return sum(map(float, shares)) > _CLEARLY_BELOW_WHOLE and sum(shares) > 1


def _cut(value: Fraction) -> Fraction:
    if value.denominator.bit_length() <= _DENOMINATOR_BITS:
        return value
    return Fraction((value.numerator << _KEPT_BITS) // value.denominator, 1 << _KEPT_BITS)
