"""A local HTTP server that gives files as MovieLens' own does, or misbehaves as it is told."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


def zip_of(members: dict[str, str]) -> bytes:
    """A zip file, stored without compression so that its size is that of its members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


@dataclass
class FileServer:
    """What a local HTTP server gives and how it misbehaves; ``requests`` lists the path and Range of each request."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    etag: str | None = '"one"'
    knows_ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    lies_about_length: int = 0
    requests: list[tuple[str, str | None]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    behaviour: FileServer

    def do_GET(self) -> None:
        name, asked = self.path.removeprefix("/"), self.headers.get("Range")
        self.behaviour.requests.append((name, asked))
        data = self.behaviour.files.get(name)
        if data is None:
            self.send_error(404)
            return
        first = 0
        if asked and self.behaviour.knows_ranges and self.headers.get("If-Range") == self.behaviour.etag:
            first = int(asked.removeprefix("bytes=").removesuffix("-"))
        self._send_from(first, data)

    def _send_from(self, first: int, data: bytes) -> None:
        if first >= len(data):
            self.send_error(416)
            return
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        if self.behaviour.etag:
            self.send_header("ETag", self.behaviour.etag)
        self.send_header("Content-Length", str(len(data) - first + self.behaviour.lies_about_length))
        self.end_headers()
        cut = self.behaviour.cuts.pop(0) if self.path.endswith(".zip") and self.behaviour.cuts else len(data)
        self.wfile.write(data[first : first + cut])

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def serving() -> Iterator[FileServer]:
    """A server on this machine alone, stopped at the end of the block; it closes each connection after its answer."""
    behaviour = FileServer()
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        behaviour.url = f"http://127.0.0.1:{http.server_port}"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield behaviour
        http.shutdown()
        thread.join()
