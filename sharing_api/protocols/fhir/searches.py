"""Searches: by the numbers of a record or the person it is about, and never anything wider."""

from collections.abc import Mapping
from urllib.parse import urlencode

import orjson

from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.fhir import forms, outcomes, parameters, resources
from sharing_api.protocols.fhir.references import References
from sharing_api.protocols.fhir.resources import Resource, Source


class Search(forms.Interaction):
    """One search, from its parameters to its searchset Bundle."""

    def __init__(self, references: References, resource_type: str) -> None:
        super().__init__(references)
        self._type = resource_type
        self._sources = resources.SOURCES[resource_type]
        self._base = ""
        self._links: list[Resource] = []
        self._is_count = False

    def read(self, incoming: Incoming) -> Asked:
        """Make a question of the parameters.

        Raises:
            SearchNotSupported: a parameter that is unknown, missing or not answered here.
            RecordNotFound: a reference that the exchange never gave to this agency.
        """
        given = parameters.read(incoming)
        forms.require_json(incoming, given.get("_format", ""))
        self._base = forms.base_of(incoming)
        name, values = parameters.read_criterion(self._type, given)
        self.key_at = f"{self._type}?{name}"
        count = parameters.read_count(self._type, given)
        self._is_count = count == 0
        if incoming.http.method == "POST":
            # Who asks in a body does so to keep numbers out of addresses: links hold none.
            self._links = [{"relation": "self", "url": self._url("/_search")}]
        else:
            values = self._page(given, name, values, count or len(values))
        source, keys = self._keys(incoming.caller.agency, name, values)
        return Asked(
            dataset=source.dataset,
            operation="look-up" if len(keys) == 1 else "batch",
            fields=forms.fields_of(incoming, source),
            purpose="",
            legal_basis="",
            keys=tuple(keys),
        )

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write what was found."""
        source = resources.source_of(self._type, inquiry.question.dataset)
        found = [
            source.write(record, self._names(inquiry, source, key))
            for key, record in inquiry.records.items()
        ]
        return forms.render(self._bundle({one["id"]: one for one in found}))

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal; that nothing was found is none: it is an empty Bundle."""
        if isinstance(error, errors.RecordNotFound) and self._links:
            return 200, outcomes.CONTENT_TYPE, orjson.dumps(self._bundle({}))
        return super().write_problem(error, instance=instance)

    def _url(self, rest: str) -> str:
        return f"{self._base}/{self._type}{rest}"

    def _page(self, given: Mapping[str, str], name: str, values: list[str], size: int) -> list[str]:
        """Leave what stands on later pages to them: it is neither read nor logged now."""
        self._links = [{"relation": "self", "url": self._url(f"?{urlencode(given)}")}]
        if len(values) > size:
            following = urlencode({**given, name: ",".join(values[size:])})
            self._links.append({"relation": "next", "url": self._url(f"?{following}")})
        return values[:size]

    def _keys(self, agency: str, name: str, values: list[str]) -> tuple[Source, list[str]]:
        if name == parameters.BY_ID:
            opened = [self._open(agency, self._sources, one) for one in values]
            if len({source.kind for source, _ in opened}) > 1:
                raise outcomes.SearchNotSupported(
                    "Ask for ids of one kind of organization at once."
                )
            return opened[0][0], [key for _, key in opened]
        if name in parameters.OF_PATIENT:
            ids = [one.removeprefix(f"{self._base}/").removeprefix("Patient/") for one in values]
            opened = [self._open(agency, (resources.PATIENT,), one) for one in ids]
            return self._sources[0], [key for _, key in opened]
        if name in parameters.OF_PATIENT_BY_NUMBER:
            _, keys = parameters.read_numbers((resources.PATIENT,), values, at=self.key_at)
            return self._sources[0], keys
        return parameters.read_numbers(self._sources, values, at=self.key_at)

    def _bundle(self, found: Mapping[str, Resource]) -> Resource:
        bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "link": self._links}
        if len(self._links) == 1:  # how many there are on all of several pages is not known yet
            bundle["total"] = len(found)
        if found and not self._is_count:
            bundle["entry"] = [
                {
                    "fullUrl": self._url(f"/{resource_id}"),
                    "resource": resource,
                    "search": {"mode": "match"},
                }
                for resource_id, resource in found.items()
            ]
        return bundle
