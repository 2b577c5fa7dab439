import io
from pathlib import Path

import pytest

from movie_lakehouse.errors import SourceError
from movie_lakehouse.query.pairs import opened, read_pairs


def pairs(text: str, block: int = 100) -> list[list[tuple[int, int]]]:
    blocks = read_pairs(io.StringIO(text, newline=""), "pairs.csv", block)
    return [list(zip(each.user_ids.tolist(), each.movie_ids.tolist(), strict=True)) for each in blocks]


def test_pairs_come_in_the_order_of_the_file() -> None:
    assert pairs("user_id,movie_id\n7,3\n1,9\n7,3\n") == [[(7, 3), (1, 9), (7, 3)]]


def test_a_long_file_comes_in_blocks() -> None:
    assert pairs("user_id,movie_id\n1,1\n2,2\n3,3\n", block=2) == [[(1, 1), (2, 2)], [(3, 3)]]


@pytest.mark.parametrize(
    "text",
    [
        "movie_id,user_id\n3,7\n",
        "comment,user_id,movie_id\nx,7,3\n",
        "user_id, movie_id\r\n 7 ,\t3\r\n",
        '"user_id","movie_id"\n"7","3"\n\n',
    ],
)
def test_columns_may_be_in_any_order_and_quoted(text: str) -> None:
    assert pairs(text) == [[(7, 3)]]


def test_a_header_alone_holds_no_pairs() -> None:
    assert pairs("user_id,movie_id\n") == []


@pytest.mark.parametrize("number", ["x", "", "1.0", "1e3", "٤", "0x1", "1_000", "+4"])
def test_what_is_no_whole_number_is_an_error_with_file_and_line(number: str) -> None:
    with pytest.raises(SourceError, match=r"^pairs.csv, line 3: movie_id is '.*', not a whole number\.$"):
        pairs(f"user_id,movie_id\n1,2\n1,{number}\n")


def test_a_row_that_ends_early_is_an_error() -> None:
    with pytest.raises(SourceError, match=r"^pairs.csv, line 2: movie_id is missing\.$"):
        pairs("user_id,movie_id\n1\n")


@pytest.mark.parametrize("header", ["", "user,movie\n1,2\n", "user_id\n1\n"])
def test_a_missing_column_is_an_error_before_any_pair(header: str) -> None:
    with pytest.raises(SourceError, match=r"^pairs.csv, line 1: the column \w+ is missing"):
        read_pairs(io.StringIO(header), "pairs.csv")


@pytest.mark.parametrize(
    "text",
    ["x," * 1_000_000 + "\n", "user_id,movie_id\n1," + "9" * 100_000 + "\n"],
    ids=["million columns", "endless number"],
)
def test_an_error_is_short_however_much_is_wrong(text: str) -> None:
    with pytest.raises(SourceError) as refused:
        pairs(text)
    assert len(str(refused.value)) < 400


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_bytes(b"user_id,movie_id\n\xff,2\n")
    with opened(tmp_path / "pairs.csv") as file, pytest.raises(SourceError, match="cannot be read as CSV in UTF-8"):
        list(read_pairs(file, "pairs.csv"))


def test_the_line_with_a_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_bytes(b"user_id,movie_id\n" + b"1,2\n" * 5_000 + b"1,\xff\n" + b"1,2\n" * 5_000)
    with opened(tmp_path / "pairs.csv") as file, pytest.raises(SourceError, match=r"^pairs\.csv, line 5002: "):
        list(read_pairs(file, "pairs.csv"))


def test_a_quote_without_end_swallows_no_lines() -> None:
    with pytest.raises(SourceError, match=r"^pairs\.csv, line 4: it cannot be read as CSV in UTF-8 \(unexpected end"):
        pairs('user_id,movie_id,note\n1,1,"abc\n2,2,x\n3,3,y\n')


def test_a_number_of_too_many_digits_is_told_as_such() -> None:
    with pytest.raises(SourceError, match=r"user_id is '1{19}', which has more than 18 digits"):
        pairs(f"user_id,movie_id\n{'1' * 19},2\n")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_bytes(b"\xef\xbb\xbfuser_id,movie_id\n1,2\n")
    with opened(tmp_path / "pairs.csv") as file:
        assert len(list(read_pairs(file, "pairs.csv"))) == 1


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="cannot be read"), opened(tmp_path / name):
        pass
