"""What a registration file must say."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from databases.errors import FieldProblem
from enterprise import errors, legal, values
from enterprise.values import LegalType, OwnershipKind, SuccessionKind, UnitKind

# Letter of the section, or two to five digits; four digits are used for registration.
_VSIC = re.compile(r"[A-V]|[0-9]{2,5}", re.ASCII)


def require_details(details: values.Details) -> None:
    """Refuse details that lack what every file holds or contradict themselves.

    Raises:
        IncompleteDetails: `fields` lists each problem.

    Source:
        Law on Enterprises 59/2020/QH14 art. 28 (contents of the certificate), art. 4 (charter
        capital is what members committed, so never negative).
    """
    problems = []
    if not details.name_vi.strip():
        problems.append(FieldProblem("name_vi", "name.empty", "The Vietnamese name is missing."))
    if not details.address.as_written.strip():
        problems.append(
            FieldProblem("address", "address.empty", "The head office's address is missing.")
        )
    if details.charter_capital_amount is not None and details.charter_capital_amount < 0:
        problems.append(
            FieldProblem("charter_capital_amount", "capital.negative", "Capital is below zero.")
        )
    shares = [s for s in (details.state_share, details.foreign_share) if s is not None]
    if any(not 0 <= share <= 1 for share in shares) or sum(shares, Decimal(0)) > 1:
        problems.append(
            FieldProblem("state_share", "shares.sum", "State and foreign shares exceed the whole.")
        )
    if problems:
        raise errors.IncompleteDetails("Complete the registration file.", fields=problems)


def require_lines(lines: Sequence[values.IndustryLine]) -> None:
    """Refuse lines of business without exactly one principal line, or with impossible codes.

    Raises:
        WrongIndustryCode: a code has no form of the classification, or appears twice.
        WrongPrincipalLine: none or several lines are principal.

    Source:
        Decision 36/2025/QĐ-TTg and Decision 27/2018/QĐ-TTg (form of codes; a code is one of its
        version). One principal line: registration form of the registry, no article found.
    """
    for line in lines:
        if not _VSIC.fullmatch(line.vsic_code) or not line.vsic_version:
            message = "A code of business is a section letter or two to five digits, with version."
            raise errors.WrongIndustryCode.of_field("lines", "vsic.shape", message)
    if len({(line.vsic_version, line.vsic_code) for line in lines}) < len(lines):
        message = "A line of business is named twice."
        raise errors.WrongIndustryCode.of_field("lines", "vsic.twice", message)
    if sum(line.is_principal for line in lines) != 1:
        message = "Name exactly one principal line of business."
        raise errors.WrongPrincipalLine.of_field("lines", "vsic.principal", message)


def require_representatives(representatives: Sequence[values.Representative]) -> None:
    """Refuse a file without a legal representative, or one named twice or not a person.

    Raises:
        NoRepresentative: none is named, or one wrongly.

    Source:
        Law on Enterprises 59/2020/QH14 art. 12 (legal representatives are individuals; an
        enterprise has one or more).
    """
    refs = {representative.party.ref for representative in representatives}
    is_wrong = any(not r.party.is_individual for r in representatives)
    if not refs or len(refs) < len(representatives) or is_wrong:
        message = "Name at least one individual as legal representative, each once."
        raise errors.NoRepresentative.of_field(
            "representatives", "representative.required", message
        )


def require_owners(
    legal_type: LegalType, owners: Sequence[values.Owner], *, on: date
) -> tuple[FieldProblem, ...]:
    """Refuse owners that the legal type does not allow, and shares above the whole.

    Returns:
        warnings where the law's number is not certain enough to refuse.

    Raises:
        WrongOwner: an owner is named twice, or is no individual where the law wants one.
        WrongNumberOfOwners: too few or too many for the legal type.
        SharesExceedWhole: capital or voting shares add up to more than one.

    Source:
        Law on Enterprises 59/2020/QH14 arts 46, 74, 111, 177, 188 (numbers, see `legal.OWNERS`),
        art. 4 (charter capital is the sum of contributions).
    """
    _require_owner_kinds(legal_type, owners)
    _require_shares(owners)
    counted = [
        o for o in owners if legal_type is not LegalType.PART or o.kind is OwnershipKind.PARTNER
    ]
    lowest, highest = legal.OWNERS[legal_type]
    warnings = []
    for limit, is_broken in (
        (lowest, lowest is not None and len(counted) < lowest.value),
        (highest, highest is not None and len(counted) > highest.value),
    ):
        if limit is None or not is_broken or not limit.holds_on(on):
            continue
        problem = FieldProblem(
            "owners", "owners.number", f"The legal type goes with {limit.value} {limit.unit}."
        )
        if limit.may_refuse:
            raise errors.WrongNumberOfOwners(problem.message, fields=[problem])
        warnings.append(problem)
    return tuple(warnings)


def _require_owner_kinds(legal_type: LegalType, owners: Sequence[values.Owner]) -> None:
    if len({owner.party.ref for owner in owners}) < len(owners):
        message = "An owner is named twice: add up what is held."
        raise errors.WrongOwner.of_field("owners", "owners.twice", message)
    needs_people = [
        o
        for o in owners
        if legal_type is LegalType.PRIV
        or (legal_type is LegalType.PART and o.kind is OwnershipKind.PARTNER)
    ]
    if any(not owner.party.is_individual for owner in needs_people):
        message = "Only an individual can be owner or general partner here."
        raise errors.WrongOwner.of_field("owners", "owners.individual", message)


def _require_shares(owners: Sequence[values.Owner]) -> None:
    capital = [o.capital_share for o in owners if o.capital_share is not None]
    votes = [
        o.capital_share if o.voting_share is None else o.voting_share
        for o in owners
        if o.voting_share is not None or o.capital_share is not None
    ]
    is_outside = any(not 0 < s <= 1 for s in capital) or any(s is None or s < 0 for s in votes)
    if is_outside or sum(capital) > 1 or sum(v for v in votes if v is not None) > 1:
        message = "Shares lie above zero and add up to at most the whole."
        raise errors.SharesExceedWhole.of_field("owners", "shares.sum", message)


def require_controllers(controllers: Sequence[values.Controller]) -> None:
    """Refuse control by anything else than an individual, or the same means named twice.

    Raises:
        WrongOwner: as said.

    Source:
        Law on Enterprises art. 4 cl. 35 as added by Law 76/2025/QH15 (individuals only).
    """
    seen = {(c.party.ref, c.means) for c in controllers}
    if len(seen) < len(controllers) or any(not c.party.is_individual for c in controllers):
        message = "Control is held by individuals, each means named once."
        raise errors.WrongOwner.of_field("controllers", "controllers.individual", message)


def require_unit(enterprise_code: str, unit: values.DependentUnit) -> None:
    """Refuse a unit whose code does not fit its kind or its enterprise.

    Raises:
        WrongDependentUnit: as said.

    Source:
        Circular 105/2020/TT-BTC art. 5 (13 digits, suffix 001-999); business locations have a
        serial of five digits (recalled, medium confidence: shape only).
    """
    if unit.kind is UnitKind.LOC:
        fits = re.fullmatch(r"[0-9]{5}", unit.unit_code, re.ASCII) and unit.unit_code != "00000"
    else:
        shape = rf"{enterprise_code}-[0-9]{{3}}"
        fits = re.fullmatch(shape, unit.unit_code, re.ASCII) and unit.unit_code[-3:] != "000"
    if not fits:
        message = "Write NNNNNNNNNN-NNN for a branch or office, five digits for a location."
        raise errors.WrongDependentUnit.of_field("unit_code", "unit_code.fits", message)


def require_reorganisation(
    kind: SuccessionKind, predecessors: Sequence[str], successors: Sequence[str]
) -> None:
    """Refuse a reorganisation whose enterprises do not fit its kind.

    Raises:
        WrongSuccession: as said.

    Source:
        Law on Enterprises 59/2020/QH14 arts 198 (split), 199 (separation), 200 (consolidation),
        201 (merger), 202-205 (conversion).
    """
    counts = (len(predecessors), len(successors))
    both = set(predecessors) & set(successors)
    fits = {
        SuccessionKind.MERGE: counts[0] >= 1 and counts[1] == 1,
        SuccessionKind.CONSOLIDATE: counts[0] >= 2 and counts[1] == 1,
        SuccessionKind.SPLIT: counts[0] == 1 and counts[1] >= 2,
        SuccessionKind.SEPARATE: counts[0] == 1 and counts[1] >= 1,
        SuccessionKind.CONVERT: counts == (1, 1),
    }[kind]
    is_repeated = len(set(predecessors)) < counts[0] or len(set(successors)) < counts[1]
    if not fits or both or is_repeated:
        message = "The enterprises named do not fit this kind of reorganisation."
        raise errors.WrongSuccession.of_field("successors", "succession.kind", message)


def ends_predecessor(kind: SuccessionKind) -> bool:
    """Test whether the predecessor ceases to exist.

    Source:
        Law on Enterprises 59/2020/QH14 arts 198, 200, 201: split, consolidated and merged
        companies end; art. 199: the separated company goes on; arts 202-205: converted, the old
        form ends.
    """
    return kind is not SuccessionKind.SEPARATE
