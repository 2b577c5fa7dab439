"""An HTML page taken apart by Python's own parser: whether its tags balance, its names, headings and tables."""

from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}


class HtmlPage(HTMLParser):
    """A page.

    Attributes:
        faults: tags that close what is not open, or that are never closed.
        tags: every tag with its attributes, in order.
        headings: the level of each, in order.
        tables: the cells of each body row, by the table's caption.
        text: what is read, styles left out.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text = ""
        self._open: list[str] = []
        self._caption = ""
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "caption":
            self._caption = ""
        if tag == "tr" and "tbody" in self._open:
            self.tables.setdefault(self._caption, []).append([])
        if tag in {"td", "th"} and "tbody" in self._open:
            self.tables[self._caption][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text += data
        if "caption" in self._open:
            self._caption += data
        if "tbody" in self._open and {"td", "th"} & set(self._open):
            self.tables[self._caption][-1][-1] += data
