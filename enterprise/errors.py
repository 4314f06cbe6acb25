"""The named refusals of the enterprise register."""

from databases import errors


class EnterpriseNotFound(errors.NotFound):
    """No enterprise of this code is registered on the day."""

    code = "enterprise.enterprise_not_found"


class DependentUnitStands(errors.Conflict):
    """The enterprise still has a dependent unit: an end would leave it without one to depend on."""

    code = "enterprise.dependent_unit_stands"


class DependentUnitNotFound(errors.NotFound):
    """No dependent unit of this code is registered on the day."""

    code = "enterprise.dependent_unit_not_found"


class EnterpriseAlreadyRegistered(errors.Conflict):
    """The code was given before; a code is given once and never again."""

    code = "enterprise.already_registered"


class ActNotAllowedInStatus(errors.Refused):
    """The legal status of the enterprise on the day does not allow the act."""

    code = "enterprise.act_not_allowed_in_status"


class StatusNotHeld(errors.Conflict):
    """The status that is to be ended does not hold on the day."""

    code = "enterprise.status_not_held"


class StatusAlreadyHeld(errors.Conflict):
    """The status that is to be set holds already on some of the days."""

    code = "enterprise.status_already_held"


class SuspensionTooLong(errors.Invalid):
    """A suspension is longer than one notice may ask for."""

    code = "enterprise.suspension_too_long"


class WrongNumberOfOwners(errors.Invalid):
    """The legal type does not allow this number of owners, members or shareholders."""

    code = "enterprise.wrong_number_of_owners"


class SharesExceedWhole(errors.Invalid):
    """Shares of one enterprise add up to more than the whole."""

    code = "enterprise.shares_exceed_whole"


class WrongPrincipalLine(errors.Invalid):
    """An enterprise has exactly one principal line of business."""

    code = "enterprise.wrong_principal_line"


class WrongIndustryCode(errors.Invalid):
    """An industry code does not have the form of its level, or appears twice."""

    code = "enterprise.wrong_industry_code"


class NoRepresentative(errors.Invalid):
    """An enterprise has at least one legal representative."""

    code = "enterprise.no_representative"


class WrongOwner(errors.Invalid):
    """An owner appears twice, or the legal type does not allow an owner of this kind."""

    code = "enterprise.wrong_owner"


class WrongSuccession(errors.Invalid):
    """The enterprises of a reorganisation do not fit its kind."""

    code = "enterprise.wrong_succession"


class WrongDependentUnit(errors.Invalid):
    """The code of a dependent unit does not fit its kind or its enterprise."""

    code = "enterprise.wrong_dependent_unit"


class MalformedParty(errors.Invalid):
    """A reference to an owner, representative or controller does not have its form."""

    code = "enterprise.malformed_party"


class IncompleteDetails(errors.Invalid):
    """Something that every registration file holds is missing or contradicts itself."""

    code = "enterprise.incomplete_details"
