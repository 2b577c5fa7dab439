"""References of a bundle, ``${var.catalog}`` and its like, replaced by what they stand for."""

import getpass
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from movie_lakehouse.job.bundle import Bundle

REFERENCE = re.compile(r"\$\{([A-Za-z][\w.\-]*)\}")
LOCAL_TARGET = "local"


@dataclass(frozen=True)
class Resolver:
    """Fills in references as they are in one target of a bundle.

    A workspace's own values are those of this machine: its files are the bundle's folder, its user is this one.
    """

    bundle: Bundle
    target: str

    @property
    def target_tree(self) -> Mapping[str, Any]:
        """What the bundle says of the target; ``local`` is the default target, run here."""
        name = default_target(self.bundle) if self.target == LOCAL_TARGET else self.target
        targets = self.bundle.tree.get("targets", {})
        if name not in targets:
            known = ", ".join([LOCAL_TARGET, *targets])
            raise self.bundle.fault("targets", f"there is no target {name!r}; there are {known}.")
        return targets[name] or {}

    def resolve(self, value: Any, key: str, seen: tuple[str, ...] = ()) -> Any:
        """The value with every reference in it replaced; ``key`` says where it is written.

        Raises:
            SettingError: a reference is unknown, goes round in a circle, or only a workspace can tell its value.
        """
        if isinstance(value, dict):
            return {name: self.resolve(item, f"{key}.{name}", seen) for name, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, f"{key}[{index}]", seen) for index, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        if whole := REFERENCE.fullmatch(value):
            return self._look_up(whole[1], key, seen)
        return REFERENCE.sub(lambda found: str(self._look_up(found[1], key, seen)), value)

    def _look_up(self, reference: str, key: str, seen: tuple[str, ...]) -> Any:
        """What a reference stands for, itself resolved."""
        if reference in seen:
            raise self.bundle.fault(key, f"references go round in a circle: {' -> '.join((*seen, reference))}.")
        value = self._written(reference, key)
        return self.resolve(value, reference.replace("var.", "variables.", 1), (*seen, reference))

    def _written(self, reference: str, key: str) -> Any:
        """The text that a reference leads to."""
        kind, _, name = reference.partition(".")
        if kind == "var":
            return self._variable(name, key)
        if kind == "workspace":
            return self._workspace(name, key)
        if reference == "bundle.target":
            return self.target
        try:
            return _at(self.bundle.tree, reference)
        except KeyError:
            raise self.bundle.fault(key, f"${{{reference}}} is nowhere in the bundle.") from None

    def _variable(self, name: str, key: str) -> Any:
        """A variable's value in the target, else its default."""
        declared = self.bundle.tree.get("variables", {})
        if name not in declared:
            known = ", ".join(declared)
            raise self.bundle.fault(key, f"there is no variable {name!r}; there are {known}.")
        ours = self.target_tree.get("variables", {})
        if name in ours:
            return ours[name]
        if "default" not in (declared[name] or {}):
            raise self.bundle.fault(key, f"the variable {name!r} has no value in the target {self.target}.")
        return declared[name]["default"]

    def _workspace(self, name: str, key: str) -> str:
        """What a workspace would tell, told by this machine."""
        if name == "file_path":
            return str(self.bundle.root)
        if name in ("current_user.userName", "current_user.short_name"):
            return _user()
        raise self.bundle.fault(key, f"only a workspace knows ${{workspace.{name}}}.")


def _user() -> str:
    """This machine's user, by number where that has no name: who starts a container may choose any."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def default_target(bundle: Bundle) -> str:
    """The target marked as the default, or the only one.

    Raises:
        SettingError: several targets and none, or more than one, is marked.
    """
    targets = bundle.tree.get("targets", {})
    marked = [name for name, target in targets.items() if (target or {}).get("default")]
    if not marked and len(targets) == 1:
        return str(next(iter(targets)))
    if len(marked) != 1:
        raise bundle.fault("targets", f"one target must have `default: true`, but {len(marked)} have.")
    return str(marked[0])


def references_in(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every reference under a value with the key that holds it.

    >>> list(references_in({"name": "${var.catalog}.${var.schema}"}, "job"))
    [('var.catalog', 'job.name'), ('var.schema', 'job.name')]
    """
    if isinstance(value, dict):
        for name, item in value.items():
            yield from references_in(item, f"{key}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from references_in(item, f"{key}[{index}]")
    elif isinstance(value, str):
        yield from ((found, key) for found in REFERENCE.findall(value))


def refuse_unknown_variables(bundle: Bundle, value: Any, key: str) -> None:
    """Check that every variable named under a value is declared.

    Raises:
        SettingError: one is not.
    """
    declared = bundle.tree.get("variables", {})
    for reference, where in references_in(value, key):
        kind, _, name = reference.partition(".")
        if kind == "var" and name not in declared:
            raise bundle.fault(where, f"there is no variable {name!r}; there are {', '.join(declared)}.")


def _at(tree: Any, reference: str) -> Any:
    """The part of the tree that a dotted reference names."""
    for name in reference.split("."):
        if not isinstance(tree, Mapping):
            raise KeyError(name)
        tree = tree[name]
    return tree
