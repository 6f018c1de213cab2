"""The API keeps to its own description, whatever it is sent."""

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from vndoc.web.deps import route_roles

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
UNSHOWN = {("GET", "/api/v1/openapi.json")}
MOSTLY_WELL = {
    "GET /api/v1/documents/{key}",
    "POST /api/v1/documents/{key}/close",
    "GET /api/v1/register",
    "GET /api/v1/tasks",
    "GET /api/v1/search",
    "GET /api/v1/queue",
}


@pytest.fixture
def schema(app, client, monkeypatch):
    monkeypatch.setattr("vndoc.web.work.services", lambda app: [])
    made = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    made.app = app
    made.config.update(base_url="http://127.0.0.1:8815")
    return made


@pytest.mark.slow
def test_every_answer_is_as_described(schema, client, keys):
    statuses, failures = {}, []
    for operation in (found.ok() for found in schema.get_all_operations()):
        if operation.label == "GET /healthz":  # without its thread, it truly says 503
            continue
        seen = statuses[operation.label] = Counter()
        try:
            answers_to(operation, client, keys, seen)()
        except Exception as error:
            failures.append(f"{operation.label}: {error!r}"[:3000])
    assert not failures, "\n\n".join(failures)
    assert all(statuses[label][200] > 10 for label in MOSTLY_WELL), statuses


def answers_to(operation, client, keys, seen):
    @seed(815)
    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def answers(case):
        case.headers.pop("Authorization", None)
        if "key" in (case.path_parameters or {}) and seen.total() % 4:
            lead_to(case, client, keys["abc"[seen.total() % 3] + ".txt"])
        response = case.call(headers=dict(client.headers))
        seen[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    return answers


def lead_to(case, client, key):
    """Make a case one of a document that is there, as it is now."""
    case.path_parameters["key"] = key
    if "number" in case.path_parameters:
        case.path_parameters["number"] = 1
    if isinstance(case.body, dict) and "revision" in case.body:
        case.body["revision"] = client.get(f"/api/v1/documents/{key}").json()["revision"]


def test_every_route_of_the_api_is_described(app, client):
    told = client.get("/api/v1/openapi.json").json()
    described = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    routes = {(m, p) for m, p, _ in route_roles(app) if p.startswith(("/api/", "/healthz", "/metrics"))}
    assert routes - described == UNSHOWN
    for methods in told["paths"].values():
        for operation in methods.values():
            assert operation.get("description"), operation["operationId"]
            assert "application/json" not in operation["responses"].get("422", {}).get("content", {})
