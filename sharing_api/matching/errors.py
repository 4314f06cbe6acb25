"""The refusals of record matching."""

from databases import errors


class UnknownModel(errors.Invalid):
    """There is no model of this version."""

    code = "matching.unknown_model"


class BadMapping(errors.Invalid):
    """A mapping does not say which columns are which fields."""

    code = "matching.bad_mapping"


class ColumnsMissing(errors.Invalid):
    """Columns that the mapping names are not in the file, or stand there twice."""

    code = "matching.columns_missing"


class RecordIdsRepeat(errors.Invalid):
    """Two records of a file are called alike, so that what is found of them cannot be told."""

    code = "matching.record_ids_repeat"


class BadLabels(errors.Invalid):
    """A file of labelled pairs cannot be used."""

    code = "matching.bad_labels"


class NothingToCompare(errors.Invalid):
    """The records have no field by which two of them could be compared."""

    code = "matching.nothing_to_compare"


class EngineMissing(errors.Invalid):
    """What is to do the work is not on this machine."""

    code = "matching.engine_missing"


class UnknownField(errors.Invalid):
    """A field is given of which nothing was learned."""

    code = "matching.unknown_field"


class NotLearned(errors.Unavailable):
    """A dataset has no index yet, or what was learned of it cannot be read: it is being made."""

    code = "matching.not_learned"
