"""The addresses of the life of agreements. No address names anything but hashes."""

from typing import Any

from fastapi import APIRouter, Request, Response

from sharing_api.protocols import openapi
from sharing_api.protocols.agreements.endpoints import ACTS, STANDARD, AgreementEndpoints

_HASH = {
    "name": "agreement_hash",
    "in": "path",
    "required": True,
    "description": "SHA-256 of the canonical document, hex",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_KEY = {
    "name": "key_id",
    "in": "path",
    "required": True,
    "description": "thumbprint of the key (RFC 7638)",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
}
_SENTENCES = {
    "propose": "Propose a draft, signed",
    "accept": "Accept a proposal, signed",
    "refuse": "Refuse a proposal with reason and legal basis",
    "suspend": "Suspend an agreement with reason and legal basis",
    "resume": "Resume what one's own side suspended",
    "revoke": "Revoke an agreement with reason and legal basis",
}
_OBJECT = {"type": "object"}


def router(endpoints: AgreementEndpoints) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/v1", tags=["agreements"])
    at_hash = "/agreements/{agreement_hash}"
    add = _Adder(api)
    add.get("/agreements", endpoints.list_agreements, "The agreements of the caller's agency")
    add.get(
        "/agreements/waiting",
        endpoints.list_waiting,
        "Proposals that wait for an answer, with their last days",
    )
    add.get(at_hash, endpoints.show, "A version with signatures and what became of it")
    add.get(f"{at_hash}/document", endpoints.show_document, "The document as it is signed")
    add.get(f"{at_hash}/paper", endpoints.show_paper, "The paper of its last step (edXML)")
    add.post(
        "/agreements", endpoints.draft, "Enter a document as a draft", "agreement", created=True
    )
    add.post(
        "/agreements/simulation",
        endpoints.simulate,
        "What a document would change, against the questions of the last 30 days",
        "agreement",
    )
    for act in ACTS:
        add.post(f"{at_hash}/{act}", _of(endpoints, act), _SENTENCES[act], STANDARD[0])
    add.get("/agency-keys", endpoints.list_keys, "The keys of the caller's agency")
    add.post(
        "/agency-keys",
        endpoints.register_key,
        "Register a key, signed by one that holds",
        STANDARD[0],
        created=True,
    )
    add.post("/agency-keys/{key_id}/end", endpoints.end_key, "End a key", STANDARD[0])
    return api


class _Adder:
    """Adds routes that are described alike."""

    def __init__(self, api: APIRouter) -> None:
        self._api = api

    def get(self, path: str, endpoint: Any, summary: str) -> None:
        self._add("GET", path, endpoint, summary, openapi.found(_OBJECT), {})

    def post(
        self, path: str, endpoint: Any, summary: str, standard: str, *, created: bool = False
    ) -> None:
        content = {"application/json": {"schema": openapi.schema_of(standard)}}
        found = openapi.found(_OBJECT)
        responses: openapi.Responses = {201: found[200]} if created else found
        extra = {"requestBody": {"required": True, "content": content}}
        self._add("POST", path, endpoint, summary, responses, extra)

    def _add(
        self,
        method: str,
        path: str,
        endpoint: Any,
        summary: str,
        responses: openapi.Responses,
        extra: dict[str, Any],
    ) -> None:
        parameters = [one for one in (_HASH, _KEY) if f"{{{one['name']}}}" in path]
        statuses = (400, 401, 403, 404, 409, 413, 422, 503)
        self._api.add_api_route(
            path,
            endpoint,
            methods=[method],
            summary=summary,
            operation_id=f"agreements_{_named(method, path)}",
            response_model=None,
            responses={**responses, **openapi.problems(*statuses)},
            openapi_extra={"security": [{"exchange": []}], "parameters": parameters, **extra},
        )


def _of(endpoints: AgreementEndpoints, act: str) -> Any:
    async def do(http: Request) -> Response:
        http.scope["path_params"]["act"] = act
        return await endpoints.act(http)

    return do


def _named(method: str, path: str) -> str:
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return "_".join([method.lower(), *parts]).replace("-", "_") + ("_one" if "{" in path else "")
