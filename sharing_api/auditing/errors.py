"""The refusals of auditing."""

from databases import errors


class SearchNotFound(errors.NotFound):
    """No search was saved under that name."""

    code = "auditing.search_not_found"


class ImpossibleCondition(errors.Invalid):
    """A condition of a search that nothing can fulfil, or a name that cannot be kept."""

    code = "auditing.impossible_condition"


class OfficersUnreadable(errors.Invalid):
    """A list of officers that cannot be filed; `fields` names the lines."""

    code = "auditing.officers_unreadable"


class ImpossibleQuarter(errors.Invalid):
    """A quarter is written as year and number, such as 2026Q1, and has ended."""

    code = "auditing.impossible_quarter"
