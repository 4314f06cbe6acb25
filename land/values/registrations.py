"""What an act says: a first registration, a part of a split, a disposal of a right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from land.values.kinds import LegalForm
from land.values.papers import Certificate, Source
from land.values.parcels import LegalSpace, Parcel
from land.values.rights import Holder, Right


@dataclass(frozen=True, slots=True)
class FirstRegistration:
    """Everything that the first registration of a parcel says.

    Args:
        rights: over the parcel and over the spaces on it.
        certificates: issued for these rights.
    """

    parcel: Parcel
    rights: tuple[Right, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    spaces: tuple[LegalSpace, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def parcel_stands_alone(self) -> bool:
        """Tell that nothing is said of who holds the parcel, or of what stands on it."""
        return not (self.rights or self.certificates or self.spaces or self.sources)


@dataclass(frozen=True, slots=True)
class Part:
    """A parcel that comes of others, and what it takes over from them.

    Args:
        right_ids: former right → name of the same right over this parcel; several former rights
            of one holder may become one.
        legal_space_ids: spaces of the former parcels that stand on this one.
        certificates: issued for the rights over this parcel.
    """

    parcel: Parcel
    right_ids: Mapping[str, str] = field(default_factory=dict)
    legal_space_ids: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Disposal:
    """Shares of a right that pass from some to others.

    Args:
        given: party reference → part of the whole right that it gives.
        received: who receives which part of the whole right.
        legal_form: in which the right is held afterwards; None: alone, or by shares.
        consents: names of the mortgages whose mortgagee agreed.
    """

    right_id: str
    given: Mapping[str, Fraction]
    received: tuple[Holder, ...]
    legal_form: LegalForm | None = None
    consents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that is to be granted out of a right.

    Args:
        right: the lease itself: its holders lease, `derived_from` names what it is granted out of,
            `ends_on` is the first day after it.
        lessors: party references of who grants it.
    """

    right: Right
    lessors: frozenset[str]
