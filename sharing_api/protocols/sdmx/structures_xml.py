"""Structure messages in SDMX-ML 2.1 and 3.0, names in English and Vietnamese.

Written here because pysdmx 1.21 writes every name as English.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from sharing_api.protocols.sdmx.structures import (
    AGENCY,
    VERSION,
    Artefact,
    CodeList,
    Component,
    ConceptScheme,
    Constraint,
    DataStructure,
    Flow,
    ItemScheme,
)

_SCHEMAS: Final = "http://www.sdmx.org/resources/sdmxml/schemas"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def write(
    artefacts: Iterable[Artefact], *, version: str, message_id: str, prepared: datetime
) -> bytes:
    """Write structures as a message.

    Args:
        version: of SDMX-ML, 2.1 or 3.0.
        message_id: unique name of the message.
    """
    return _Writer(version).write(tuple(artefacts), message_id, prepared)


class _Writer:
    def __init__(self, version: str) -> None:
        root = f"{_SCHEMAS}/v{version.replace('.', '_')}"
        self._is_21 = version == "2.1"
        self._names = {
            "mes": f"{root}/message",
            "str": f"{root}/structure",
            "com": f"{root}/common",
        }

    def write(self, artefacts: tuple[Artefact, ...], message_id: str, prepared: datetime) -> bytes:
        root = etree.Element(f"{{{self._names['mes']}}}Structure", nsmap=self._names)
        header = self._add(root, "mes:Header")
        self._add(header, "mes:ID").text = message_id
        self._add(header, "mes:Test").text = "false"
        at = prepared.astimezone(UTC).isoformat(timespec="seconds")
        self._add(header, "mes:Prepared").text = at.replace("+00:00", "Z")
        self._add(header, "mes:Sender", id=AGENCY)
        body = self._add(root, "mes:Structures")
        for kind, group in self._groups():
            chosen = [one for one in artefacts if isinstance(one, kind)]
            if chosen:
                parent = self._add(body, f"str:{group}")
                for one in chosen:
                    self._artefact(parent, one)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _groups(self) -> tuple[tuple[type[Artefact], str], ...]:
        """Name the groups of a message in the order of its schema."""
        if self._is_21:
            return (
                (Flow, "Dataflows"),
                (CodeList, "Codelists"),
                (ConceptScheme, "Concepts"),
                (DataStructure, "DataStructures"),
                (Constraint, "Constraints"),
            )
        return (
            (CodeList, "Codelists"),
            (ConceptScheme, "ConceptSchemes"),
            (Constraint, "DataConstraints"),
            (Flow, "Dataflows"),
            (DataStructure, "DataStructures"),
        )

    def _artefact(self, parent: etree._Element, one: Artefact) -> None:
        kind, urn = one.kind, one.urn
        facts = {"id": one.id, "agencyID": AGENCY, "version": VERSION}
        if isinstance(one, Constraint):
            facts["type" if self._is_21 else "role"] = "Actual"
            kind = "ContentConstraint" if self._is_21 else kind
            urn = urn.replace(one.kind, kind)
        if self._is_21:
            facts["isFinal"] = "true"
        element = self._add(parent, f"str:{kind}", **facts, urn=urn)
        self._named(element, one.name, one.name_vi)
        if isinstance(one, ItemScheme):
            for item in one.items:
                part = self._add(element, f"str:{one.item_kind}", id=item.id)
                self._named(part, item.name, item.name_vi)
        elif isinstance(one, Flow):
            self._reference(self._add(element, "str:Structure"), one.structure)
        elif isinstance(one, DataStructure):
            self._components(element, one)
        elif isinstance(one, Constraint):
            self._constraint(element, one)

    def _constraint(self, element: etree._Element, one: Constraint) -> None:
        attachment = self._add(element, "str:ConstraintAttachment")
        self._reference(self._add(attachment, "str:Dataflow"), one.flow)
        region = self._add(element, "str:CubeRegion", include="true")
        space = "com" if self._is_21 else "str"
        for name, codes in one.codes.items():
            values = self._add(region, f"{space}:KeyValue", id=name)
            for code in codes:
                self._add(values, f"{space}:Value").text = code
        if one.periods:
            values = self._add(region, f"{space}:KeyValue", id="TIME_PERIOD")
            span = self._add(values, f"{space}:TimeRange")
            self._add(span, f"{space}:StartPeriod", isInclusive="true").text = one.periods[0]
            self._add(span, f"{space}:EndPeriod", isInclusive="true").text = one.periods[-1]

    def _components(self, element: etree._Element, one: DataStructure) -> None:
        parts = self._add(element, "str:DataStructureComponents")
        dimensions = self._add(parts, "str:DimensionList", id="DimensionDescriptor")
        for position, component in enumerate(one.of_role("dimension"), start=1):
            name = "str:Dimension"
            self._component(dimensions, name, one, component, position=str(position))
        for component in one.of_role("time"):
            self._component(dimensions, "str:TimeDimension", one, component)
        attributes = self._add(parts, "str:AttributeList", id="AttributeDescriptor")
        for component in one.of_role("attribute"):
            usage = "mandatory" if component.is_required else "optional"
            status = "Mandatory" if component.is_required else "Conditional"
            facts = {"assignmentStatus": status} if self._is_21 else {"usage": usage}
            part = self._component(attributes, "str:Attribute", one, component, **facts)
            relation = self._add(part, "str:AttributeRelationship")
            if self._is_21:
                etree.SubElement(self._add(relation, "str:PrimaryMeasure"), "Ref", id=one.measure)
            else:
                self._add(relation, "str:Observation")
        measures = self._add(parts, "str:MeasureList", id="MeasureDescriptor")
        for component in one.of_role("measure"):
            name = "str:PrimaryMeasure" if self._is_21 else "str:Measure"
            self._component(measures, name, one, component)

    def _component(
        self,
        parent: etree._Element,
        name: str,
        structure: DataStructure,
        component: Component,
        **facts: str,
    ) -> etree._Element:
        element = self._add(parent, name, id=component.id, **facts)
        scheme = structure.concepts
        identity = self._add(element, "str:ConceptIdentity")
        if self._is_21:
            etree.SubElement(
                identity,
                "Ref",
                {
                    "id": component.id,
                    "maintainableParentID": scheme.id,
                    "maintainableParentVersion": VERSION,
                    "agencyID": AGENCY,
                    "package": "conceptscheme",
                    "class": "Concept",
                },
            )
        else:
            identity.text = scheme.item_urn(component.id)
        representation = self._add(element, "str:LocalRepresentation")
        if component.codes is not None:
            self._reference(self._add(representation, "str:Enumeration"), component.codes)
        else:
            self._add(representation, "str:TextFormat", textType=component.text_type)
        return element

    def _reference(self, element: etree._Element, one: Artefact) -> None:
        if not self._is_21:
            element.text = one.urn
            return
        etree.SubElement(
            element,
            "Ref",
            {
                "id": one.id,
                "version": VERSION,
                "agencyID": AGENCY,
                "package": one.package,
                "class": one.kind,
            },
        )

    def _named(self, element: etree._Element, name: str, name_vi: str) -> None:
        for language, text in (("en", name), ("vi", name_vi)):
            if text:
                self._add(element, "com:Name", **{_LANGUAGE: language}).text = text

    def _add(self, parent: etree._Element, name: str, **facts: str) -> etree._Element:
        prefix, _, local = name.partition(":")
        return etree.SubElement(parent, f"{{{self._names[prefix]}}}{local}", facts)
