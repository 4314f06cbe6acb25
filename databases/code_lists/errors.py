"""The named refusals of the code lists."""

from databases import errors


class UnknownCodeList(errors.NotFound):
    """There is no list of this name, or the list has no such version."""

    code = "code_lists.unknown_list"

    def __init__(self, list_code: str, version: str | None = None) -> None:
        self.list_code = list_code
        self.version = version
        of_version = "" if version is None else f" in version {version}"
        super().__init__(
            f"There is no code list {list_code}{of_version}. Name a list and version of the "
            "catalogue.",
            fields=(errors.FieldProblem("list_code", self.code, "unknown list or version"),),
        )


class NoVersionInForce(errors.NotFound):
    """The list has no version that is in force on the day."""

    code = "code_lists.no_version_in_force"


class UnknownCode(errors.NotFound):
    """The version of the list does not hold this code."""

    code = "code_lists.unknown_code"

    def __init__(self, list_code: str, version: str, unknown: str) -> None:
        self.list_code = list_code
        self.version = version
        self.unknown = unknown
        super().__init__(
            f"Code {unknown!r} is not in list {list_code}, version {version}. Check the code and "
            "the version it was written in.",
            fields=(errors.FieldProblem(list_code, self.code, f"not in version {version}"),),
        )


class DuplicateCode(errors.Conflict):
    """The same code stands twice in one version of a list, or is already in the catalogue."""

    code = "code_lists.duplicate_code"


class UnreadableCodeFile(errors.Invalid):
    """A file of codes lacks a column, or a row of it is not a code; `fields` says which line."""

    code = "code_lists.unreadable_file"


class PackageDataMissing(errors.Unavailable):
    """The installed package that carries a list's data is absent or lacks the file."""

    code = "code_lists.package_data_missing"
