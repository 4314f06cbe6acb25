"""Papers of an agreement for document systems: a packet shaped after QCVN 102:2016/BTTTT (edXML).

The published schema was not at hand. Names and nesting are those that gateways in use read and
write (edXML, edXMLEnvelope, edXMLHeader, MessageHeader, edXMLBody, edXMLManifest,
AttachmentEncoded), in the namespace http://www.mic.gov.vn/TBT/QCVN_102_2016. Codes of agencies are
those of Decision 20/2020/QĐ-TTg, as Amendment 1:2022 of the regulation says. The packet has not
been held against the regulation's own schema. Pure.
"""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from databases import periods
from sharing_api.agreements.life.values import Act, Signature, Step, Version

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
_DOCUMENT, _SIGNATURES = "agreement.json", "signatures.json"
# Vietnamese for what happened, as document systems show it.
_SUBJECTS = {
    Act.DRAFT: "Dự thảo",
    Act.PROPOSE: "Đề nghị",
    Act.ACCEPT: "Chấp thuận",
    Act.REFUSE: "Từ chối",
    Act.SUSPEND: "Tạm ngừng",
    Act.RESUME: "Tiếp tục thực hiện",
    Act.REVOKE: "Chấm dứt",
    Act.ENTER_INTO_FORCE: "Có hiệu lực",
    Act.EXPIRE: "Hết hiệu lực",
    Act.ENTER: "Đã có",
}


@dataclass(frozen=True, slots=True)
class Case:
    """What a packet is made of.

    Args:
        names: agency code → name in Vietnamese.
    """

    version: Version
    document: bytes
    signatures: Sequence[Signature]
    steps: Sequence[Step]
    names: Mapping[str, str]


def write_packet(case: Case) -> dict[str, Any]:
    """Write the packet of the last step in the life of a version, as JSON members.

    The document and its signatures are attached byte for byte: what was signed is what is filed.
    """
    last = case.steps[-1]
    sender = last.agency or last.party or case.version.provider
    receivers = [one for one in case.version.parties if one != sender] or [sender]
    attachments = [
        (_DOCUMENT, case.document),
        (_SIGNATURES, json.dumps(_signatures(case), ensure_ascii=False, indent=2).encode()),
    ]
    return {
        "edXMLEnvelope": {
            "edXMLHeader": {
                "MessageHeader": _message_header(case, last, sender, receivers),
                "TraceHeaderList": {
                    "TraceHeader": [
                        {"OrganId": one.agency or one.party, "Timestamp": _moment(one.at)}
                        for one in case.steps
                    ]
                },
            },
            "edXMLBody": {
                "edXMLManifest": {
                    "Reference": [
                        {
                            "ContentId": f"cid:{_content_id(case, name)}",
                            "ContentType": "application/json",
                            "AttachmentName": name,
                        }
                        for name, _ in attachments
                    ]
                }
            },
        },
        "AttachmentEncoded": {
            "Attachment": [
                {
                    "ContentType": "application/json",
                    "ContentId": _content_id(case, name),
                    "ContentTransferEncoded": base64.b64encode(content).decode(),
                }
                for name, content in attachments
            ]
        },
    }


def write_xml(packet: Mapping[str, Any]) -> bytes:
    """Write a packet as XML; members become elements of the same names, lists are repeated."""
    root = etree.Element(f"{{{NAMESPACE}}}edXML", nsmap={"edXML": NAMESPACE})
    _append(root, packet)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _append(parent: etree._Element, members: Mapping[str, Any]) -> None:
    for name, value in members.items():
        for one in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(one, Mapping):
                _append(element, one)
            else:
                element.text = str(one)


def _message_header(
    case: Case, last: Step, sender: str, receivers: Sequence[str]
) -> dict[str, Any]:
    version = case.version
    title = str(version.content["title"])
    said = [f"Trạng thái: {last.to_state}", f"SHA-256: {version.agreement_hash}"]
    if last.grounds.reason:
        said += [f"Lý do: {last.grounds.reason}", f"Căn cứ pháp lý: {last.grounds.legal_basis}"]
    return {
        "From": _organisation(case, sender),
        "To": [_organisation(case, one) for one in receivers],
        "DocumentId": f"{sender},{_day(last.at)},{version.name}",
        "Code": {"CodeNumber": version.number, "CodeNotation": version.name},
        "PromulgationInfo": {"Place": "", "PromulgationDate": _day(last.at)},
        "DocumentType": {"Type": 2, "TypeName": "Thỏa thuận chia sẻ dữ liệu"},
        "Subject": f"{_SUBJECTS[last.act]}: {title} (phiên bản {version.number})",
        "Content": "; ".join(said),
    }


def _organisation(case: Case, code: str) -> dict[str, str]:
    return {"OrganId": code, "OrganName": case.names.get(code, code)}


def _signatures(case: Case) -> list[dict[str, str]]:
    return [
        {
            "party": one.agency,
            "signer": one.signer,
            "key": one.key_id,
            "signature": one.jws,
            "recorded_at": one.at.isoformat(),
        }
        for one in case.signatures
    ]


def _content_id(case: Case, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{case.version.agreement_hash}/{name}"))


def _day(at: datetime) -> str:
    return periods.day_in_vietnam(at).isoformat()


def _moment(at: datetime) -> str:
    return at.astimezone(periods.VIETNAM).isoformat(timespec="seconds")
