"""Kinds of bad input, each a small file and what becomes of it; docs/reliability.md's table is made from these."""

import bz2
import gzip
import io
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEADERS = {
    "movies": b"movieId,title,genres\n",
    "ratings": b"userId,movieId,rating,timestamp\n",
    "links": b"movieId,imdbId,tmdbId\n",
    "tags": b"userId,movieId,tag,timestamp\n",
}
SOUND_ROWS = {
    "movies": b"1,Toy Story (1995),Animation\n2,Heat (1995),Crime\n3,Cold Mountain (2003),War\n",
    "ratings": b"1,1,4.0,964982703\n",
    "links": b"1,0114709,862\n",
    "tags": b"1,1,funny,964982704\n",
}


def write_sound_source(folder: Path) -> Path:
    """Four sound files; the movies are 1, 2 and 3."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, header in HEADERS.items():
        (folder / f"{table}.csv").write_bytes(header + SOUND_ROWS[table])
    return folder


@dataclass(frozen=True)
class Refused:
    """Input that is refused before anything is written.

    Attributes:
        what: the input, in words.
        spoil: makes it in a sound source.
        line: what the one line of the error says, after the path that it begins with.
    """

    what: str
    spoil: Callable[[Path], object]
    line: str

    @property
    def outcome(self) -> str:
        """In words."""
        return f"refused: “…{self.line}…”"


@dataclass(frozen=True)
class Taken:
    """Input whose rows end in silver or in quarantine.

    Attributes:
        what: the input, in words.
        table: whose file it is.
        rows: the file after its header; ``{n}`` stands for a number that no other case has.
        good: how many rows are good.
        quarantined: how many are not, by their reasons.
        values: of the first good row, as far as they matter.
        header: where it is not the table's own.
        name: the file's name, where it matters.
        linked: whether the file is a symbolic link to the data.
        again: whether a second file has the same rows.
    """

    what: str
    table: str
    rows: str | bytes
    good: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    header: bytes | None = None
    name: str = ""
    linked: bool = False
    again: bool = False

    def data(self, number: int) -> bytes:
        """The file's bytes, with the number in their place."""
        rows = self.rows if isinstance(self.rows, bytes) else self.rows.encode()
        return (HEADERS[self.table] if self.header is None else self.header) + rows.replace(b"{n}", b"%d" % number)

    @property
    def outcome(self) -> str:
        """In words."""
        good = [f"{self.good} in silver"] if self.good else []
        return ", ".join(good + [f"{count} in quarantine: `{reasons}`" for reasons, count in self.quarantined.items()])


def holds(data: bytes, name: str = "ratings.csv") -> Callable[[Path], object]:
    """A file with these bytes."""
    return lambda folder: (folder / name).write_bytes(data)


def headed(header: str) -> Callable[[Path], object]:
    """Ratings under this header."""
    return holds(f"{header}\n1,1,4.0,964982703\n".encode())


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Something else in the place of ratings.csv."""

    def spoil(folder: Path) -> None:
        (folder / "ratings.csv").unlink()
        make(folder / "ratings.csv")

    return spoil


def part(name: str | bytes, data: bytes = HEADERS["ratings"] + SOUND_ROWS["ratings"]) -> Callable[[Path], object]:
    """A folder of ratings with a file of this name in it."""

    def spoil(folder: Path) -> None:
        (folder / "ratings.csv").unlink()
        (folder / "ratings").mkdir()
        Path(os.fsdecode(os.path.join(os.fsencode(folder / "ratings"), os.fsencode(name)))).write_bytes(data)  # noqa: PTH118

    return spoil


def zipped(data: bytes) -> bytes:
    """A zip archive of ratings.csv."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("ratings.csv", data)
    return archive.getvalue()


RATINGS = HEADERS["ratings"] + SOUND_ROWS["ratings"]
TEXT = RATINGS.decode()

REFUSED = {
    "utf-16": Refused("UTF-16 with its mark", holds(TEXT.encode("utf-16")), "is UTF-16"),
    "utf-16-unmarked": Refused("UTF-16 without a mark", holds(TEXT.encode("utf-16-le")), "holds a NUL byte in line 1"),
    "latin-1": Refused("Latin-1", holds(RATINGS + b"2,1,caf\xe9,5\n"), "is not UTF-8 in line 3"),
    "half-a-letter": Refused("UTF-8 cut within a letter", holds(RATINGS + b"2,1,\xc3"), "is not UTF-8 in line 3"),
    "surrogates": Refused(
        "halves of a surrogate pair", holds(RATINGS + b"2,1,\xed\xa0\x80,5\n"), "is not UTF-8 in line 3"
    ),
    "nul-bytes": Refused("NUL bytes", holds(RATINGS + b"2,1,\0,5\n"), "holds a NUL byte in line 3"),
    "no-character": Refused(
        "U+FFFF, at which Spark ends a line",
        holds(RATINGS + "2,1,\uffff,5\n".encode()),
        "holds U+FFFF, which is no character",
    ),
    "gzip-named-csv": Refused("gzip under the name .csv", holds(gzip.compress(RATINGS)), "is gzip-compressed"),
    "bzip2-named-csv": Refused("bzip2 under the name .csv", holds(bz2.compress(RATINGS)), "is bzip2-compressed"),
    "zip-named-csv": Refused("a zip archive under the name .csv", holds(zipped(RATINGS)), "is a zip archive"),
    "parquet-named-csv": Refused("Parquet under the name .csv", holds(b"PAR1" + b"x" * 20), "is a Parquet file"),
    "gzip": Refused(
        "ratings.csv.gz in the place of ratings.csv",
        instead(lambda path: path.with_name("ratings.csv.gz").write_bytes(gzip.compress(RATINGS))),
        "is missing, but ratings.csv.gz is there: unpack it",
    ),
    "zip": Refused(
        "ratings.zip in the place of ratings.csv",
        instead(lambda path: path.with_name("ratings.zip").write_bytes(zipped(RATINGS))),
        "is missing, but ratings.zip is there: unpack it",
    ),
    "gzip-part": Refused("a gzip file among the parts", part("part-1.csv.gz"), "is not a .csv file"),
    "html": Refused("a web page", holds(b"<!DOCTYPE html>\n<title>Log in</title>\n"), "has no column 'userId'"),
    "json": Refused("JSON", holds(b'[{"userId": 1,\n"movieId": 1}]\n'), "has no column 'userId'"),
    "empty": Refused("no bytes at all", holds(b""), "is empty"),
    "mark-alone": Refused("a byte order mark alone", holds(b"\xef\xbb\xbf"), "is empty"),
    "blanks-alone": Refused("blank lines alone", holds(b"\n \n\t\n"), "is empty"),
    "header-alone": Refused("a header alone", holds(HEADERS["ratings"]), "has a header but no rows"),
    "header-and-blanks": Refused(
        "a header and blank lines", holds(HEADERS["ratings"] + b"\n  \n"), "has a header but no rows"
    ),
    "header-late": Refused("a blank line before the header", holds(b"\n" + RATINGS), "begins with a blank line"),
    "header-missing": Refused("rows without a header", holds(SOUND_ROWS["ratings"]), "has no column 'userId'"),
    "header-short": Refused(
        "a header that lacks a column", headed("userId,movieId,timestamp"), "has no column 'rating'"
    ),
    "header-case": Refused(
        "a header in another case", headed("userid,movieid,rating,timestamp"), "has no column 'userId'"
    ),
    "header-blanks": Refused(
        "blanks around names", headed("userId, movieId, rating, timestamp"), "has no column 'movieId'"
    ),
    "header-marked-twice": Refused(
        "two byte order marks", holds(b"\xef\xbb\xbf" * 2 + RATINGS), "its columns are \\ufeffuserId"
    ),
    "column-twice": Refused(
        "a column twice", headed("userId,movieId,rating,timestamp,rating"), "the column 'rating' twice"
    ),
    "column-twice-in-cases": Refused(
        "a column twice, in two cases", headed("userId,movieId,rating,timestamp,Rating"), "the column 'Rating' twice"
    ),
    "column-nameless": Refused(
        "a comma at the header's end", headed("userId,movieId,rating,timestamp,"), "a column without a name"
    ),
    "column-with-escape": Refused(
        "terminal escapes in a column's name",
        headed("userId,movieId,rating,timestamp,\x1b[31m"),
        "which no table can have",
    ),
    "column-over-lines": Refused(
        "a line end in a column's name", headed('userId,movieId,rating,timestamp,"a\rb"'), "which no table can have"
    ),
    "column-of-ours": Refused(
        "a column named as bronze's own", headed("userId,movieId,rating,timestamp,_batch_id"), "which no table can have"
    ),
    "column-long": Refused(
        "a name of 300 letters", headed(f"userId,movieId,rating,timestamp,{'x' * 300}"), "longer than 255 characters"
    ),
    "million-columns": Refused(
        "a header of a million columns",
        headed("userId,movieId,rating,timestamp," + ",".join(map(str, range(1_000_000)))),
        "has 1,000,004 columns, more than 100",
    ),
    "header-unended": Refused(
        "a quote never closed in the header", holds(b'"' + RATINGS * 9_000), "a header that is not CSV"
    ),
    "semicolons": Refused(
        "semicolons for commas", holds(RATINGS.replace(b",", b";")), "semicolons separate its columns"
    ),
    "tabs": Refused("tabs for commas", holds(RATINGS.replace(b",", b"\t")), "tabs separate its columns"),
    "bars": Refused(
        "vertical bars for commas", holds(RATINGS.replace(b",", b"|")), "vertical bars separate its columns"
    ),
    "double-colons": Refused(
        "MovieLens 1M's ::", holds(RATINGS.replace(b",", b"::")), "double colons separate its columns"
    ),
    "endless-line": Refused(
        "a line of 65 MiB", holds(RATINGS + b"x" * (65 << 20)), "has more than 67,108,864 bytes in line 3"
    ),
    "missing": Refused("no file", instead(lambda path: None), "is missing, and there is no folder ratings/"),
    "folder-for-file": Refused(
        "a folder where a file should be", instead(Path.mkdir), "is a folder where a file should be"
    ),
    "file-and-folder": Refused(
        "both a file and a folder of parts",
        lambda folder: (folder / "ratings").mkdir(),
        "holds both ratings.csv and a folder",
    ),
    "no-parts": Refused(
        "an empty folder of parts", instead(lambda path: path.with_suffix("").mkdir()), "holds no .csv file"
    ),
    "stray-part": Refused("notes.txt among the parts", part("notes.txt"), "is not a .csv file"),
    "dangling-link": Refused(
        "a link that leads nowhere", instead(lambda path: path.symlink_to("gone.csv")), "is a link that leads nowhere"
    ),
    "looping-link": Refused(
        "a link to itself", instead(lambda path: path.symlink_to("ratings.csv")), "is a link that leads nowhere"
    ),
    "pipe": Refused("a named pipe", instead(os.mkfifo), "is a pipe or a device"),
    "device": Refused(
        "a link to /dev/zero", instead(lambda path: path.symlink_to("/dev/zero")), "is a pipe or a device"
    ),
    "unreadable": Refused(
        "a file that the system does not read",
        instead(lambda path: path.symlink_to("/proc/self/mem")),
        "cannot be read: ",
    ),
    "name-not-text": Refused("a part whose name is not UTF-8", part(b"\xff.csv"), "has a name that is not UTF-8"),
    "name-with-colon": Refused("a part with a colon in its name", part("12:30.csv"), "has a colon in its name"),
}

RATING = "{{n}},1,{},964982703\n".format
TIME = "{{n}},1,4.0,{}\n".format
USER = "{},1,4.0,964982703\n".format
TITLE = "{{n}},{},Drama\n".format
GENRES = "{{n}},Some Film (1999),{}\n".format
TAG = "{{n}},1,{},964982703\n".format
TORN, NO_NUMBER, BLANK = {"does_not_parse": 1}, {"not_a_number": 1}, {"missing_value": 1}


def rating(what: str, text: str, reason: str = "", value: float | None = None) -> Taken:
    """A rating written in this way."""
    return Taken(
        what, "ratings", RATING(text), *((0, {reason: 1}) if reason else (1, {})), {"rating": value} if value else {}
    )


def title(what: str, text: str, shown: str | None = None, **values: Any) -> Taken:
    """A movie of this title, good with it as it is shown or else blank."""
    good = shown is not None
    return Taken(
        what, "movies", TITLE(text), int(good), {} if good else BLANK, {"title": shown, **values} if good else {}
    )


def genres(what: str, text: str, *listed: str) -> Taken:
    """A movie of these genres, which is always good."""
    return Taken(what, "movies", GENRES(text), 1, {}, {"genres": list(listed)})


TAKEN = {
    "byte-order-mark": Taken(
        "a byte order mark",
        "movies",
        TITLE("Heat"),
        1,
        {},
        {"title": "Heat"},
        header=b"\xef\xbb\xbf" + HEADERS["movies"],
    ),
    "windows-line-ends": Taken(
        "Windows line ends",
        "ratings",
        "{n},1,4.0,5\r\n{n},2,4.0,5\r\n",
        2,
        header=b"userId,movieId,rating,timestamp\r\n",
    ),
    "old-mac-line-ends": Taken(
        "carriage returns for line ends",
        "ratings",
        "{n},1,4.0,5\r{n},2,4.0,5\r",
        2,
        header=b"userId,movieId,rating,timestamp\r",
    ),
    "mixed-line-ends": Taken(
        "line ends of all kinds, none at the end", "ratings", "{n},1,4.0,5\r\n{n},2,4,5\r{n},3,4,5", 3
    ),
    "blank-lines": Taken(
        "blank lines between rows, which are no rows", "ratings", "\n{n},1,4,5\n\n  \n\t\n{n},2,4,5\n\n", 2
    ),
    "quote-over-lines": Taken(
        "a quoted title over two lines", "movies", '{n},"Two\nlines",Drama\n', 0, {"does_not_parse": 2}
    ),
    "quote-over-rows": Taken(
        "a quoted title over three lines, of which the middle one is a row of its own",
        "movies",
        '{n},"One\n1{n},Two (1999),Drama\nthree",Drama\n',
        1,
        {"does_not_parse": 2},
    ),
    "quote-in-last-field": Taken(
        "a quote in a row's last field that goes on in the next line",
        "movies",
        'Drama,{n},"Two\nlines"\n',
        0,
        {"does_not_parse": 2},
        header=b"genres,movieId,title\n",
    ),
    "quote-never-closed": Taken("a quote that nothing closes", "movies", '{n},Heat,"Drama\n', 0, TORN),
    "quote-alone": Taken("a stray quote in a title", "movies", TITLE('12" Floppy'), 0, TORN),
    "quotes-within": Taken(
        "a pair of quotes in a title without quotes",
        "movies",
        TITLE('The "Great" One'),
        1,
        {},
        {"title": 'The "Great" One'},
    ),
    "quotes-doubled": Taken(
        "doubled quotes and a comma", "movies", TITLE('"""Great"", The"'), 1, {}, {"title": '"Great", The'}
    ),
    "ten-megabytes": Taken("a field of 10 MB", "movies", TITLE("x" * 10_000_000), 0, TORN),
    "million-fields": Taken("a row of a million fields", "ratings", "{n}" + "," * 1_000_000 + "\n", 0, TORN),
    "many-fields": Taken("a row of 30,000 fields", "ratings", "{n}" + "," * 30_000 + "\n", 0, TORN),
    "columns-reordered": Taken(
        "columns in another order",
        "ratings",
        "5,4.5,1,{n}\n",
        1,
        {},
        {"rating": 4.5},
        header=b"timestamp,rating,movieId,userId\n",
    ),
    "columns-extra": Taken(
        "a column more, kept in bronze",
        "ratings",
        "{n},1,4.5,5,web\n",
        1,
        {},
        {"rating": 4.5},
        header=b"userId,movieId,rating,timestamp,device\n",
    ),
    "columns-quoted": Taken(
        "quotes around everything",
        "ratings",
        '"{n}","1","4.5","5"\n',
        1,
        {},
        {"rating": 4.5},
        header=b'"userId","movieId","rating","timestamp"\n',
    ),
    "header-again": Taken(
        "the header again between rows", "ratings", "{n},1,4,5\nuserId,movieId,rating,timestamp\n", 1, NO_NUMBER
    ),
    "too-few-fields": Taken("a field too few", "ratings", "{n},1,4.0\n", 0, TORN),
    "too-many-fields": Taken("a field too many", "ratings", "{n},1,4.0,5,6\n", 0, TORN),
    "comma-at-the-end": Taken(
        "a comma at each row's end", "ratings", "{n},1,4.0,5,\n{n},2,4.0,5,\n", 0, {"does_not_parse": 2}
    ),
    "row-of-semicolons": Taken("a row with semicolons", "ratings", "{n};1;4.0;5\n", 0, TORN),
    "row-of-commas": Taken("a row of commas alone", "ratings", ",,,\n", 0, {"missing_value, timestamp_missing": 1}),
    "row-of-html": Taken("a line of HTML", "ratings", "<p>Server error</p>\n", 0, TORN),
    "comment": Taken("a line that begins with #", "ratings", "#{n},1,4.0,5\n", 0, NO_NUMBER),
    "rating-exponent": rating("1e3 for a number", "1e0", "not_a_number"),
    "rating-decimal-comma": rating("a decimal comma, in quotes", '"1,5"', "not_a_number"),
    "rating-bare-comma": rating("a decimal comma, without quotes", "1,5", "does_not_parse"),
    "rating-signed": rating("+4", "+4", value=4.0),
    "rating-arabic": rating("an Arabic digit", "٤", "not_a_number"),
    "rating-fullwidth": rating("a full-width digit", "４", "not_a_number"),
    "rating-infinite": rating("inf", "inf", "not_a_number"),
    "rating-nan": rating("NaN", "NaN", "not_a_number"),
    "rating-null": rating("NULL", "NULL", "not_a_number"),
    "rating-hexadecimal": rating("hexadecimal", "0x4", "not_a_number"),
    "rating-java": rating("Java's 4d", "4d", "not_a_number"),
    "rating-padded": rating("blanks around a number", " 4.0\t", value=4.0),
    "rating-blank": rating("no rating", "", "missing_value"),
    "rating-zero": rating("no stars", "0.0", "rating_out_of_range"),
    "rating-ten": rating("ten stars", "10", "rating_out_of_range"),
    "rating-vast": rating("a rating of 400 digits", "9" * 400, "rating_out_of_range"),
    "rating-between": rating("stars between halves", "3.7", "rating_off_grid"),
    "id-zero": Taken("id 0", "ratings", USER("0"), 0, {"id_not_positive": 1}),
    "id-negative": Taken("a negative id", "ratings", USER("-{n}"), 0, {"id_not_positive": 1}),
    "id-largest": Taken("id 2^31 - 1", "ratings", USER(2**31 - 1), 1, {}, {"user_id": 2**31 - 1}),
    "id-2-31": Taken("id 2^31", "ratings", USER(2**31), 0, {"id_out_of_range": 1}),
    "id-2-63": Taken("id 2^63", "ratings", USER(2**63), 0, {"id_out_of_range": 1}),
    "id-vast": Taken("an id of 400 digits", "ratings", USER("9" * 400), 0, {"id_out_of_range": 1}),
    "id-decimal": Taken("id 7.0", "ratings", USER("{n}.0"), 0, NO_NUMBER),
    "id-padded": Taken("an id with zeros before it", "ratings", USER("000{n}"), 1),
    "id-imdb": Taken("an IMDb number with its letters", "links", "2,tt0113277,949\n", 0, NO_NUMBER),
    "id-imdb-padded": Taken("an IMDb number after a tab", "links", "2,\t0113277,949\n", 1, {}, {"imdb_id": "0113277"}),
    "movie-unknown": Taken("a rating of a movie that is not there", "ratings", "{n},999999,4.0,5\n", 0, {"orphan": 1}),
    "time-milliseconds": Taken(
        "a time in milliseconds", "ratings", TIME("964982703000"), 0, {"timestamp_in_future": 1}
    ),
    "time-negative": Taken("a time before 1970", "ratings", TIME("-1"), 0, {"timestamp_negative": 1}),
    "time-1970": Taken("second 0", "ratings", TIME("0"), 1),
    "time-9999": Taken(
        "the last second of the year 9999", "ratings", TIME("253402300799"), 0, {"timestamp_in_future": 1}
    ),
    "time-10000": Taken("the year 10000", "ratings", TIME("253402300800"), 0, {"timestamp_in_future": 1}),
    "time-2-63": Taken("second 2^63", "ratings", TIME(2**63), 0, {"timestamp_in_future": 1}),
    "time-decimal": Taken("fractions of a second", "ratings", TIME("964982703.5"), 0, NO_NUMBER),
    "time-written-out": Taken("a date in words", "ratings", TIME("2000-07-30 18:45"), 0, NO_NUMBER),
    "time-blank": Taken("no time", "ratings", TIME(""), 0, {"timestamp_missing": 1}),
    "title-blank": title("no title", ""),
    "title-of-blanks": title("a title of blanks", "  \t "),
    "title-invisible": title("a title of hard blanks and zero-width characters", "\u00a0\u3000\u200b\ufeff"),
    "title-padded": title(
        "a hard blank after a title, a tab before it", "\tHeat (1995)\u00a0", "Heat (1995)", release_year=1995
    ),
    "title-year-alone": title("a title of only a year", "(1995)", "(1995)", release_year=1995),
    "title-without-year": title("a title without year", "Nameless", "Nameless", release_year=None),
    "title-right-to-left": title("right-to-left text", "حياة (2001)", "حياة (2001)", release_year=2001),
    "title-reversed": title("a mark that reverses text", "\u202etxt.exe", "\u202etxt.exe"),
    "title-emoji": title("emoji", "👩‍👩‍👧 🎬 (2001)", "👩‍👩‍👧 🎬 (2001)", release_year=2001),
    "title-controls": title("terminal escapes and a bell", "\x1b[31mRed\x07", "\x1b[31mRed\x07"),
    "title-line-separator": title("Unicode's line separators", "One\u2028Two\u0085Three", "One\u2028Two\u0085Three"),
    "title-backslash": title("a backslash at the end", "back\\", "back\\"),
    "title-formula": title("a spreadsheet formula", "=1+1", "=1+1"),
    "genres-stray": genres("genres with stray separators", "| Drama ||War|", "Drama", "War"),
    "genres-twice": genres("a genre twice", "Drama|War|Drama", "Drama", "War"),
    "genres-padded": genres("a genre again, with a tab behind it", "Drama\t|Drama\u00a0|War", "Drama", "War"),
    "genres-unknown": genres("a genre that MovieLens lacks, kept", "Drama|Telenovela", "Drama", "Telenovela"),
    "genres-invisible": genres("a genre of hard blanks", "\u00a0|Drama", "Drama"),
    "genres-none": genres("(no genres listed)", "(no genres listed)"),
    "genres-none-in-capitals": genres("(No Genres Listed)", "(No Genres Listed)"),
    "genres-blank": genres("no genres", ""),
    "tag-blank": Taken("a blank tag", "tags", TAG(" "), 0, BLANK),
    "tag-padded": Taken("a tag between a tab and a hard blank", "tags", TAG("\tfun\u00a0"), 1, {}, {"tag": "fun"}),
    "tag-new-emoji": Taken("a tag of an emoji of 2021", "tags", TAG("\U0001fae0"), 1, {}, {"tag": "\U0001fae0"}),
    "tag-markup": Taken("a tag of HTML", "tags", TAG("<b>x</b>"), 1, {}, {"tag": "<b>x</b>"}),
    "row-twice": Taken("a row twice in a file", "ratings", "{n},1,4.0,5\n{n},1,4.0,5\n", 1, {"duplicate_key": 1}),
    "row-contradicted": Taken(
        "two ratings of one pair, at two times",
        "ratings",
        "{n},1,4.0,5\n{n},1,2.0,6\n",
        1,
        {"superseded_by_update": 1},
        {"rating": 2.0},
    ),
    "file-twice": Taken("two files with the same row", "ratings", "{n},1,4.0,5\n", 1, {"duplicate_key": 1}, again=True),
    "linked": Taken("a symbolic link to a file", "ratings", "{n},1,4.5,5\n", 1, {}, {"rating": 4.5}, linked=True),
    "name-odd": Taken(
        "blanks, signs, a line end and escapes in a file's name",
        "ratings",
        "{n},1,4.5,5\n",
        1,
        name="ü ☃ [1] {a,b} *?#%20+&'\"\\\n\x1b[31m.csv",
    ),
}
