"""Starting the explorer: Streamlit's server with settings that keep it to itself."""

import os
import socket
import sys
from contextlib import redirect_stdout
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

from movie_lakehouse.app.source import Place
from movie_lakehouse.app.style import ACCENT
from movie_lakehouse.errors import SetupError

ALLOWED_HOSTS = "STREAMLIT_SERVER_ALLOWED_HOSTS"
"""Streamlit's variable for the names that it may be asked by; unset, those of this machine alone where it listens there
alone, so that no other site's page reaches it by a name that it lets point here."""

MAIN = Path(__file__).with_name("main.py")

SETTINGS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.enableStaticServing": "false",
    "server.maxUploadSize": "1",
    "server.maxMessageSize": "50",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "runner.magicEnabled": "false",
    "logger.hideWelcomeMessage": "true",  # whose text asks a server elsewhere for this machine's address
    "theme.light.primaryColor": ACCENT,
    "theme.dark.primaryColor": "#fb923c",
}
"""Streamlit's own settings: nothing is sent anywhere, no file is watched, no fault shows its traceback."""


def serve(place: Place, host: str, port: int) -> None:
    """Serve the pages until Ctrl-C.

    Raises:
        SetupError: Streamlit is not installed, or the address cannot be listened on.
    """
    if find_spec("streamlit") is None:
        raise SetupError("The explorer needs the package streamlit: install this package with its extra app.")
    _refuse_if_taken(host, port)
    os.environ |= place.environment()
    from streamlit.web import cli

    settings = [*SETTINGS.items(), ("server.address", host), ("server.port", str(port))]
    if is_loopback(host) and ALLOWED_HOSTS not in os.environ:
        settings += [("server.allowedHosts", name) for name in ("localhost", "127.0.0.1", "::1")]
    with redirect_stdout(sys.stderr):
        cli.main(["run", str(MAIN), *(f"--{name}={value}" for name, value in settings)], standalone_mode=False)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_if_taken(host: str, port: int) -> None:
    """Say in one line that the address cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise SetupError(
            f"The explorer cannot listen on {host} port {port} ({error.strerror}): --port or --host names another."
        ) from error
