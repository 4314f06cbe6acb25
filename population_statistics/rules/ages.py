"""Groups of age. Pure."""

from functools import cache

from population_statistics.values import ALL

OPEN_AGE = 85
_STEP = 5
# First and last age of the groups beside those of five years; None: without limit.
_BANDS = ((0, 14), (15, 64), (60, None), (65, None))


def name(first: int, last: int | None) -> str:
    """Name a group of ages as SDMX does.

    Source:
        SDMX cross-domain code list CL_AGE; no law.

    >>> name(0, 4), name(85, None)
    ('Y0T4', 'Y_GE85')
    """
    return f"Y_GE{first}" if last is None else f"Y{first}T{last}"


def single(age: int) -> str:
    """Name a single year of age; the last one is open.

    Source:
        SDMX cross-domain code list CL_AGE; no law.
    """
    return name(OPEN_AGE, None) if age >= OPEN_AGE else f"Y{age}"


@cache
def five_years(age: int) -> str:
    """Name the group of five years that an age lies in; the last one is open.

    Source:
        Decree 94/2022/NĐ-CP, content of the population indicators: groups of five years of age.
    """
    if age >= OPEN_AGE:
        return name(OPEN_AGE, None)
    first = age - age % _STEP
    return name(first, first + _STEP - 1)


@cache
def group_of(single_age: str) -> str:
    """Name the group of five years that a named single year lies in.

    Source:
        SDMX cross-domain code list CL_AGE; no law.

    >>> group_of("Y7")
    'Y5T9'
    """
    return five_years(OPEN_AGE if "GE" in single_age else int(single_age[1:]))


@cache
def groups_of_five_years(group: str) -> tuple[str, ...]:
    """Name all groups that a group of five years lies in, the whole population among them.

    Source:
        Decree 94/2022/NĐ-CP, content of the population indicators: groups of five years, children,
        working age and the old.
    """
    first = int(group.removeprefix("Y_GE").removeprefix("Y").partition("T")[0])
    bands = [
        name(start, last)
        for start, last in _BANDS
        if first >= start and (last is None or first <= last)
    ]
    return (ALL, group, *bands)


def list_five_years(first: int, last: int) -> tuple[str, ...]:
    """List the names of the groups of five years between two ages, both inside.

    Source:
        Decree 94/2022/NĐ-CP, content of the population indicators: groups of five years of age.
    """
    return tuple(five_years(age) for age in range(first, last + 1, _STEP))
