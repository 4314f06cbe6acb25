"""Shares of a right, in exact fractions: they sum to one, before and after every disposal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction

from databases import vietnamese
from land import errors
from land.values.kinds import LegalForm
from land.values.parties import Party
from land.values.rights import Holder, Identity

_WHOLE = Fraction(1)
_BIRTH = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?", re.ASCII)
# Forms in which nobody has a part of their own to give away.
_UNDIVIDED = frozenset({LegalForm.SPOUSES, LegalForm.JOINT, LegalForm.HOUSEHOLD})
_SPOUSES = 2


def require_holders(legal_form: LegalForm, holders: Sequence[Holder]) -> None:
    """Refuse holders whose shares do not sum to one, or that do not fit the legal form.

    Raises:
        WrongHolders: nobody is named, somebody twice or wrongly, or not as many as the form has.
        MalformedParty: a reference has no form.
        SharesNotWhole: the shares do not sum to exactly one.

    Source:
        Civil Code 91/2015/QH13 art. 207-209 (common ownership by shares), art. 210 and 213 (joint,
        of spouses); Law on Land 31/2024/QH15 art. 135 (everybody who holds the right stands on the
        certificate; clause not verified).
    """
    if not holders or len({holder.party for holder in holders}) < len(holders):
        raise _wrong("Name at least one holder, each once.")
    for holder in holders:
        require_named(holder)
    if (legal_form is LegalForm.SINGLE) != (len(holders) == 1):
        raise _wrong("One holder alone holds as single; several hold in another form.")
    if legal_form is LegalForm.SPOUSES and len(holders) != _SPOUSES:
        raise _wrong("Two spouses hold a right of spouses.")
    if sum((holder.share for holder in holders[1:]), holders[0].share) != _WHOLE:
        message = "The shares of the holders must sum to exactly one."
        raise errors.SharesNotWhole.of_field("holders", "shares.sum", message)


def require_named(holder: Holder) -> None:
    """Refuse a holder without a name, or whose date of birth is neither a year nor a day.

    Raises:
        MalformedParty: the reference has no form.
        WrongHolders: the name is empty, or the date has another form.

    Source:
        Law on Land 31/2024/QH15 art. 134-135 (who holds stands on the certificate by name); papers
        before the clean-up of 2025 state the year of birth alone.
    """
    Party.parse(holder.party.ref)
    if not holder.name.strip():
        raise _wrong("A holder has a name.")
    if holder.birth_date is not None and not _BIRTH.fullmatch(holder.birth_date):
        raise _wrong("Write a date of birth as YYYY or YYYY-MM-DD.")


def correct_holder(
    holders: Sequence[Holder], party_ref: str, identity: Identity
) -> tuple[Holder, Holder]:
    """Give a holder as it is recorded, and as it is to be after a correction.

    Args:
        holders: of the right.
        party_ref: who is corrected.
        identity: all that is to be said of the holder; share and role stay.

    Raises:
        NotTheHolder: nobody of that reference is among the holders.
        MalformedParty: the new reference has no form.
        WrongHolders: no name, a date of another form, a reference of another holder, or neither
            name nor number is the former one: that is another person, and needs a transfer.

    Source:
        Law on Land 31/2024/QH15 art. 152 cl. 1 (certificates whose particulars of the holder are
        wrong are corrected; clause recalled); art. 133 (change of name or particulars; clause
        recalled). That one of both must stay: the register's own rule, so that no disposal passes
        for a correction.
    """
    before = next((one for one in holders if one.party.ref == party_ref), None)
    if before is None:
        message = "Nobody of this reference holds the right."
        raise errors.NotTheHolder.of_field("party_ref", "holder.not_held", message)
    after = Holder(
        share=before.share,
        role=before.role,
        **{field.name: getattr(identity, field.name) for field in fields(identity)},
    )
    require_named(after)
    if after.party != before.party:
        if any(one.party == after.party for one in holders):
            raise _wrong("Another holder of the right has this number.")
        if vietnamese.name_key(after.name) != vietnamese.name_key(before.name):
            raise _wrong("Another name and another number are another person: record a transfer.")
    return before, after


def list_after_disposal(
    holders: Sequence[Holder], given: Mapping[str, Fraction], received: Sequence[Holder]
) -> tuple[Holder, ...]:
    """List the holders after some gave shares to others.

    Args:
        holders: before the disposal.
        given: party reference → part of the whole right that it gives.
        received: who gets how much; the address and name of a holder of before are theirs anew.

    Raises:
        NotTheHolder: a giver holds less than it gives.
        SharesNotWhole: what is received is not what is given.

    Source:
        Civil Code 91/2015/QH13 art. 218 (a co-owner disposes of the own share); Law on Land
        31/2024/QH15 art. 27 (rights of transfer and so on belong to the land user).
    """
    left = {holder.party.ref: holder for holder in holders}
    for ref, part in given.items():
        held = left.get(ref)
        if held is None or not 0 < part <= held.share:
            message = "Only who holds a share can give it, and no more than it."
            raise errors.NotTheHolder.of_field("given", "shares.not_held", message)
        left[ref] = replace(held, share=held.share - part)
    if sum(given.values(), Fraction(0)) != sum((one.share for one in received), Fraction(0)):
        message = "What is received must be exactly what is given."
        raise errors.SharesNotWhole.of_field("received", "shares.received", message)
    for one in received:
        before = left.get(one.party.ref)
        left[one.party.ref] = replace(one, share=one.share + (before.share if before else 0))
    return tuple(holder for holder in left.values() if holder.share)


def require_undivided_whole(
    legal_form: LegalForm, holders: Sequence[Holder], given: Mapping[str, Fraction]
) -> None:
    """Refuse that one of several who hold without parts of their own gives a part away.

    Raises:
        NotTheHolder: the form is undivided and not everybody gives everything.

    Source:
        Civil Code 91/2015/QH13 art. 213 cl. 2-4 (spouses dispose of common property together),
        art. 212 (household); Law on Marriage and Family 52/2014/QH13 art. 35 cl. 2 (real estate
        of spouses: agreement in writing).
    """
    whole = {holder.party.ref: holder.share for holder in holders}
    if legal_form in _UNDIVIDED and dict(given) != whole:
        message = "What is held together is disposed of together, as a whole."
        raise errors.NotTheHolder.of_field("given", "shares.undivided", message)


def form_of(holders: Sequence[Holder], *, wanted: LegalForm | None) -> LegalForm:
    """Give the form in which the holders hold after a disposal; nobody said: alone or by shares.

    Source:
        Civil Code 91/2015/QH13 art. 208 (common ownership arises by agreement or law; by shares
        unless it was said otherwise is the reading of art. 209).
    """
    if wanted is not None:
        return wanted
    return LegalForm.SINGLE if len(holders) == 1 else LegalForm.SHARED


def _wrong(message: str) -> errors.WrongHolders:
    return errors.WrongHolders.of_field("holders", "holders.form", message)
