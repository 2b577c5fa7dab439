"""The bundle's files as one tree: ``databricks.yml`` and what it includes, each part knowing the file it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from movie_lakehouse.errors import SettingError

BUNDLE_FILE = "databricks.yml"


@dataclass(frozen=True)
class Bundle:
    """A bundle as it is written, before variables are filled in.

    Attributes:
        file: the bundle's ``databricks.yml``.
        tree: everything, the included files' resources and variables among it.
        origins: the file of each key that an included file brought, by dotted key.
    """

    file: Path
    tree: Mapping[str, Any]
    origins: dict[str, Path]

    @property
    def root(self) -> Path:
        """The folder of the bundle, which its paths are relative to."""
        return self.file.parent

    def origin(self, key: str) -> Path:
        """The file that a dotted key is written in.

        An included file counts for the key it brought and for all that lies under it.
        """
        parts = key.split(".")
        prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((self.origins[prefix] for prefix in prefixes if prefix in self.origins), self.file)

    def fault(self, key: str, problem: str) -> SettingError:
        """An error that names the file and the key."""
        return SettingError(f"{self.where(key)}: {problem}")

    def where(self, key: str) -> str:
        """The file and the key, for people."""
        return f"{self.origin(key).relative_to(self.root)}: {key}"


def load_bundle(file: Path) -> Bundle:
    """Read a bundle and the files that its ``include`` names.

    Raises:
        SettingError: a file is missing or not YAML, or two files define the same thing.
    """
    file = file.absolute()
    tree = _read(file)
    bundle = Bundle(file, tree, {})
    for pattern in tree.get("include", []):
        included = sorted(path for path in file.parent.glob(pattern) if path != file)
        if not included:
            raise bundle.fault("include", f"no file is named {pattern}.")
        for path in included:
            _merge(bundle, tree, _read(path), path)
    return bundle


def find_bundle(given: Path | None = None, start: Path | None = None, option: str = "--bundle") -> Path:
    """Where the bundle is: as given, else in the working folder or one above, else where this package is developed.

    The error names the ``option`` by which the caller takes what the bundle is asked for.

    Raises:
        SettingError: it is in none of these places.
    """
    if given is not None:
        file = given / BUNDLE_FILE if given.is_dir() else given
        if not file.is_file():
            raise SettingError(f"There is no bundle {given}; --bundle takes a {BUNDLE_FILE} or its folder.")
        return file
    here = (start or Path.cwd()).absolute()
    project = Path(__file__).resolve().parents[3]
    for folder in (here, *here.parents, project):
        if (folder / BUNDLE_FILE).is_file():
            return folder / BUNDLE_FILE
    raise SettingError(f"There is no {BUNDLE_FILE} in {here} or above it; {option} names what is elsewhere.")


def _read(file: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping."""
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingError(f"There is no bundle file {file}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingError(f"{file}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(tree, dict):
        raise SettingError(f"{file}: it holds no mapping, so it is not a bundle's file.")
    return tree


def _merge(bundle: Bundle, into: dict[str, Any], more: Mapping[str, Any], path: Path, key: str = "") -> None:
    """Put the keys of an included file into the tree; only mappings may meet, values and lists may not."""
    for name, value in more.items():
        full = f"{key}.{name}".lstrip(".")
        if name not in into:
            into[name] = value
            bundle.origins[full] = path
        elif isinstance(value, dict) and isinstance(into[name], dict):
            _merge(bundle, into[name], value, path, full)
        else:
            raise bundle.fault(full, f"it is defined a second time in {path.relative_to(bundle.root)}.")
