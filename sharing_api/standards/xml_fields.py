"""How one value of a record is written in XML; one function per kind of the mapping."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from lxml import etree

from sharing_api.standards.xml_forms import Element, MessageForm

EXCHANGE = "urn:natdb:standards:exchange:1.0"
PSEUDONYM_LENGTH = 22  # 128 bits in base64url; no identifier of a register is that long

_CODE_ATTRIBUTES = (("list", "DanhMuc"), ("version", "PhienBan"), ("name", "TenGoi"))
_DAY_LENGTH = len("2026-03-02")
_MONTH_LENGTH = len("2026-03")

Writer = Callable[[etree._Element, MessageForm, Element, Any], None]


def write_record(parent: etree._Element, form: MessageForm, record: Mapping[str, Any]) -> None:
    """Write the granted fields of one record, in the order of the schema.

    Raises:
        KeyError: the record has a field that the mapping does not know: nothing may be dropped.
    """
    unknown = record.keys() - form.fields - {"disputed_fields"}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    others: list[tuple[str, str, str]] = []
    kinds = {element.field: element.kind for element in form.elements}
    plain: dict[str, Any] = {}
    for name, value in record.items():
        other = _other_format(name, value, kinds.get(name, ""))
        if other is None:
            plain[name] = value
        else:
            others.append(other)
    for element in form.elements:
        _write_element(parent, form, element, plain)
    for tag in ("XacNhan", "VietTat", "DinhDanhThayThe"):
        for kind, name, text in sorted(others):
            if kind == tag:
                add(parent, f"{{{EXCHANGE}}}{tag}", text).set("Truong", name)
    for name in sorted(record.get("disputed_fields", ())):
        etree.SubElement(parent, f"{{{EXCHANGE}}}DangXacMinh").set("Truong", name)


def add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    """Add an element with a text in Unicode normal form C."""
    child = etree.SubElement(parent, tag)
    if text is not None:
        child.text = nfc(text)
    return child


def nfc(text: str) -> str:
    """Give a text in Unicode normal form C; letters and tones stay as they are."""
    return unicodedata.normalize("NFC", text)


def _other_format(name: str, value: Any, kind: str) -> tuple[str, str, str] | None:
    """Tell a value that was granted in another format than its own, by its shape."""
    if isinstance(value, bool) and kind != "boolean":
        return "XacNhan", name, _plain(value)
    if kind == "person_name" and isinstance(value, str):
        return "VietTat", name, value
    if kind == "identifier" and len(value or "") == PSEUDONYM_LENGTH:
        return "DinhDanhThayThe", name, value
    return None


def _write_element(
    parent: etree._Element, form: MessageForm, element: Element, record: Mapping[str, Any]
) -> None:
    if element.kind == "household_head":
        _household_head(parent, form, element, record)
        return
    value = record.get(element.field)
    if value is None:
        return
    kind, _, group = element.kind.partition(":")
    for one in _select(form, element, value):
        if one is None:
            continue
        if group:
            _group(add(parent, element.tag), form, group, one)
        else:
            _WRITERS[kind](parent, form, element, one)


def _select(form: MessageForm, element: Element, value: Any) -> Iterable[Any]:
    if not isinstance(value, list):
        return [] if element.take == "rest" else [value]
    if element.roles:
        return [one for one in value if _code(one["role"]) in element.roles][:1]
    if element.take == "first":
        return value[:1]
    if element.take == "rest":
        return _rest(value, form.claimed_roles(element.field))
    return value


def _rest(entries: list[Any], claimed: frozenset[str]) -> list[Any]:
    if not claimed:
        return entries[1:]
    seen: set[str] = set()
    rest = []
    for entry in entries:
        role = _code(entry["role"])
        if role in claimed and role not in seen:
            seen.add(role)
        else:
            rest.append(entry)
    return rest


def _text(parent: etree._Element, _form: MessageForm, element: Element, value: Any) -> None:
    add(parent, element.tag, _plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return str(value)


def _code(value: Any) -> str:
    return str(value["code"]) if isinstance(value, dict) else str(value)


def _write_code(parent: etree._Element, tag: str, value: Any) -> None:
    child = add(parent, tag, _code(value))
    if isinstance(value, dict):
        for member, attribute in _CODE_ATTRIBUTES:
            if value.get(member):
                child.set(f"{{{EXCHANGE}}}{attribute}", nfc(str(value[member])))


def _coded(parent: etree._Element, _form: MessageForm, element: Element, value: Any) -> None:
    _write_code(parent, element.tag, value)


def _wrapped_code(parent: etree._Element, form: MessageForm, element: Element, value: Any) -> None:
    outer = add(parent, element.tag)
    named = value.get("name") if isinstance(value, dict) else None
    bare = {k: v for k, v in value.items() if k != "name"} if isinstance(value, dict) else value
    _write_code(outer, f"{{{form.namespace}}}{element.inner}", bare)
    if named:
        add(outer, f"{{{form.namespace}}}TenGoi", named)


def _wrapped_date(parent: etree._Element, form: MessageForm, element: Element, value: str) -> None:
    outer = add(parent, element.tag)
    if len(value) == _DAY_LENGTH:
        add(outer, f"{{{form.namespace}}}NgayThangNam", value)
        return
    year = add(outer, f"{{{form.namespace}}}Nam", value[:4])
    if len(value) == _MONTH_LENGTH:
        year.set(f"{{{EXCHANGE}}}NamThang", value)


def _write_name(parent: etree._Element, form: MessageForm, tag: str, value: Any) -> None:
    outer = add(parent, tag)
    parts = value if isinstance(value, dict) else {"full": value}
    if parts.get("full"):
        outer.set(f"{{{EXCHANGE}}}DayDu", nfc(parts["full"]))
    for member, local in (("family", "Ho"), ("middle", "ChuDem"), ("given", "Ten")):
        if parts.get(member):
            add(outer, f"{{{form.namespace}}}{local}", parts[member])


def _person_name(parent: etree._Element, form: MessageForm, element: Element, value: Any) -> None:
    _write_name(parent, form, element.tag, value)


def _place(
    parent: etree._Element, form: MessageForm, element: Element, value: Mapping[str, Any]
) -> None:
    outer = add(parent, element.tag)
    unit = value.get("commune") or value.get("province")
    if unit:
        _write_code(outer, f"{{{form.namespace}}}MaDonViHanhChinh", unit)
    detail = ", ".join(value[m] for m in ("street", "village", "text") if value.get(m))
    if detail:
        add(outer, f"{{{form.namespace}}}ChiTiet", detail)
    if value.get("country"):
        add(outer, f"{{{form.namespace}}}QuocGia", _code(value["country"]))


def _person(
    parent: etree._Element, form: MessageForm, element: Element, value: Mapping[str, Any]
) -> None:
    outer = add(parent, element.tag)
    if element.attribute:
        member, attribute = element.attribute
        outer.set(attribute, _code(value[member]))
    _identify(outer, form, value)
    nationality = value.get("nationality")
    if isinstance(nationality, list):
        nationality = nationality[0] if nationality else None
    if nationality:
        _write_code(outer, f"{{{form.namespace}}}QuocTich", nationality)
    if value.get("name"):
        _write_name(outer, form, f"{{{form.namespace}}}HoVaTen", value["name"])


def _identify(outer: etree._Element, form: MessageForm, value: Mapping[str, Any]) -> None:
    # The core has room for one of the two numbers of a relative.
    if value.get("pin"):
        add(outer, f"{{{form.namespace}}}SoDinhDanh", value["pin"])
    elif value.get("old_id_9"):
        add(outer, f"{{{form.namespace}}}SoCMND", value["old_id_9"])


def _household_person(
    parent: etree._Element, form: MessageForm, tag: str, value: Mapping[str, Any], relation: Any
) -> None:
    outer = add(parent, tag)
    if relation:
        _write_code(outer, f"{{{form.namespace}}}QuanHe", relation)
    _identify(outer, form, value)
    if value.get("name"):
        _write_name(outer, form, f"{{{form.namespace}}}HoVaTen", value["name"])


def _household_head(
    parent: etree._Element, form: MessageForm, element: Element, record: Mapping[str, Any]
) -> None:
    head = (record.get(element.field) or {}).get("head")
    relation = record.get(element.also)
    if head or relation:
        _household_person(parent, form, element.tag, head or {}, relation)


def _household_members(
    parent: etree._Element, form: MessageForm, element: Element, value: Mapping[str, Any]
) -> None:
    for member in value.get("members") or ():
        _household_person(parent, form, element.tag, member, member.get("relation_to_head"))


def _dated_fact(parent: etree._Element, _form: MessageForm, element: Element, value: Any) -> None:
    fact = value if isinstance(value, dict) else {"date": value}
    child = add(parent, element.tag, fact.get("date") or "")
    member, attribute = element.attribute
    if fact.get(member):
        child.set(attribute, _code(fact[member]))


def _named_values(
    parent: etree._Element, _form: MessageForm, element: Element, value: Mapping[str, Any]
) -> None:
    for name in sorted(value):
        if value[name] is not None:
            add(parent, element.tag, _plain(value[name])).set("Ten", name)


def _pairs(
    parent: etree._Element, form: MessageForm, element: Element, value: Mapping[str, Any]
) -> None:
    outer = add(parent, element.tag)
    inner = Element(field=element.field, tag=f"{{{form.namespace}}}GiaTri", kind="named_values")
    _named_values(outer, form, inner, value)


def _group(outer: etree._Element, form: MessageForm, group: str, value: Mapping[str, Any]) -> None:
    unknown = value.keys() - {member for member, _, _ in form.groups[group]}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    for member, local, kind in form.groups[group]:
        child = Element(field=member, tag=f"{{{etree.QName(outer).namespace}}}{local}", kind=kind)
        _write_element(outer, form, child, value)


_WRITERS: Mapping[str, Writer] = {
    "text": _text,
    "identifier": _text,
    "boolean": _text,
    "code": _coded,
    "wrapped_code": _wrapped_code,
    "wrapped_date": _wrapped_date,
    "person_name": _person_name,
    "place": _place,
    "person": _person,
    "household_members": _household_members,
    "dated_fact": _dated_fact,
    "named_values": _named_values,
    "pairs": _pairs,
}
