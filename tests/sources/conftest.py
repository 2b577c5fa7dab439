from collections.abc import Iterator
from pathlib import Path

import pytest
from file_server import FileServer, serving

from movie_lakehouse.sources import SampleFacts, SampleSpec, generate_sample


@pytest.fixture(scope="session")
def small_csvs() -> dict[str, str]:
    """The text of four sound files of one row each, by file name."""
    return {
        "movies.csv": "movieId,title,genres\n1,Toy Story (1995),Animation\n",
        "ratings.csv": "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n",
        "links.csv": "movieId,imdbId,tmdbId\n1,0114709,862\n",
        "tags.csv": "userId,movieId,tag,timestamp\n1,1,funny,964982704\n",
    }


@pytest.fixture
def source_folder(tmp_path: Path, small_csvs: dict[str, str]) -> Path:
    """A folder with those files."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in small_csvs.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleFacts]:
    """The default sample and its facts."""
    folder = tmp_path_factory.mktemp("samples") / "default"
    return folder, generate_sample(SampleSpec(), folder)


@pytest.fixture
def server() -> Iterator[FileServer]:
    """A local HTTP server that gives what a test puts into its ``files``."""
    with serving() as behaviour:
        yield behaviour
