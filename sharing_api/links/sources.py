"""What is read of each register, and of whom its records speak.

A record becomes mentions: one for each person or enterprise in it, with the fields of the likeness.
When what is kept of a record changes, `VERSION` grows and the next run reads everything anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sharing_api.links import errors
from sharing_api.links.values import Comparison, Mention
from sharing_api.matching.fields.several import MOST_VALUES
from sharing_api.matching.files import registers
from sharing_api.matching.files.registers import write_address, write_sex, write_text

VERSION = 1
PERSON, ENTERPRISE = "person", "enterprise"
KIN, KIN_OF = "relations", "population/citizen"
_REGISTERS = ("population", "enterprise", "land", "insurance", "finance")
_PIN_DIGITS, _CARD_DIGITS = 12, 9

Values = Mapping[str, Any]
# Part, subject, fields with one value or several.
Said = Iterator[tuple[str, str, Mapping[str, str | Sequence[str]]]]


@dataclass(frozen=True)
class Source:
    """How a dataset is read.

    Args:
        dataset: `register/dataset`.
        fields: asked for, whoever reads it, so that what is shown is what was compared.
        speak: gives of whom a record speaks, by its key and values.
    """

    dataset: str
    fields: tuple[str, ...]
    speak: Callable[[str, Values], Said]

    @property
    def joined_with(self) -> tuple[str, ...]:
        """The other registers of the linkage."""
        return tuple(one for one in _REGISTERS if one != self.dataset.partition("/")[0])

    def list_mentions(self, key: str, values: Values, change: int) -> list[Mention]:
        """List of whom a record speaks; fields without a value are left out."""
        return [
            Mention(self.dataset, key, part, subject, _filled(fields), change)
            for part, subject, fields in self.speak(key, values)
        ]


def _filled(fields: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    lists = {
        name: (one,) if isinstance(one, str) else tuple(one)[:MOST_VALUES]
        for name, one in fields.items()
    }
    return {name: some for name, texts in lists.items() if (some := tuple(filter(None, texts)))}


def _own(name: str, values: Values) -> dict[str, str | Sequence[str]]:
    """Read a register's own record as where a file is matched against it."""
    return {field: one.read(values) for field, one in registers.SOURCES[name].fields.items()}


def _citizen(key: str, values: Values) -> Said:
    if values["pin"] == key:  # else it is a number that was cancelled: its bearer names it too
        yield "", PERSON, _own("population", values)


def _enterprise(key: str, values: Values) -> Said:
    del key
    yield "", ENTERPRISE, _own("enterprise", values)
    people: dict[str, Values] = {}
    for role in ("legal_representatives", "owners"):
        for one in values[role] or ():
            people[one["party"]] = {**one, **people.get(one["party"], {})}
    for party, one in people.items():
        numbers = _number_of_person(party)
        if numbers is not None:
            yield (
                party,
                PERSON,
                {
                    "full_name": write_text(one["name"]),
                    "birth_date": write_text(one["birth_date"]),
                    "sex": write_text(one.get("sex")),
                    "address": write_text(one["contact_address"]),
                    **numbers,
                },
            )


def _number_of_person(party: str) -> dict[str, str] | None:
    """Give the number in a reference to a person; None for a reference to somebody else."""
    kind, _, rest = party.partition(":")
    number = rest.rpartition(":")[2]
    if kind == "pin":
        return {"personal_number": number}
    if kind == "document":
        return {"old_card_number": number} if len(number) == _CARD_DIGITS else {}
    return {} if kind == "unidentified" else None


def _numbered(number: str, name: str) -> Said:
    if len(number) == _PIN_DIGITS:
        yield "", PERSON, {"full_name": name, "personal_number": number}
    else:
        yield "", ENTERPRISE, {"name": name, "enterprise_code": number}


def _holding(key: str, values: Values) -> Said:
    names = values["names"] or [""]
    yield from _numbered(key, names[0])


def _certificate(key: str, values: Values) -> Said:
    del key
    for one in values["holders"] or ():
        kind = one["party"].partition(":")[0]
        if kind in ("document", "unidentified"):  # who has a number is a holding of their own
            said = {"full_name": one["name"], "birth_date": write_text(one["birth_date"])}
            yield one["party"], PERSON, {**said, **(_number_of_person(one["party"]) or {})}


def _participant(key: str, values: Values) -> Said:
    del key
    yield (
        "",
        PERSON,
        {
            "full_name": write_text(values["full_name"]),
            "birth_date": write_text(values["date_of_birth"]),
            "sex": write_sex(values["sex"]),
            "address": write_address(values["residence"]),
            "telephone": write_text(values["phone"]),
            "personal_number": write_text(values["pin"]),
        },
    )


def _employer(key: str, values: Values) -> Said:
    del key
    yield (
        "",
        ENTERPRISE,
        {
            "name": write_text(values["employer_name"]),
            "enterprise_code": write_text(values["enterprise_code"]),
            "address": write_address(values["address"]),
        },
    )


def _taxpayer(key: str, values: Values) -> Said:
    del key
    yield from _numbered(values["taxpayer_code"], write_text(values["name"]))


def _published(name: str, *more: str) -> tuple[str, ...]:
    source = registers.SOURCES[name]
    return tuple(sorted({source.key, *(one.published for one in source.fields.values()), *more}))


_PEOPLE, _FIRMS = (registers.SOURCES[name].dataset for name in ("population", "enterprise"))
SOURCES: tuple[Source, ...] = (
    Source(_PEOPLE, _published("population"), _citizen),
    Source(
        _FIRMS,
        _published("enterprise", "legal_representatives", "owners"),
        _enterprise,
    ),
    Source("land/holding", ("party_number", "names"), _holding),
    Source("land/certificate", ("issue_number", "holders"), _certificate),
    Source(
        "insurance/participant",
        (
            "participant_no", "pin", "full_name", "date_of_birth", "sex", "residence", "phone",
        ),
        _participant,
    ),
    Source(
        "insurance/employer",
        ("unit_code", "enterprise_code", "employer_name", "address"),
        _employer,
    ),
    Source("finance/taxpayer", ("taxpayer_code", "name"), _taxpayer),
)  # fmt: skip
BY_DATASET: Mapping[str, Source] = {one.dataset: one for one in SOURCES}

COMPARISONS: tuple[Comparison, ...] = (
    Comparison("population.duplicates", PERSON, (), _PEOPLE),
    Comparison("insurance.person", PERSON, ("insurance/participant",), _PEOPLE),
    Comparison("land.person", PERSON, ("land/holding", "land/certificate"), _PEOPLE),
    Comparison("finance.person", PERSON, ("finance/taxpayer",), _PEOPLE),
    Comparison("enterprise.person", PERSON, (_FIRMS,), _PEOPLE),
    Comparison("insurance.enterprise", ENTERPRISE, ("insurance/employer",), _FIRMS),
    Comparison("land.enterprise", ENTERPRISE, ("land/holding",), _FIRMS),
    Comparison("finance.enterprise", ENTERPRISE, ("finance/taxpayer",), _FIRMS),
)
BY_SUBJECT: Mapping[str, str] = {PERSON: _PEOPLE, ENTERPRISE: _FIRMS}
BY_NAME: Mapping[str, Comparison] = {one.name: one for one in COMPARISONS}


def get_comparison(name: str) -> Comparison:
    """Get a comparison by its name.

    Raises:
        UnknownComparison: there is none.
    """
    if name not in BY_NAME:
        raise errors.UnknownComparison(f"Known comparisons are: {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def comparisons_of(side: str) -> list[str]:
    """Name the comparisons that mentions of a side take part in."""
    return [one.name for one in COMPARISONS if side == one.sides[1] or side in one.sides[0]]
