"""What all FHIR interactions share: who is named how, which form is spoken, what may leave."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress

import orjson
from pydantic import ValidationError

from databases.errors import FieldProblem, RegisterError
from sharing_api import errors
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.fhir import outcomes, profile, resources
from sharing_api.protocols.fhir.references import References
from sharing_api.protocols.fhir.resources import Names, Resource, Source
from sharing_api.standards.errors import NonconformingMessage

_JSON = frozenset({"", "*/*", "application/*", "application/json", "application/fhir+json"})
# A '+' that nobody escaped arrives as a space.
_FORMATS = _JSON | {"json", "application/fhir json"}
_VERSION = re.compile(r"fhirversion\s*=\s*\"?([0-9.]+)")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
BASE_PATH = "/fhir"


class Interaction(ABC):
    """One request of a FHIR client: read as a question, answered as a resource.

    It is a `Form` of the corridor and keeps, between reading and writing, what its form needs.

    Args:
        references: makes the ids of resources.
    """

    key_at = ""  # what of the request the key of the question was taken from

    def __init__(self, references: References) -> None:
        self._references = references

    @abstractmethod
    def read(self, incoming: Incoming) -> Asked:
        """Make a question of the request."""

    @abstractmethod
    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the answer as content type and body."""

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal: status, content type and body."""
        return outcomes.render(error, instance=instance, key_at=self.key_at)

    def _names(self, inquiry: Inquiry, source: Source, key: str) -> Names:
        """Give the ids under which the asking agency knows a record that was found."""
        agency, subject = inquiry.question.consumer, inquiry.subjects[key]
        formats = inquiry.granted.formats
        own = subject
        if source is resources.COVERAGE:
            # A person may hold several cards: the one that was asked for is the one named.
            own = key
            if formats.get("card_code") == "full":
                own = inquiry.records[key]["card_code"] or key
        return Names(
            resource_id=self._references.seal(agency, source.kind, own),
            patient_id=self._references.seal(agency, resources.PATIENT.kind, subject),
            pseudonyms=frozenset(n for n, fmt in formats.items() if fmt == "pairwise_pseudonym"),
        )

    def _open(self, agency: str, sources: Sequence[Source], resource_id: str) -> tuple[Source, str]:
        """Give the dataset and the key of an id that this agency was given.

        Raises:
            RecordNotFound: it was given none such.
        """
        for source in sources[:-1]:
            with suppress(errors.RecordNotFound):
                return source, self._references.open(agency, source.kind, resource_id)
        return sources[-1], self._references.open(agency, sources[-1].kind, resource_id)


def fields_of(incoming: Incoming, source: Source) -> tuple[str, ...]:
    """Name the fields to ask for: what the resource carries, as far as it is granted.

    Where nothing of it is, all is asked for, so that the refusal names a field.
    """
    granted = set(incoming.granted_fields(source.dataset)) & set(source.fields)
    return tuple(sorted(granted | set(source.required))) if granted else source.fields


def render(resource: Resource) -> tuple[str, bytes]:
    """Check a resource against the profile and write it as content type and body.

    Raises:
        NonconformingMessage: it is not the FHIR that is spoken here; it must not leave.
    """
    if not profile.is_spoken(resource):
        raise NonconformingMessage("The answer breaks FHIR; nothing was disclosed.")
    return outcomes.CONTENT_TYPE, orjson.dumps(resource)


def find_problems(error: ValidationError, kind: str) -> tuple[FieldProblem, ...]:
    """Name the elements that a validation complains about, never their values."""
    return tuple(
        FieldProblem(_path(kind, one["loc"]), one["type"], _SENTENCES.get(one["type"], _OTHERWISE))
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    )


_OTHERWISE = "The element does not have the form that FHIR gives it."
_SENTENCES = {
    "extra_forbidden": "FHIR has no such element here.",
    "model_field_validation.missing": "FHIR requires this element.",
    "missing": "FHIR requires this element.",
}


def _path(kind: str, steps: tuple[int | str, ...]) -> str:
    path = kind
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path


def read_format(incoming: Incoming) -> str:
    """Read the parameter `_format` of an address; most addresses have no parameters to read."""
    is_queried = incoming.http.scope["query_string"]
    return incoming.http.query_params.get("_format", "") if is_queried else ""


def require_json(incoming: Incoming, wanted: str = "") -> None:
    """Refuse a request that wants its answer in another form than FHIR 4.0 JSON.

    Args:
        wanted: value of the parameter `_format`, which goes before the header.

    Raises:
        NotAcceptable: it does.
    """
    accept = incoming.headers.get("accept", "").lower()
    kinds = {part.partition(";")[0].strip() for part in accept.split(",")}
    if (wanted.lower() not in _FORMATS) if wanted else not kinds & _JSON:
        raise errors.NotAcceptable("Answers are given as application/fhir+json.")
    versions = _VERSION.findall(accept)
    if versions and "4.0" not in versions:
        raise errors.NotAcceptable("Answers are given in FHIR 4.0.")


def base_of(incoming: Incoming) -> str:
    """Give the address of the FHIR service as the caller wrote it.

    Raises:
        Malformed: the header Host is no host.
    """
    host = incoming.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise errors.Malformed("The header Host does not name a host.")
    return f"{incoming.http.url.scheme}://{host}{BASE_PATH}"
