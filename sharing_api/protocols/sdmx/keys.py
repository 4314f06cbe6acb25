"""Series keys and component filters, as conditions on the dimensions. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from databases.errors import FieldProblem
from sharing_api.protocols.sdmx import errors

Conditions = dict[str, tuple[str, ...]]
EVERYTHING = ("", "all", "*")


def read_key(key: str, dimensions: Mapping[str, Collection[str]]) -> Conditions:
    """Read a series key: a place for each dimension, `+` between codes, nothing for all of them.

    Args:
        dimensions: dimension → its codes, in the order of the key; without the time.

    Raises:
        QueryNotParsed: it has too many or too few places, or a place is not codes joined by `+`.
        QueryNotUnderstood: a place holds what is no code of its dimension.
        FeatureNotOffered: several keys at once.
    """
    if key in EVERYTHING:
        return {}
    if "," in key:
        raise errors.FeatureNotOffered(
            "Several keys in one query are not offered; use + inside a place, or c[…] filters."
        )
    places = key.split(".")
    _require_places(places, tuple(dimensions))
    found: Conditions = {}
    problems: list[FieldProblem] = []
    for number, (name, place) in enumerate(zip(dimensions, places, strict=True), start=1):
        if place not in EVERYTHING:
            where = f"key, place {number} ({name})"
            found[name] = read_codes(place.split("+"), dimensions[name], where, problems)
    _refuse(problems)
    return found


def read_filter(name: str, text: str, dimensions: Mapping[str, Collection[str]]) -> Conditions:
    """Read the component filter `c[name]=text`: codes with commas between.

    Raises:
        QueryNotParsed, QueryNotUnderstood: as for a key.
        FeatureNotOffered: another comparison than being equal.
    """
    where = f"c[{name}]"
    if name not in dimensions:
        raise errors.QueryNotUnderstood.of_field(
            where, "sdmx.component", f"Filter by one of {', '.join(dimensions)} or TIME_PERIOD."
        )
    operator, colon, codes = text.partition(":")
    if colon and operator != "eq":
        raise errors.FeatureNotOffered.of_field(
            where, "sdmx.operator", "Codes are compared by eq only."
        )
    problems: list[FieldProblem] = []
    chosen = read_codes((codes if colon else text).split(","), dimensions[name], where, problems)
    _refuse(problems)
    return {name: chosen}


def read_codes(
    codes: Iterable[str], known: Collection[str], where: str, problems: list[FieldProblem]
) -> tuple[str, ...]:
    """Read the codes of one place; what is wrong with it is added to the problems."""
    chosen = tuple(dict.fromkeys(codes))
    if any(code in EVERYTHING for code in chosen):
        problems.append(FieldProblem(where, "sdmx.empty_code", "Write a code between two signs."))
    elif unknown := [number for number, code in enumerate(chosen, 1) if code not in known]:
        which = "its code" if len(chosen) == 1 else f"code {unknown[0]} of it"
        message = f"{which[0].upper()}{which[1:]} is not in the dimension's code list."
        problems.append(FieldProblem(where, "sdmx.unknown_code", message))
    return chosen


def join(conditions: Iterable[Conditions]) -> Conditions:
    """Join conditions that must all hold.

    Raises:
        NoResults: two of them leave no code of a dimension.
    """
    joined: Conditions = {}
    for one in conditions:
        for name, codes in one.items():
            both = [code for code in joined.get(name, codes) if code in codes]
            if not both:
                raise errors.NoResults("The conditions of the query exclude one another.")
            joined[name] = tuple(both)
    return joined


def _require_places(places: Sequence[str], names: Sequence[str]) -> None:
    if len(places) == len(names):
        return
    at = min(len(places), len(names)) + 1
    what = f"is missing: {names[at - 1]}" if len(places) < len(names) else "has no dimension"
    raise errors.QueryNotParsed.of_field(
        f"key, place {at}",
        "sdmx.key_length",
        f"A key has {len(names)} places ({'.'.join(names)}); place {at} {what}.",
    )


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if not problems:
        return
    kind = errors.QueryNotUnderstood
    if any(one.rule == "sdmx.empty_code" for one in problems):
        raise errors.QueryNotParsed("The key cannot be read.", fields=problems)
    raise kind("The query names what the structure does not have.", fields=problems)
