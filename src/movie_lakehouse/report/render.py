"""The facts as one HTML file that needs nothing else: no script, no network, no font."""

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from movie_lakehouse.report import pictures
from movie_lakehouse.report.asking import Missing
from movie_lakehouse.report.facts import RunFacts
from movie_lakehouse.report.figures import WIDTH
from movie_lakehouse.report.model_facts import Contest
from movie_lakehouse.report.words import in_words, lasting
from movie_lakehouse.silver.reasons import MEANINGS
from movie_lakehouse.text import inert, without_folders

MAX_FILES = 20
"""Files that are listed; all are counted."""
MAX_TEXT = 400
"""Characters of a message or a raw row that are shown."""


def as_html(facts: RunFacts, descriptions: Mapping[str, str]) -> str:
    """The page.

    Args:
        facts: what is told.
        descriptions: the words of expectations, as ``descriptions_in`` finds them; SQL stands in for what is not there.
    """
    environment = Environment(
        loader=PackageLoader("movie_lakehouse.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["missing"] = lambda value: isinstance(value, Missing)
    environment.filters |= {
        "data": data,
        "cut": cut,
        "counted": pictures.counted,
        "measured": pictures.measured,
        "lasting": lasting,
        "moment": moment,
        "setting": setting,
        "pathless": without_folders,
        "sentence": lambda expectation: in_words(expectation, descriptions),
    }
    return environment.get_template("report.html.j2").render(
        facts=facts,
        pictures=pictures,
        meanings=MEANINGS,
        verdict_on=verdict_on,
        width=WIDTH,
        max_files=MAX_FILES,
        version=version("movie-lakehouse"),
    )


def data(text: str) -> Markup:
    r"""A text of the data, inert: escaped, control characters written out, and its direction kept to itself.

    >>> print(data("<script>\x1b\u202e"))
    <bdi>&lt;script&gt;\x1b\u202e</bdi>
    """
    return Markup("<bdi>{}</bdi>").format(inert(text))


def cut(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " …"


def moment(at: datetime) -> str:
    """A time to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def setting(value: object) -> str:
    """A model's setting; fractions to four digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def verdict_on(contest: Contest) -> str:
    """Whether the newest model was published, and why, in a sentence or two."""
    own, biases = contest.rmse_of(contest.candidate), contest.rmse_of("bias")
    compared = (
        f"its error on held-out ratings is {own:.4f} stars, that of plain user and movie biases {biases:.4f}"
        if own is not None and biases is not None
        else "there is no error of biases to hold it against"
    )
    if contest.promoted:
        return f"Published: {contest.candidate}; {compared}."
    stays = "The model published before stays in use." if contest.in_place else "No model has been published yet."
    why = without_folders(contest.why) if contest.why else f"{contest.candidate}; {compared}."
    return f"Refused: {why} {stays}"
