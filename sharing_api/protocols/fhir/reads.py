"""Reads: one resource by the id that the asking agency was given for it."""

from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.fhir import forms, resources
from sharing_api.protocols.fhir.references import References


class Read(forms.Interaction):
    """One read, from the id in its path to its resource."""

    def __init__(self, references: References, resource_type: str) -> None:
        super().__init__(references)
        self._type = resource_type

    def read(self, incoming: Incoming) -> Asked:
        """Make a question of the id.

        Raises:
            RecordNotFound: the exchange never gave this id to this agency.
        """
        forms.require_json(incoming, forms.read_format(incoming))
        resource_id = incoming.http.path_params["resource_id"]
        source, key = self._open(incoming.caller.agency, resources.SOURCES[self._type], resource_id)
        return Asked(
            dataset=source.dataset,
            operation="look-up",
            fields=forms.fields_of(incoming, source),
            purpose="",
            legal_basis="",
            keys=(key,),
        )

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the resource."""
        source = resources.source_of(self._type, inquiry.question.dataset)
        (key,) = inquiry.records
        return forms.render(source.write(inquiry.records[key], self._names(inquiry, source, key)))
