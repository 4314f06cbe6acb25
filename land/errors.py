"""The refusals of the land register."""

from collections.abc import Sequence

from databases import errors
from databases.errors import FieldProblem


class ParcelNotFound(errors.NotFound):
    """No parcel of this name is registered on the day."""

    code = "land.parcel_not_found"


class RightNotFound(errors.NotFound):
    """No right of this name is registered on the day."""

    code = "land.right_not_found"


class CertificateNotFound(errors.NotFound):
    """No certificate of this name is registered on the day."""

    code = "land.certificate_not_found"


class MortgageNotFound(errors.NotFound):
    """No mortgage of this name is registered on the day."""

    code = "land.mortgage_not_found"


class RestrictionNotFound(errors.NotFound):
    """No restriction of this name is registered on the day."""

    code = "land.restriction_not_found"


class ResponsibilityNotFound(errors.NotFound):
    """No responsibility of this name is registered on the day."""

    code = "land.responsibility_not_found"


class AlreadyRegistered(errors.Conflict):
    """The name was given before; a name is given once and never again."""

    code = "land.already_registered"


class MalformedParty(errors.Invalid):
    """A reference to a person or body does not have its form."""

    code = "land.malformed_party"


class WrongParcel(errors.Invalid):
    """What is said of a parcel contradicts itself."""

    code = "land.wrong_parcel"


class WrongLandUse(errors.Invalid):
    """A line of land use names no code of its regime, or more area than the parcel has."""

    code = "land.wrong_land_use"


class SharesNotWhole(errors.Invalid):
    """The shares of one right do not sum to one."""

    code = "land.shares_not_whole"


class WrongHolders(errors.Invalid):
    """The holders of a right do not fit its legal form."""

    code = "land.wrong_holders"


class NotTheHolder(errors.Refused):
    """Somebody disposes of a right, or of more of it, than they hold."""

    code = "land.not_the_holder"


class DisposalBlocked(errors.Refused):
    """A restriction in force forbids to dispose of the right."""

    code = "land.disposal_blocked"


class MortgageeConsentMissing(errors.Refused):
    """The right is mortgaged, and a mortgagee has not agreed."""

    code = "land.mortgagee_consent_missing"


class CertificateMissing(errors.Refused):
    """The right is not certified, and what is not certified is not disposed of."""

    code = "land.certificate_missing"


class TermTooLong(errors.Invalid):
    """A lease would outlast the right that it is granted out of."""

    code = "land.term_too_long"


class WrongAmount(errors.Invalid):
    """An amount of money is not above zero, or its currency is no code."""

    code = "land.wrong_amount"


class AreaMismatch(errors.Invalid):
    """Areas that must agree differ by more than the surveys can explain."""

    code = "land.area_mismatch"


class WrongCertificate(errors.Invalid):
    """A certificate has a wrong number, or certifies nothing that is registered."""

    code = "land.wrong_certificate"


class RightsStand(errors.Refused):
    """The parcel still carries rights of others that stand in the way of the act."""

    code = "land.rights_stand"


class RestrictionAlreadyHeld(errors.Conflict):
    """The restriction that is to be set holds already."""

    code = "land.restriction_already_held"


class LaterActRecorded(errors.Conflict):
    """The register holds an act of a later day on the same right: annul or correct that first."""

    code = "land.later_act_recorded"


class WrongContinuation(errors.Invalid):
    """What stood on the former parcels is not carried over to the new ones as it must be."""

    code = "land.wrong_continuation"


class UnknownZone(errors.Invalid):
    """The coordinate reference system is none that surveys are kept in."""

    code = "land.unknown_zone"


class InvalidShape(errors.Invalid):
    """The geometry bounds no land; `fields` points to the ring and vertex."""

    code = "land.invalid_shape"


class MisplacedShape(errors.Invalid):
    """Coordinates cannot lie where they are said to; `fields` points to the vertex."""

    code = "land.misplaced_shape"


class ShapeConflict(errors.Conflict):
    """Shapes claim the same land, or land is lost between them.

    Args:
        shapes: the land in question, as GeoJSON in the zone of the survey, metres.
    """

    code = "land.shape_conflict"

    def __init__(
        self,
        message: str,
        *,
        fields: Sequence[FieldProblem] = (),
        shapes: Sequence[str] = (),
    ) -> None:
        super().__init__(message, fields=fields)
        self.shapes = tuple(shapes)


class OverlappingParcels(ShapeConflict):
    """The parcel takes land of others, more than the surveys can err."""

    code = "land.overlapping_parcels"


class DifferentLand(ShapeConflict):
    """The parcels that come of others are not the same land."""

    code = "land.different_land"
