"""Whether a right may be disposed of on a day: transferred, given, leased, mortgaged."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from databases.errors import FieldProblem
from land import errors, legal
from land.rules import parcels
from land.values.kinds import RestrictionKind, RightKind
from land.values.parties import PartyKind
from land.values.rights import Holder, Mortgage, Right

_HOME = "VN"
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_NOT_DISPOSABLE = "The right cannot be disposed of now."


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register holds of a right on the day of an act.

    Args:
        right: with its holders.
        restrictions: kinds in force on its parcel.
        mortgages: in force on it.
        is_certified: whether a certificate in force names it.
    """

    right: Right
    restrictions: frozenset[RestrictionKind]
    mortgages: tuple[Mortgage, ...]
    is_certified: bool


def require_disposable(
    standing: Standing, *, on: date, is_inherited: bool = False
) -> tuple[FieldProblem, ...]:
    """Refuse to dispose of a right that is not certified, disputed, attached, or has ended.

    Args:
        standing: of the right on the day.
        on: day of the act.
        is_inherited: whether it passes by death: then the certificate may still be missing.

    Returns:
        warnings where the law is not certain enough to refuse.

    Raises:
        CertificateMissing: no certificate in force names the right.
        DisposalBlocked: a dispute or an attachment is in force, or the term of the right is over.

    Source:
        Law on Land 31/2024/QH15 art. 45 cl. 1: certificate, no dispute or a settled one, no
        attachment, within the term of use; in force from 2024-08-01 (before: Law on Land
        45/2013/QH13 art. 188 with the same conditions). Inheritance without a certificate: art.
        45 cl. 1 pt. a and cl. 4 (exceptions; clauses recalled).
    """
    if not standing.is_certified and not is_inherited:
        message = "Certify the right first: what is not certified is not disposed of."
        raise errors.CertificateMissing.of_field("right_id", "certificate.missing", message)
    blocking = sorted(standing.restrictions & legal.BLOCKS_DISPOSAL)
    if blocking:
        problems = [
            FieldProblem("right_id", f"restriction.{kind.value}", "This restriction is in force.")
            for kind in blocking
        ]
        raise errors.DisposalBlocked(_NOT_DISPOSABLE, fields=problems)
    if standing.right.ends_on is not None and standing.right.ends_on <= on:
        message = "The term of the right is over."
        raise errors.DisposalBlocked.of_field("right_id", "right.term_over", message)
    return tuple(
        FieldProblem("right_id", f"restriction.{kind.value}", "A notice stands on the parcel.")
        for kind in sorted(standing.restrictions & legal.WARNS_ON_DISPOSAL)
    )


def require_consents(mortgages: Sequence[Mortgage], consents: Collection[str]) -> None:
    """Refuse to give away a mortgaged right unless every mortgagee agrees.

    Args:
        mortgages: in force on the right.
        consents: names of the mortgages whose mortgagee agreed.

    Raises:
        MortgageeConsentMissing: at least one did not.

    Source:
        Civil Code 91/2015/QH13 art. 320 cl. 8 and art. 321 cl. 5 (mortgaged property is sold,
        exchanged or given only with the mortgagee's consent, save goods in trade).
    """
    if any(mortgage.mortgage_id not in consents for mortgage in mortgages):
        message = "The right is mortgaged: every mortgagee must agree."
        raise errors.MortgageeConsentMissing.of_field("consents", "mortgage.consent", message)


def require_mortgagor(right: Right, mortgagors: Collection[str]) -> None:
    """Refuse a mortgage that is not given by all who hold the right.

    Raises:
        NotTheHolder: others than the holders mortgage it, or not all of them.

    Source:
        Civil Code 91/2015/QH13 art. 317 cl. 1 (the mortgagor uses property of its own); Law on
        Land 31/2024/QH15 art. 27 and 45 (the land user mortgages). The whole right is mortgaged:
        of a share alone no article was found.
    """
    if {holder.party.ref for holder in right.holders} != set(mortgagors):
        message = "A right is mortgaged by exactly those who hold it."
        raise errors.NotTheHolder.of_field("mortgagors", "mortgage.mortgagor", message)


def next_rank(mortgages: Sequence[Mortgage]) -> int:
    """Give the rank of the next mortgage: they rank in the order in which they are registered.

    Source:
        Civil Code 91/2015/QH13 art. 308 cl. 1 pt. a (priority in the order of effect against third
        parties, that is of registration: art. 297).
    """
    return max((mortgage.rank for mortgage in mortgages), default=0) + 1


def require_amount(amount: Decimal, currency: str) -> None:
    """Refuse an amount that is not above zero, or a currency that is no code.

    Raises:
        WrongAmount: one of them.

    Source:
        Decree 99/2022/NĐ-CP (registration of security) and Law on Land 31/2024/QH15 art. 153
        (what is owed for land): sums of money; articles not verified.
    """
    if amount <= 0 or not _CURRENCY.fullmatch(currency):
        message = "Give an amount above zero and a currency of three letters."
        raise errors.WrongAmount.of_field("amount", "amount.shape", message)


def require_lease_form(lease: Right, origin: Right) -> None:
    """Refuse a lease that is not over the same land or space as what it is granted out of.

    Raises:
        WrongParcel: its name has no form, or it is over something else, or no lease.

    Source:
        Civil Code 91/2015/QH13 art. 472 (the lessor hands over the property that is leased).
    """
    parcels.require_id(lease.right_id, field="right_id")
    is_same = (lease.parcel_id, lease.legal_space_id) == (origin.parcel_id, origin.legal_space_id)
    if lease.kind is not RightKind.LEASE or not is_same:
        message = "A lease is over the same land or space as the right it is granted out of."
        raise errors.WrongParcel.of_field("right", "lease.other_land", message)


def require_lease(
    lease: Right, origin: Right, lessors: Collection[str], *, starts_on: date
) -> None:
    """Refuse a lease that its lessor cannot grant, or that outlasts the right.

    Args:
        lease: its end is the first day after it.
        origin: right that the lease is granted out of.
        lessors: who grants it.
        starts_on: first day of the lease.

    Raises:
        NotTheHolder: others than the holders grant it.
        TermTooLong: it has no end, or ends after the right, or not after its own start.

    Source:
        Civil Code 91/2015/QH13 art. 472 and 500 (the lessor gives what it has the use of); Law on
        Land 31/2024/QH15 art. 45 cl. 1 (within the term of use).
    """
    if {holder.party.ref for holder in origin.holders} != set(lessors):
        message = "A lease is granted by exactly those who hold the right."
        raise errors.NotTheHolder.of_field("lessors", "lease.lessor", message)
    end = lease.ends_on
    is_too_long = end is None or (origin.ends_on is not None and end > origin.ends_on)
    if is_too_long or (end is not None and end <= starts_on):
        message = "A lease ends after it starts and not after the right it is granted out of."
        raise errors.TermTooLong.of_field("ends_on", "lease.term", message)


def recipient_warnings(kind: RightKind, received: Sequence[Holder]) -> tuple[FieldProblem, ...]:
    """Warn of recipients that the law lets hold land only in certain cases.

    Source:
        Law on Land 31/2024/QH15 art. 28 (who may receive the right to use land; foreign
        individuals are not among them, foreign-invested organisations in certain cases); Law on
        Housing 27/2023/QH15 art. 17-20 (foreigners and flats). The cases need facts that the file
        does not state, so this warns and never refuses.
    """
    if kind is RightKind.LEASE:
        return ()
    message = "A foreign party: check that the law lets it receive this right."
    return tuple(
        FieldProblem("received", "party.foreign", message)
        for holder in received
        if _is_foreign(holder)
    )


def _is_foreign(holder: Holder) -> bool:
    if holder.nationality_code is not None:
        return holder.nationality_code != _HOME
    has_country = holder.party.kind in (PartyKind.DOCUMENT, PartyKind.ORGANISATION)
    return has_country and holder.party.ref.split(":")[1] != _HOME
