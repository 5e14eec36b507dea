"""The API's own description, OpenAPI 3.1, made of the table of operations: GET /api/openapi.json."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, get_args

from pydantic.schema import get_flat_models_from_models, get_model_name_map, model_process_schema
from sanic import Blueprint, HTTPResponse, Request

from bot.console.operations import OPERATIONS, Operation
from bot.conversation.signals import Mood
from bot.http import PROBLEM_FIELDS, reply

PATH = "/api/openapi.json"
VERSION = "1"  # of the API: what an old client would not understand counts up
SCHEMAS = "#/components/schemas/"
_IN_PATH = re.compile(r"{(\w+)}")
_NUMBERS = {"seq", "id_"}
_QUERY: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "day": {"type": "string", "format": "date"},
    "hour": {"type": "integer", "minimum": 0, "maximum": 23},
    "mood": {"type": "string", "enum": list(get_args(Mood))},
    "breached": {"type": "string", "enum": ["1"]},
    "wait": {"type": "integer", "minimum": 0, "maximum": 25},
}
_TOKEN, _COOKIE, _CSRF = "token", "desk", "csrf"


def blueprint(systems: bool) -> Blueprint:
    """`systems`: other systems of the bank may enter complaints here."""
    api = Blueprint("openapi")
    whole = described(one for one in OPERATIONS if systems or not one.path.startswith("/api/tickets"))

    @api.get(PATH)
    async def description(request: Request) -> HTTPResponse:
        return reply(whole)

    return api


def described(operations: Iterable[Operation] = OPERATIONS) -> dict[str, Any]:
    """The whole document; acts of one route stand each under a path of its own."""
    each = [one for operation in operations for one in _acts(operation)]
    models = get_flat_models_from_models([one.body for one in each if one.body is not None])
    names = get_model_name_map(models)
    schemas = {name: _schema(model, names) for model, name in names.items()}
    paths: dict[str, Any] = {}
    for one in each:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "qiantai", "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _problem()},
            "securitySchemes": {
                _TOKEN: {"type": "http", "scheme": "bearer"},
                _COOKIE: {"type": "apiKey", "in": "cookie", "name": "qiantai_desk"},
                _CSRF: {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
    }


def _acts(operation: Operation) -> Iterator[Operation]:
    if not operation.bodies:
        yield operation
    for name, body in operation.bodies.items():
        path = operation.path.rpartition("/")[0] + f"/{name}"
        yield replace(operation, path=path, body=body, summary=f"{operation.summary}: {name}", bodies={})


def _operation(one: Operation, names: dict[Any, str]) -> dict[str, Any]:
    answer: dict[str, Any] = {"type": "object"} if one.media == "application/json" else {"type": "string"}
    found: dict[str, Any] = {
        "operationId": f"{one.method.lower()}{one.path.removeprefix('/api').translate(str.maketrans('/', '_', '{}'))}",
        "summary": one.summary,
        "tags": [one.path.split("/")[2]],
        "parameters": [*_parameters(one)],
        "responses": {
            str(one.status): {"description": "done", "content": {one.media: {"schema": answer}}},
            "default": {
                "description": "a problem (RFC 9457), in the bank's words",
                "content": {"application/problem+json": {"schema": {"$ref": SCHEMAS + "Problem"}}},
            },
        },
        "security": _security(one),
    }
    if one.act is not None:
        found["x-right"] = one.act.value
    if one.body is not None:
        content = {one.takes: {"schema": {"$ref": SCHEMAS + names[one.body]}}}
        found["requestBody"] = {"required": True, "content": content}
    elif one.takes == "multipart/form-data":
        form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
        found["requestBody"] = {"required": True, "content": {one.takes: {"schema": form}}}
    return found


def _parameters(one: Operation) -> Iterator[dict[str, Any]]:
    for name in _IN_PATH.findall(one.path):
        kind: dict[str, Any] = {"type": "integer", "minimum": 0} if name in _NUMBERS else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": kind}
    for name in one.query:
        yield {"name": name, "in": "query", "schema": _QUERY.get(name, {"type": "string"})}
    if one.keyed:
        key = {"type": "string", "minLength": 8, "maxLength": 60, "pattern": "^[!-~]+$"}
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}


def _security(one: Operation) -> list[dict[str, list[str]]]:
    if one.act is not None:
        return [{_COOKIE: []} if one.method == "GET" else {_COOKIE: [], _CSRF: []}]
    return [] if one.open else [{_TOKEN: []}]


def _schema(model: Any, names: dict[Any, str]) -> dict[str, Any]:
    return dict(model_process_schema(model, model_name_map=names, ref_prefix=SCHEMAS)[0])


def _problem() -> dict[str, Any]:
    fields: dict[str, Any] = {name: {} for name in PROBLEM_FIELDS}  # of any kind, where the problem has them
    texts = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {**texts, "status": {"type": "integer"}, **fields},
    }
