"""A stand-in for the REST calls that ``dbx deploy`` makes of a workspace, on a loopback address.

dbx's client drops the port from the host that it is given: the stand-in must listen on port 80.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

ADDRESS = ("127.0.0.2", 80)
ARTIFACTS = "dbfs:/Shared/dbx/projects/movie_lakehouse/run-1/artifacts"

_EXPERIMENT = {
    "experiment_id": "1",
    "name": "/Shared/dbx/projects/movie_lakehouse",
    "artifact_location": "dbfs:/Shared/dbx/projects/movie_lakehouse",
    "lifecycle_stage": "active",
}
_RUN = {
    "info": {"run_id": "run-1", "run_uuid": "run-1", "experiment_id": "1", "artifact_uri": ARTIFACTS}
    | {"status": "RUNNING", "lifecycle_stage": "active"},
    "data": {},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "/api/2.0/workspace/mkdirs": {},
    "/api/2.0/mlflow/experiments/get-by-name": {"experiment": _EXPERIMENT},
    "/api/2.0/mlflow/experiments/get": {"experiment": _EXPERIMENT},
    "/api/2.0/mlflow/runs/create": {"run": _RUN},
    "/api/2.0/mlflow/runs/get": {"run": _RUN},
    "/api/2.0/mlflow/runs/log-batch": {},
    "/api/2.0/mlflow/runs/set-tag": {},
    "/api/2.0/mlflow/runs/update": {"run_info": _RUN["info"]},
    "/api/2.1/jobs/list": {"jobs": []},
    "/api/2.1/jobs/create": {"job_id": 1},
}
UPLOADS = "/dbfs/"


class Workspace(ThreadingHTTPServer):
    """Keeps what is asked of it; ``unknown`` are the paths that it has no answer for."""

    def __init__(self) -> None:
        super().__init__(ADDRESS, _Handler)
        self.posted: dict[str, Any] = {}
        self.uploaded: dict[str, bytes] = {}
        self.unknown: set[str] = set()

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and answer to a request."""
        if path.startswith(UPLOADS):
            self.uploaded[path.removeprefix(UPLOADS)] = body
            return 200, {}
        if path not in ANSWERS:
            self.unknown.add(path)
            return 404, {"error_code": "ENDPOINT_NOT_FOUND", "message": path}
        self.posted[path] = json.loads(body) if body else None
        return 200, ANSWERS[path]


class _Handler(BaseHTTPRequestHandler):
    server: Workspace

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.server.answer(urlsplit(self.path).path, body)
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815 - the names are the base class's


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A workspace that answers while the block runs.

    Raises:
        OSError: this user may not listen on port 80.
    """
    with Workspace() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
