"""The composition root of the API: nothing else builds its objects."""

import functools
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from databases import errors
from databases.code_lists import reading
from databases.code_lists.catalogue import Catalogue
from databases.errors import FieldProblem
from databases.sessions import Databases
from databases.settings import REGISTERS, Settings
from sharing_api import errors as exchange_errors
from sharing_api import keys as exchange_keys
from sharing_api import settings as exchange_settings
from sharing_api.access_log.receipts import ReceiptSigner
from sharing_api.agreements import repository
from sharing_api.agreements.registry import RightsRegistry
from sharing_api.disclosure import coalescing
from sharing_api.disclosure.caller import CallerStation, HasRights
from sharing_api.disclosure.coalescing import Coalescer
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.decision import QuotaKeeper
from sharing_api.disclosure.in_house import Errand
from sharing_api.emergencies.clock import ReviewClock
from sharing_api.matching.index.finder import IndexFinder
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.model import read_model
from sharing_api.protocols import (
    candidates,
    coming_in,
    dialects,
    dossiers,
    emergencies,
    exchange,
    feed,
    front_door,
    links,
    log,
    notices,
    openapi,
    published,
    reference,
    subject_reports,
    tokens,
)
from sharing_api.protocols.agreements import routes as agreement_routes
from sharing_api.protocols.agreements.endpoints import AgreementEndpoints
from sharing_api.protocols.dcat import routes as dcat_routes
from sharing_api.protocols.features import routes as features_routes
from sharing_api.protocols.fhir import outcomes as fhir_outcomes
from sharing_api.protocols.fhir import routes as fhir_routes
from sharing_api.protocols.sdmx import errors as sdmx_errors
from sharing_api.protocols.sdmx import routes as sdmx_routes
from sharing_api.replay import past_rights
from sharing_api.replay.service import Replayer
from sharing_api.replay.stage import Stage
from sharing_api.settings import ExchangeSettings

PROVINCES = "province"
PROVINCE_VERSIONS = ("124/2004", "19/2025")


_REFUSALS: front_door.RefusalForms = {
    "/fhir/": fhir_outcomes.Refusals(),
    "/sdmx/": sdmx_errors.Refusals("2.1"),
    "/sdmx/3.0/": sdmx_errors.Refusals("3.0"),
}


class NoSuchPath(errors.NotFound):
    """There is nothing at this path."""

    code = "exchange.no_such_path"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the edge


def province_vintages(version: str, code: str) -> Iterable[tuple[str, str]]:
    """Give the provinces of every vintage that lie inside a province of one vintage.

    A part of another province that was joined to it is left out: it would reach too far.
    """
    lists = _lists()
    yield version, code
    for other in PROVINCE_VERSIONS:
        if other == version:
            continue
        for candidate in lists.convert(PROVINCES, code, version, other):
            back = lists.convert(PROVINCES, candidate.code.code, other, version)
            if all(one.code.code == code for one in back):
                yield other, candidate.code.code


@functools.cache
def _lists() -> Catalogue:
    return reading.load_catalogue()


def create_app(site: Settings) -> FastAPI:
    """Build the API of a site; its threads start with the first request's lifespan."""
    settings = exchange_settings.load(site)
    keys = exchange_keys.load(settings)
    threads = settings.batch_threads + coalescing.PUBLIC_THREADS
    databases = Databases(site, "natdb-api", pool_size=threads + 5, ping=False)
    registry = RightsRegistry(databases, province_vintages)
    finder = IndexFinder(Keeper(keys.subject), read_model())
    corridor = _corridor(settings, keys, databases, registry, finder)
    coalescer = Coalescer(
        corridor.answer_all, limit=settings.batch_limit, threads=settings.batch_threads
    )

    reviews = ReviewClock(databases, _now)
    lifespan = _lifespan((registry, coalescer, reviews, finder), databases)
    app = _serve(_routers(settings, keys, corridor, coalescer, finder), lifespan)
    _add_health(app, registry)
    app.openapi = functools.cache(_reference(app))  # type: ignore[method-assign]  # FastAPI's way
    return app


def _serve(
    routers: tuple[APIRouter, ...],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> front_door.SharingApi:
    """Put routers behind the front door."""
    app = front_door.SharingApi(
        **openapi.describe_api(REGISTERS),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    routers = (*routers[:-1], reference.router(app), routers[-1])
    for router in routers:
        app.include_router(router)
    _add_handlers(app)
    app.front_door = front_door.FrontDoor(routers, _REFUSALS)
    return app


class _Worker(Protocol):
    """Something that works beside the requests of a process."""

    def start(self) -> None:
        """Start working."""

    def stop(self) -> None:
        """Stop working."""


def _lifespan(
    workers: Sequence[_Worker], databases: Databases
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Let workers begin in order with the first request, and end in the reverse one."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for worker in workers:
            worker.start()
        yield
        for worker in reversed(workers):
            worker.stop()
        databases.dispose()

    return lifespan


def _routers(
    settings: ExchangeSettings,
    keys: exchange_keys.ExchangeKeys,
    corridor: Corridor,
    coalescer: coalescing.Answerer,
    finder: IndexFinder,
) -> tuple[APIRouter, ...]:
    """Make all routes; those of the registers' own datasets come last."""
    registry, databases = corridor.registry, corridor.databases
    callers = CallerStation(registry, issuer=settings.issuer, key=keys.token)
    door = exchange.Door(callers, coalescer)
    dialect_door = dialects.DialectDoor(callers, registry, coalescer)
    return (
        fhir_routes.router(dialect_door, keys.pseudonym),
        tokens.router(tokens.TokenEndpoint(settings, keys, registry, databases)),
        log.router(log.LogEndpoints(databases, keys, settings)),
        agreement_routes.router(AgreementEndpoints(callers, databases, province_vintages)),
        published.router(),
        dcat_routes.router(),
        features_routes.router(dialect_door),
        dossiers.router(dialect_door),
        subject_reports.router(dialect_door, databases, settings, keys.subject),
        sdmx_routes.router(dialect_door),
        feed.router(feed.FeedEndpoint(dialect_door, keys.subject)),
        notices.router(notices.NoticeEndpoints(callers, databases)),
        emergencies.router(emergencies.EmergencyEndpoints(callers, coalescer, databases)),
        links.router(links.LinkEndpoints(callers, corridor)),
        candidates.router(door, finder),
        exchange.router(door),
    )


@contextmanager
def open_corridor(site: Settings) -> Iterator[Corridor]:
    """Open the corridor for work of the exchange's own, in a process that serves nobody.

    Raises:
        RegisterUnavailable: the agreements in force cannot be read.
    """
    settings = exchange_settings.load(site)
    databases = Databases(site, "natdb-work")
    registry = RightsRegistry(databases, province_vintages)
    registry.start()
    try:
        yield _corridor(settings, exchange_keys.load(settings), databases, registry)
    finally:
        registry.stop()
        databases.dispose()


@contextmanager
def open_replayer(site: Settings, errand: Errand) -> Iterator[Replayer]:
    """Open what makes answers again, in a process that serves nobody.

    Args:
        errand: who makes them again, and why.

    Raises:
        AuditorUnknown: its system is not registered, or suspended.
    """
    settings = exchange_settings.load(site)
    keys = exchange_keys.load(settings)
    databases = Databases(site, "natdb-replay")
    finder = IndexFinder(Keeper(keys.subject), read_model())
    stage = Stage()
    corridor = _corridor(settings, keys, databases, stage, finder)
    doors = _serve(_routers(settings, keys, corridor, stage, finder))
    with databases.reading("exchange") as session:
        past = past_rights.read(session, province_vintages)
        clients = {row["client_id"]: row for row in repository.list_clients(session)}
    finder.start()
    try:
        way_in = coming_in.WayIn(doors, settings.issuer, keys.token, _now)
        yield Replayer(corridor, stage, way_in, past, clients, errand, _now)
    finally:
        finder.stop()
        databases.dispose()


def _corridor(
    settings: ExchangeSettings,
    keys: exchange_keys.ExchangeKeys,
    databases: Databases,
    registry: HasRights,
    finder: IndexFinder | None = None,
) -> Corridor:
    return Corridor(
        databases=databases,
        registry=registry,
        quota=QuotaKeeper(databases),
        signer=ReceiptSigner(
            keys.receipt,
            key_id=keys.receipt_key_id,
            issuer=settings.issuer,
            log_name=settings.log_name,
        ),
        subject_key=keys.subject,
        pseudonym_key=keys.pseudonym,
        finder=finder,
    )


def _add_health(app: FastAPI, registry: RightsRegistry) -> None:
    @app.get(
        "/health",
        tags=["operation"],
        summary="Whether the exchange can answer",
        responses={503: openapi.problem(503)},
        openapi_extra={"security": []},
    )
    def get_health() -> dict[str, str]:
        """Ready when the agreements in force are known; else 503."""
        assert registry.rights is not None  # noqa: S101  raises Unavailable when it cannot know
        return {"status": "ready"}


def _add_handlers(app: front_door.SharingApi) -> None:
    def refuse(http: Request, error: errors.RegisterError) -> Response:
        assert app.front_door is not None  # noqa: S101  requests come in by it
        return exchange.refuse(error, _now(), app.front_door.refusal_form(http.url.path))

    @app.exception_handler(errors.RegisterError)
    async def refused(http: Request, error: errors.RegisterError) -> Response:
        return refuse(http, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(http: Request, error: RequestValidationError) -> Response:
        problems = [
            FieldProblem(".".join(str(part) for part in one["loc"]), one["type"], one["msg"])
            for one in error.errors()
        ]
        sentence = "A part of the address does not have its form."
        return refuse(http, errors.Invalid(sentence, fields=problems))

    @app.exception_handler(HTTPException)
    async def routed(http: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            problem = exchange_errors.MethodNotAllowed("Ask with another method.")
            response = refuse(http, problem)
            response.headers.update(error.headers or {})
            return response
        return refuse(http, NoSuchPath("There is nothing at this path."))


def _reference(app: FastAPI) -> Callable[[], dict[str, Any]]:
    generate = app.openapi

    def reference() -> dict[str, Any]:
        document = generate()
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas.update(openapi.components(document["paths"]))
        components["securitySchemes"] = {
            "exchange": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "Access token from /v1/token (private_key_jwt).",
            }
        }
        return document

    return reference
