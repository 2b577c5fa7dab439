from pathlib import Path

import pytest
from file_server import serving

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources import SampleSpec, find_source_files, resolve_source

SMALL = SampleSpec(n_users=20, n_movies=60, n_ratings=200)


def test_a_folder_is_taken_as_it_is(source_folder: Path, tmp_path: Path) -> None:
    assert resolve_source(str(source_folder), work_folder=tmp_path / "work") == source_folder
    assert not (tmp_path / "work").exists()


def test_what_is_no_folder_lists_the_choices(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        resolve_source("movielens-1m", work_folder=tmp_path)
    assert str(refused.value) == (
        "source 'movielens-1m' is not a folder: name one, or "
        "sample or movielens-small or movielens-25m or movielens-32m"
    )


def test_each_sample_has_a_folder_of_its_own(tmp_path: Path) -> None:
    first = resolve_source("sample", work_folder=tmp_path, sample_spec=SMALL)
    second = resolve_source("sample", work_folder=tmp_path, sample_spec=SMALL.model_copy(update={"seed": 7}))

    assert first.parent == second.parent == tmp_path / "sample"
    assert first != second
    assert set(find_source_files(first)) == {"movies", "ratings", "links", "tags"}


@pytest.mark.parametrize("source", ["movielens-small", "movielens-25m"])
def test_without_the_network_one_line_names_the_other_choices(tmp_path: Path, source: str) -> None:
    with serving() as stopped:
        url = stopped.url
    with pytest.raises(SourceError) as refused:
        resolve_source(source, work_folder=tmp_path, cache=tmp_path, base_url=url)
    assert str(refused.value).startswith(f"{source}: ")
    assert str(refused.value).endswith("; or use sample, or the path of a folder")
    assert "\n" not in str(refused.value)


def test_a_data_set_in_the_cache_needs_no_network(tmp_path: Path, source_folder: Path) -> None:
    source_folder.rename(tmp_path / "ml-25m")
    with serving() as stopped:
        url = stopped.url
    found = resolve_source("movielens-25m", work_folder=tmp_path, cache=tmp_path, base_url=url)
    assert found == tmp_path / "ml-25m"


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SourceError, match="source 'sample' cannot be written"):
        resolve_source("sample", work_folder=tmp_path / "file", sample_spec=SMALL)


def test_an_archive_in_the_place_of_a_folder_is_to_be_unpacked(tmp_path: Path) -> None:
    (tmp_path / "ml-latest-small.zip").write_bytes(b"PK")
    with pytest.raises(SourceError, match="is a file: unpack it if it is an archive"):
        resolve_source(str(tmp_path / "ml-latest-small.zip"), work_folder=tmp_path)


def test_a_person_whom_nobody_knows_has_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        resolve_source("~nobody-of-this-name/movielens", work_folder=tmp_path)


def test_a_folder_that_may_not_be_entered_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", forbidden)
    with pytest.raises(SourceError, match="Permission denied"):
        resolve_source(str(tmp_path), work_folder=tmp_path)
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        find_source_files(tmp_path)
