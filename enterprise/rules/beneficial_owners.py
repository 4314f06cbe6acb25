"""Who in fact owns or controls an enterprise."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

from enterprise import legal, values
from enterprise.rules import shares

# Shares are published to ten places; whether the threshold is reached is decided before rounding.
_PLACES = Decimal("1E-10")
_CONTEXT = Context(prec=40)
_ENTERPRISE = "enterprise:"
_INDIVIDUAL = ("pin:", "document:")


def has_beneficial_owners(legal_type: values.LegalType, *, on: date) -> bool:
    """Test whether the law knows beneficial owners of such an enterprise on a day.

    Source:
        Law on Enterprises art. 4 cl. 35 as added by Law 76/2025/QH15: enterprises with legal
        personality; in force from 2025-07-01.
    """
    return legal_type in legal.LEGAL_PERSONS and legal.BENEFICIAL_SHARE.holds_on(on)


def list_beneficial_owners(
    enterprise_code: str,
    holdings: Collection[values.Holding],
    controllers: Iterable[values.Controller],
    *,
    on: date,
) -> tuple[values.BeneficialOwner, ...]:
    """List the individuals who own at least the threshold or control by other means.

    Args:
        enterprise_code: enterprise asked about.
        holdings: what is held of the enterprise and of all enterprises above it.
        controllers: individuals who control the enterprise itself by other means.
        on: day whose threshold applies.

    Returns:
        largest share first, then by reference; empty before the law came into force. State capital
        is held by a `state:` party and so never leads to an individual.

    Raises:
        SharesExceedWhole: shares of one enterprise add up to more than one.

    Source:
        Law on Enterprises art. 4 cl. 35 as added by Law 76/2025/QH15; Decree 168/2025/NĐ-CP
        arts 17-18; in force from 2025-07-01.
    """
    if not legal.BENEFICIAL_SHARE.holds_on(on):
        return ()
    capital = _effective(enterprise_code, holdings, is_voting=False)
    has_other_votes = any(holding.voting_share is not None for holding in holdings)
    votes = _effective(enterprise_code, holdings, is_voting=True) if has_other_votes else capital
    threshold = Fraction(legal.BENEFICIAL_SHARE.value)
    grounds: dict[str, list[str]] = {}
    for name, found in (("capital", capital), ("voting", votes)):
        for ref, share in found.items():
            if share >= threshold:
                grounds.setdefault(ref, []).append(name)
    for controller in controllers:
        grounds.setdefault(controller.party.ref, []).append(controller.means.value)
    result = [
        values.BeneficialOwner(
            values.Party(ref),
            _decimal(capital.get(ref)),
            _decimal(votes.get(ref)),
            tuple(sorted(set(reasons))),
        )
        for ref, reasons in grounds.items()
    ]
    return tuple(sorted(result, key=lambda o: (-o.capital_share, -o.voting_share, o.party.ref)))


def _effective(
    enterprise_code: str, holdings: Iterable[values.Holding], *, is_voting: bool
) -> dict[str, Fraction]:
    stakes = []
    individuals = set()
    exact: dict[Decimal, Fraction] = {}
    for code, ref, capital_share, voting_share in holdings:
        share = voting_share if is_voting and voting_share is not None else capital_share
        if not share:
            continue
        if share not in exact:
            exact[share] = Fraction(share)
        holder = ref.removeprefix(_ENTERPRISE)
        if ref.startswith(_INDIVIDUAL):
            individuals.add(holder)
        stakes.append(shares.Stake(code, holder, exact[share]))
    return shares.list_effective_shares(enterprise_code, stakes, frozenset(individuals))


def _decimal(share: Fraction | None) -> Decimal:
    if share is None:
        return Decimal(0)
    exact = _CONTEXT.divide(Decimal(share.numerator), Decimal(share.denominator))
    return exact.quantize(_PLACES, context=_CONTEXT).normalize(_CONTEXT)
