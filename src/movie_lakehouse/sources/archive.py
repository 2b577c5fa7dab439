"""Takes the four CSV files out of a MovieLens archive, and nothing else."""

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.folder import TABLES
from movie_lakehouse.sources.whole import made_whole

MAX_UNPACKED_BYTES = 8 << 30
"""More than any MovieLens archive holds, genome scores and all (the largest ratings.csv has under a gibibyte)."""


def unpack(archive: Path, folder: Path, max_bytes: int = MAX_UNPACKED_BYTES) -> None:
    """Unpacks movies.csv, ratings.csv, links.csv and tags.csv into ``folder``, which appears whole or not at all.

    Raises:
        SourceError: the archive is damaged, lacks one of the four or has it twice, holds a path that leads elsewhere
            or a link, or would unpack to more than ``max_bytes``.
    """
    try:
        with zipfile.ZipFile(archive) as opened, made_whole(folder) as partial:
            for name, member in _wanted(opened, archive, max_bytes).items():
                with opened.open(member) as source, (partial / name).open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceError(f"{archive.name} is not a sound zip file ({error}): remove it and run again") from error


def _wanted(opened: zipfile.ZipFile, archive: Path, max_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """The four members by base name. ``zipfile`` reads no more of a member than the size that is added up here."""
    wanted: dict[str, zipfile.ZipInfo] = {}
    for member in opened.infolist():
        name = PurePosixPath(member.filename).name
        if _leads_elsewhere(member):
            raise SourceError(f"{archive.name} holds {member.filename!r}, which leads out of its folder: not unpacked")
        if name in wanted:
            raise SourceError(f"{archive.name} holds {name} more than once: not unpacked")
        if name.removesuffix(".csv") in TABLES and name.endswith(".csv"):
            wanted[name] = member
    if missing := [f"{table}.csv" for table in TABLES if f"{table}.csv" not in wanted]:
        raise SourceError(f"{archive.name} holds no {' and no '.join(missing)}: not a MovieLens archive")
    if sum(member.file_size for member in wanted.values()) > max_bytes:
        raise SourceError(f"{archive.name} would unpack to more than {max_bytes:,} bytes: not unpacked")
    return wanted


def _leads_elsewhere(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return is_link or path.is_absolute() or ".." in path.parts or ":" in member.filename
