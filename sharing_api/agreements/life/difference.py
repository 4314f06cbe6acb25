"""What two versions of an agreement say differently, in words. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["gained", "lost", "changed"]
# Gives the Vietnamese title of a field of a dataset; empty when it has none.
Titles = Callable[[str, str], str]

_KINDS_VI = {"gained": "thêm", "lost": "bớt", "changed": "thay đổi"}
# Lists of an agreement as a whole and of one dataset: member, word, Vietnamese term.
_LISTS = (
    ("purposes", "purpose", "mục đích"),
    ("legal_basis", "legal basis", "căn cứ pháp lý"),
    ("procedures", "procedure", "thủ tục hành chính"),
)
_DATASET_LISTS = (
    ("predicates", "search predicate", "tiêu chí tìm kiếm"),
    ("operations", "operation", "hình thức khai thác"),
    ("required_claims", "attribute that must be stated", "thông tin bắt buộc cung cấp"),
    ("linkage_with", "register to be joined with", "cơ sở dữ liệu được đối chiếu"),
    ("search_combinations", "combination to search by", "tổ hợp tiêu chí tìm kiếm"),
)
_DATASET_VALUES = (
    ("search_limit", "most records of a search", "số bản ghi tối đa mỗi lần tìm"),
    ("matching", "search for candidates", "tìm hồ sơ tương đồng"),
)
_VALUES = (
    ("title", "title", "tên thỏa thuận"),
    ("territory", "territory", "phạm vi địa bàn"),
    ("population", "part of the population", "phạm vi đối tượng"),
    ("quota", "quota", "hạn mức"),
    ("retention", "retention", "thời hạn lưu giữ"),
    ("valid_from", "first day", "ngày có hiệu lực"),
    ("valid_to", "day of its end", "ngày hết hiệu lực"),
    ("protected_persons", "right to protected persons", "quyền tra cứu đối tượng bảo vệ"),
    ("unfit_purposes", "purposes that do not fit", "mục đích không phù hợp thủ tục"),
    ("contact", "contact", "đầu mối liên hệ"),
)
# Members that name a version, not what it says.
_NAMES = frozenset({"standard", "agreement", "version", "previous", "provider", "consumer"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a version says and another does not, or says otherwise.

    Args:
        kind: gained and lost are the consumer's; what is neither is changed.
        place: dataset, or empty for the agreement as a whole.
        name: field, predicate, purpose or member.
        sentence: in English, with the Vietnamese term.
    """

    kind: Kind
    place: str
    name: str
    sentence: str


def compare(
    old: Mapping[str, Any], new: Mapping[str, Any], titles: Titles
) -> tuple[Difference, ...]:
    """Say what a new version says differently; in a fixed order, empty when nothing.

    Args:
        old, new: contents of two versions.
    """
    found = [
        *(_of_lists(old, new, _LISTS, "")),
        *_of_datasets(old.get("datasets", {}), new.get("datasets", {}), titles),
        *_of_values(old, new, _VALUES, ""),
        *_of_delegates(old.get("delegates", ()), new.get("delegates", ())),
    ]
    told = {member for member, *_ in (*_LISTS, *_VALUES)} | {"datasets", "delegates"} | _NAMES
    for name in sorted((old.keys() | new.keys()) - told):
        found += _of_values(old, new, ((name, name, name),), "")
    return tuple(found)


def _of_datasets(
    old: Mapping[str, Any], new: Mapping[str, Any], titles: Titles
) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            yield _make("lost" if after is None else "gained", name, name, "dataset", "tập dữ liệu")
        yield from _of_fields(
            (before or {}).get("fields", {}), (after or {}).get("fields", {}), name, titles
        )
        yield from _of_lists(before or {}, after or {}, _DATASET_LISTS, name)
        yield from _of_values(before or {}, after or {}, _DATASET_VALUES, name)


def _of_fields(
    old: Mapping[str, str], new: Mapping[str, str], dataset: str, titles: Titles
) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        kind: Kind = "gained" if before is None else "lost" if after is None else "changed"
        title = titles(dataset, name) or "trường dữ liệu"
        how = f", as {after or before}" if kind != "changed" else f", from {before} to {after}"
        yield _make(kind, dataset, name, "field", title, how)


def _of_lists(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    members: Sequence[tuple[str, str, str]],
    place: str,
) -> Iterator[Difference]:
    for member, word, term in members:
        before, after = _listed(old.get(member)), _listed(new.get(member))
        for name in sorted(after.keys() - before.keys()):
            yield _make("gained", place, name, word, term)
        for name in sorted(before.keys() - after.keys()):
            yield _make("lost", place, name, word, term)


def _listed(written: Any) -> dict[str, None]:
    return {
        " + ".join(sorted(one)) if isinstance(one, list) else str(one): None
        for one in written or ()
    }


def _of_values(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    members: Sequence[tuple[str, str, str]],
    place: str,
) -> Iterator[Difference]:
    for member, word, term in members:
        before, after = old.get(member), new.get(member)
        if before != after:
            how = f", from {_worded(before)} to {_worded(after)}"
            yield _make("changed", place, member, word, term, how, is_named=False)


def _of_delegates(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    before, after = ({_worded(one): one for one in several} for several in (old, new))
    for name in sorted(after.keys() - before.keys()):
        yield _make("gained", "", name, "delegate", "cơ quan được ủy quyền")
    for name in sorted(before.keys() - after.keys()):
        yield _make("lost", "", name, "delegate", "cơ quan được ủy quyền")


def _make(
    kind: Kind,
    place: str,
    name: str,
    word: str,
    term: str,
    how: str = "",
    *,
    is_named: bool = True,
) -> Difference:
    where = f" of {place}" if place and place != name else ""
    what = f"{word} {name}" if is_named else word
    sentence = f"{kind} ({_KINDS_VI[kind]}): {what}{where}{how} ({term})"
    return Difference(kind, place, name, sentence)


def _worded(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_worded(one)}" for name, one in sorted(value.items()))
    if isinstance(value, list):
        return " and ".join(_worded(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
