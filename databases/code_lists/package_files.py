"""Finds data files of installed packages without importing the packages, and describes them."""

import hashlib
import importlib.metadata
from pathlib import Path

from databases.code_lists import errors, values


def locate(package: str, file_name: str) -> Path:
    """Give the path of a data file of an installed package, which is not imported.

    Raises:
        PackageDataMissing: the package is not installed or lacks the file.
    """
    try:
        files = importlib.metadata.files(package) or ()
    except importlib.metadata.PackageNotFoundError:
        files = ()
    for file in files:
        if str(file) == file_name:
            return Path(str(file.locate()))
    raise errors.PackageDataMissing(
        f"The data file {file_name} of package {package} is missing. Install the locked "
        "requirements again."
    )


def describe(publisher: str, publisher_version: str, path: Path) -> values.SourceFile:
    """Describe a file by its publisher and the hash of its bytes."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return values.SourceFile(publisher, publisher_version, path.name, digest)
