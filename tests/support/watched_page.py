"""A browser's page that is watched for whatever a visitor should never meet."""

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request

OWN = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
LOOKED_FOR_BELOW = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit asks for under a page's own address first, to learn whether it stands behind a path: a 404 each."""


class Watched:
    """The page, and what went wrong on it: errors in its console, requests to other hosts, dialogs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("dialog", self._dialog)

    def _console(self, message: ConsoleMessage) -> None:
        """An error in the console, but for the two questions that may go unanswered."""
        asked = message.location.get("url", "")
        if message.type == "error" and not asked.endswith(LOOKED_FOR_BELOW):
            self.faults.append(f"console: {message.text} ({asked})")

    def _request(self, request: Request) -> None:
        """A request to another host."""
        if not request.url.startswith(OWN):
            self.faults.append(f"request: {request.url}")

    def _dialog(self, dialog: Dialog) -> None:
        """A dialog, which no page of ours opens."""
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()
