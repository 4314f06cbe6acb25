"""The named refusals of the sample country."""

from databases import errors


class ImpossibleSize(errors.Invalid):
    """A country of that size cannot be drawn."""

    code = "sample_country.impossible_size"


class AnotherCountryLoaded(errors.Conflict):
    """The register holds a sample country of another size or seed."""

    code = "sample_country.another_country_loaded"


class RegisterNotEmpty(errors.Conflict):
    """The register holds changes that are no sample country's."""

    code = "sample_country.register_not_empty"
