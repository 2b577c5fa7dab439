from datetime import UTC, datetime
from os import utime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources import TABLES, SourceFile, check_source_file, find_source_files, required_columns

RATINGS_HEADER = "userId,movieId,rating,timestamp"


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def file_of(path: Path, table: str = "ratings") -> SourceFile:
    return SourceFile(table=table, path=path, name=path.name, size=0, modified_at=datetime.now(UTC))


def test_every_table_has_its_file_with_size_and_time_of_change(source_folder: Path) -> None:
    utime(source_folder / "links.csv", (1_000_000_000, 1_000_000_000))

    files = find_source_files(source_folder)

    assert list(files) == list(TABLES)
    assert files["links"] == [
        SourceFile(
            table="links",
            path=source_folder / "links.csv",
            name="links.csv",
            size=len("movieId,imdbId,tmdbId\n1,0114709,862\n"),
            modified_at=datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC),
        )
    ]


def test_several_files_of_a_table_come_sorted_from_a_folder_of_its_name(source_folder: Path) -> None:
    (source_folder / "ratings.csv").unlink()
    for name in ("part-2.csv", "part-1.csv", "part-10.CSV", "_SUCCESS", ".hidden"):
        write(source_folder, f"ratings/{name}", f"{RATINGS_HEADER}\n1,1,4.0,5\n")

    names = [file.name for file in find_source_files(source_folder)["ratings"]]

    assert names == ["ratings/part-1.csv", "ratings/part-10.CSV", "ratings/part-2.csv"]


def test_a_missing_file_is_named(source_folder: Path) -> None:
    (source_folder / "tags.csv").unlink()
    with pytest.raises(SourceError, match=r"tags\.csv is missing"):
        find_source_files(source_folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere is not a folder"):
        find_source_files(tmp_path / "nowhere")


def test_a_time_beyond_all_calendars_is_told(source_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sane = Path.stat

    def late(path: Path, *, follow_symlinks: bool = True) -> SimpleNamespace:
        found = sane(path, follow_symlinks=follow_symlinks)
        return SimpleNamespace(st_mode=found.st_mode, st_size=found.st_size, st_mtime_ns=10**21)

    monkeypatch.setattr(Path, "stat", late)
    with pytest.raises(SourceError, match=r"movies\.csv was modified at a time beyond all calendars"):
        find_source_files(source_folder)


def test_a_file_and_a_folder_for_one_table_are_too_many(source_folder: Path) -> None:
    write(source_folder, "ratings/part-1.csv", f"{RATINGS_HEADER}\n")
    with pytest.raises(SourceError, match=r"both ratings\.csv and a folder ratings/"):
        find_source_files(source_folder)


def test_a_folder_where_a_file_should_be_is_refused(source_folder: Path) -> None:
    (source_folder / "tags.csv").unlink()
    (source_folder / "tags.csv").mkdir()
    with pytest.raises(SourceError, match=r"tags\.csv is a folder"):
        find_source_files(source_folder)


@pytest.mark.parametrize("stray", ["notes.txt", "part-2.csv.gz", "deeper/part-1.csv"])
def test_what_is_not_a_csv_file_among_the_parts_is_refused_rather_than_passed_over(
    source_folder: Path, stray: str
) -> None:
    (source_folder / "ratings.csv").unlink()
    (source_folder / "ratings").mkdir()
    write(source_folder, f"ratings/{stray}", "")
    with pytest.raises(SourceError, match=r"is not a \.csv file"):
        find_source_files(source_folder)


def test_a_folder_without_parts_is_refused(source_folder: Path) -> None:
    (source_folder / "ratings.csv").unlink()
    (source_folder / "ratings").mkdir()
    with pytest.raises(SourceError, match=r"ratings/ holds no \.csv file"):
        find_source_files(source_folder)


@pytest.mark.parametrize("table", TABLES)
def test_a_sound_file_gives_its_columns(source_folder: Path, table: str) -> None:
    (file,) = find_source_files(source_folder)[table]
    assert check_source_file(file) == list(required_columns(table))


@given(st.permutations([*required_columns("ratings"), "device", "note, if any"]))
def test_columns_may_come_in_any_order_and_extra_ones_are_given(
    tmp_path_factory: pytest.TempPathFactory, columns: list[str]
) -> None:
    header = ",".join(f'"{column}"' if "," in column else column for column in columns)
    path = write(tmp_path_factory.mktemp("any"), "ratings.csv", f"{header}\n1,2,3,4,5,6\n")
    assert check_source_file(file_of(path)) == columns


@pytest.mark.parametrize(
    "data",
    [
        f"\ufeff{RATINGS_HEADER}\n1,1,4.0,5\n".encode(),
        f"{RATINGS_HEADER}\r\n1,1,4.0,5\r\n".encode(),
        f"{RATINGS_HEADER}\n1,1,4.0,5".encode(),
    ],
    ids=["byte order mark", "Windows line ends", "no newline at the end"],
)
def test_a_byte_order_mark_and_line_ends_are_no_part_of_a_name(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path, "ratings.csv", data)
    assert check_source_file(file_of(path)) == RATINGS_HEADER.split(",")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "is empty"),
        (b"userId,movieId,timestamp\n1,1,5\n", "no column 'rating': its columns are userId, movieId, timestamp"),
        (b"userid,movieId,rating,timestamp\n1,1,4.0,5\n", "no column 'userId'"),
        (b"userId;movieId;rating;timestamp\n1;1;4.0;5\n", "no column 'userId'"),
        (b"userId,movieId,rating,timestamp,rating\n1,1,4.0,5,3.0\n", "column 'rating' twice"),
        (b"userId,movieId,rating,timestamp,Rating\n1,1,4.0,5,3.0\n", "column 'Rating' twice"),
        (b"userId,movieId,rating,timestamp,\n1,1,4.0,5,\n", "column without a name"),
        (b"userId,movieId,rating,timestamp\n\n", "a header but no rows"),
        (b"userId,movieId,rating,timestamp\n1,1,4.0,5\n2,1,\xff,5\n", "not UTF-8 in line 3"),
        (b"userId,movieId,rating,timestamp\n1,1,4.0,5\n2,1,\xc3", "not UTF-8 in line 3"),
        (b"userId,movieId,rating,timestamp\n1,1,4.0,5\n2,1,\x00,5\n", "NUL byte in line 3"),
        ("userId,movieId,rating,timestamp\n1,1,4.0,5\n".encode("utf-16"), "is UTF-16"),
        ("userId,movieId,rating,timestamp\n1,1,4.0,5\n".encode("utf-16-le"), "UTF-16 or not text"),
    ],
)
def test_an_unusable_file_is_refused_in_one_line_that_names_it(tmp_path: Path, data: bytes, complaint: str) -> None:
    path = write(tmp_path, "ratings.csv", data)
    with pytest.raises(SourceError) as refused:
        check_source_file(file_of(path))
    assert str(refused.value).startswith(str(path))
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


def test_bad_bytes_are_found_far_into_a_file_even_where_they_are_split_between_reads(tmp_path: Path) -> None:
    row = b"1,1,4.0,5\n"
    rows = row * ((1 << 20) // len(row))
    header = RATINGS_HEADER.encode() + b"\n"
    gap = (1 << 20) - len(header + rows) % (1 << 20) - 1
    path = write(tmp_path, "ratings.csv", header + rows + b"x" * gap + b"\xe4\xf6\n")
    with pytest.raises(SourceError, match=f"not UTF-8 in line {(header + rows).count(10) + 1} "):
        check_source_file(file_of(path))


def test_letters_split_between_reads_are_no_fault(tmp_path: Path) -> None:
    header = b"userId,movieId,rating,timestamp\n"
    path = write(tmp_path, "ratings.csv", header + b"x" * ((1 << 20) - len(header) - 1) + "é\n".encode())
    assert check_source_file(file_of(path)) == RATINGS_HEADER.split(",")


@pytest.mark.parametrize("table", ["links", "tags"])
def test_links_and_tags_may_have_no_rows(tmp_path: Path, table: str) -> None:
    path = write(tmp_path, f"{table}.csv", ",".join(required_columns(table)) + "\n")
    assert check_source_file(file_of(path, table)) == list(required_columns(table))


@pytest.mark.parametrize("table", ["movies", "ratings"])
def test_movies_and_ratings_must_have_rows(tmp_path: Path, table: str) -> None:
    path = write(tmp_path, f"{table}.csv", ",".join(required_columns(table)) + "\n")
    with pytest.raises(SourceError, match=f"{table} cannot be empty"):
        check_source_file(file_of(path, table))


def test_a_file_that_went_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.csv cannot be read"):
        check_source_file(file_of(tmp_path / "gone.csv"))


@given(st.binary(max_size=200), st.booleans())
def test_whatever_the_bytes_they_are_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, with_header: bool
) -> None:
    header = RATINGS_HEADER.encode() if with_header else b""
    path = write(tmp_path_factory.mktemp("any"), "ratings.csv", header + data)
    try:
        columns = check_source_file(file_of(path))
    except SourceError as error:
        assert str(path) in str(error)
    else:
        assert set(required_columns("ratings")) <= set(columns)
