"""The named refusals of a load as a whole; what is wrong with one row goes to the rejects file."""

from databases import errors


class UnreadableFile(errors.Invalid):
    """The file is empty, is not a table, or is not written in UTF-8."""

    code = "loading.unreadable_file"


class BadMapping(errors.Invalid):
    """The mapping file does not say what it must say, or does not fit the register."""

    code = "loading.bad_mapping"


class ColumnsMissing(errors.Invalid):
    """The file lacks columns that the mapping reads, or names a column twice."""

    code = "loading.columns_missing"


class RowsLost(errors.Conflict):
    """Accepted and rejected rows do not add up to the rows read: nothing was recorded."""

    code = "loading.rows_lost"
