"""The XML form of messages: written in the order of the schema, read by a hardened parser."""

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from sharing_api.standards import errors, validate, xml_fields, xml_forms

PROBLEM = "urn:ietf:rfc:7807"
QUESTION = "urn:natdb:standards:question:1.0"

_PROBLEM_MEMBERS = ("type", "title", "status", "detail", "instance", "code")


def render(
    name: str, version: str, envelope: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> bytes:
    """Write and check the message of a look-up or search in the XML form of a dataset's standard.

    Args:
        name, version: standard with a mapping, such as citizen 1.0.
        envelope: what the JSON form says beside its records: time, register, change, valid_on and
            perhaps notes.
        records: granted fields only, as in the JSON form.

    Raises:
        UnknownStandard: no such standard, or it has no XML form.
        NonconformingMessage: a field or value has no place in the XML form.
    """
    form = xml_forms.load_form(name, version)
    prefixes: dict[Any, str] = {
        None: form.namespace,
        "e": form.extension,
        "x": xml_fields.EXCHANGE,
    }
    if form.extension == form.namespace:
        del prefixes["e"]
    root = etree.Element(form.collection, nsmap=prefixes)
    if envelope.get("notes"):
        notes = " ".join(note["message"] for note in envelope["notes"])
        root.set("GhiChu", xml_fields.nfc(notes))
    root.set("ThoiDiemDuLieu", envelope["time"])
    root.set(form.count, str(len(records)))
    root.set(f"{{{xml_fields.EXCHANGE}}}CoSoDuLieu", envelope["register"])
    root.set(f"{{{xml_fields.EXCHANGE}}}SoThayDoi", str(envelope["change"]))
    root.set(f"{{{xml_fields.EXCHANGE}}}NgayHieuLuc", envelope["valid_on"])
    try:
        for record in records:
            xml_fields.write_record(etree.SubElement(root, form.record), form, record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise errors.NonconformingMessage(
            f"A record has no place in the XML form of {name} {version}; nothing was sent."
        ) from error
    return _checked(name, version, root)


def render_problem(problem: Mapping[str, Any]) -> bytes:
    """Write a problem document in XML (RFC 9457 appendix B).

    Args:
        problem: conforms to the JSON form of problem 1.0.

    Raises:
        NonconformingMessage: it does not.
    """
    prefixes: dict[Any, str] = {None: PROBLEM}
    root = etree.Element(f"{{{PROBLEM}}}problem", nsmap=prefixes)
    for member in _PROBLEM_MEMBERS:
        if member in problem:
            xml_fields.add(root, f"{{{PROBLEM}}}{member}", str(problem[member]))
    if problem.get("fields"):
        fields = xml_fields.add(root, f"{{{PROBLEM}}}fields")
        for one in problem["fields"]:
            item = xml_fields.add(fields, f"{{{PROBLEM}}}i")
            for member in ("field", "rule", "message"):
                xml_fields.add(item, f"{{{PROBLEM}}}{member}", one[member])
    if "reference" in problem:
        xml_fields.add(root, f"{{{PROBLEM}}}reference", problem["reference"])
    return _checked("problem", "1.0", root)


def parse(body: bytes) -> etree._Element:
    """Read an XML document that came in: nothing is expanded, fetched or tolerated.

    Raises:
        UnreadableMessage: not well formed, not UTF-8, too deep or large, or with a DOCTYPE.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise errors.UnreadableMessage("Send XML without a DOCTYPE.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",  # whatever the declaration says
    )
    try:
        body.decode("utf-8")
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise errors.UnreadableMessage("Send well-formed XML in UTF-8.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise errors.UnreadableMessage("Send XML without a DOCTYPE.")
    return root


def parse_question(body: bytes) -> dict[str, Any]:
    """Read the body of a question in XML into the members of its JSON form.

    The result goes through `validate.validate_question` like one that came as JSON.

    Raises:
        UnreadableMessage: not readable.
        InvalidXml: not valid against the published XSD.
    """
    root = parse(body)
    problems = validate.find_xml_problems("question", "1.0", root)
    if problems:
        raise errors.InvalidXml(
            "Send a question that is valid against the published XSD.", fields=problems
        )
    return {_local(child): _member(child) for child in root}


def _member(child: etree._Element) -> Any:
    name = _local(child)
    text = (child.text or "").strip()
    if name in ("keys", "fields"):
        return [(one.text or "").strip() for one in child]
    if name in ("claims", "predicates"):
        return {one.get("name"): _value(one) for one in child}
    if name == "limit" or (name == "as_of" and text.isdecimal()):
        return int(text)
    return text


def _value(element: etree._Element) -> Any:
    text = element.text or ""
    coded = {m: element.get(m) for m in ("list", "version") if element.get(m) is not None}
    return {"code": text, **coded} if coded else text


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _checked(name: str, version: str, root: etree._Element) -> bytes:
    validate.validate_xml(name, version, root)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content
