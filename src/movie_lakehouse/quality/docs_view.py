"""The look of the Data Docs: templates of our own where Great Expectations' need a network or scripts."""

from typing import Any

from jinja2 import ChoiceLoader, PackageLoader

from movie_lakehouse.quality.gx import DefaultJinjaPageView


class OfflineView(DefaultJinjaPageView):
    """Renders a page from the templates of this package first, then from those of Great Expectations."""

    def __init__(self, **directories: Any) -> None:
        super().__init__(**directories)
        ours = PackageLoader("movie_lakehouse.quality", "templates")
        self.env.loader = ChoiceLoader([ours, self.env.loader] if self.env.loader else [ours])
