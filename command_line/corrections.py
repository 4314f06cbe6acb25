"""The steward's command that corrects an item of a person: `./natdb persons correct`."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from command_line import acts, in_house
from command_line.acts import IDENTITY_LAW, Basis, Document, Officer, Reason

if TYPE_CHECKING:
    from population.values import PersonName


def correct(
    pin: Annotated[str, typer.Argument(help="personal number, also a former one")],
    item: Annotated[str, typer.Argument(help="such as birth, sex, name, ethnicity_code")],
    value: Annotated[
        str, typer.Argument(help="the right one; a name as family/middle/given; empty: none")
    ],
    reason: Reason,
    document: Document,
    officer: Officer = "",
    legal_basis: Basis = IDENTITY_LAW,
) -> None:
    """Correct an item on all days; what was recorded before stays readable as of its change."""
    from databases.sessions import open_databases
    from population import service

    right = read_value(item, value)
    databases = open_databases("natdb-persons")
    with databases.writing("population") as session:
        done = service.correct_item(
            session,
            act=acts.describe("persons", officer, reason, legal_basis, document),
            pin=pin,
            item=item,
            value=right,
        )
    databases.dispose()
    print(f"Corrected by change {done.change}.")
    acts.print_remarks(done.warnings)


def read_value(item: str, text: str) -> Any:
    """Read the value of an item as its type.

    Raises:
        BadParameter: the item is none that is corrected by a text, or the text is no value of it.
    """
    readers = _readers()
    if item not in readers:
        known = ", ".join(sorted(readers))
        raise typer.BadParameter(f"there is no such item; known are: {known}", param_hint="ITEM")
    try:
        return readers[item](text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="VALUE") from error


def _readers() -> Mapping[str, Callable[[str], Any]]:
    from databases.identifiers import Sex
    from databases.periods import PartialDate
    from population.values import BloodGroup, MaritalStatus

    plain = ("other_name", "old_id_9", "residence_file_no", "mobile_no", "email")
    return {
        **dict.fromkeys(plain, lambda text: text or None),
        "ethnicity_code": functools.partial(_read_code, "ethnic_group"),
        "religion_code": functools.partial(_read_code, "religion"),
        "name": _read_name,
        "birth": PartialDate.parse,
        "sex": lambda text: in_house.choose(Sex, text, "sex"),
        "marital_status": lambda text: in_house.choose(MaritalStatus, text, "marital status"),
        "blood_group": lambda text: in_house.choose(BloodGroup, text, "blood group"),
    }


def _read_code(list_code: str, text: str) -> str | None:
    """Read a code of the newest version of a list; `UnknownCode` if it has none such."""
    from databases.code_lists import reading

    if not text:
        return None
    catalogue = reading.load_catalogue()
    version = catalogue.version_on(list_code, in_house.now().date())
    return catalogue.get(list_code, version, text).code


def _read_name(text: str) -> "PersonName":
    from population.values import PersonName

    parts = [part.strip() for part in text.split("/")]
    if len(parts) != 3:
        raise ValueError("write a name as family/middle/given, such as Nguyễn/Thị/Mai")
    return PersonName(" ".join(part for part in parts if part), *parts)
