"""Arguments of the form ``--name=value`` or ``--name value`` whose names are not known beforehand."""

from collections.abc import Sequence

from movie_lakehouse.errors import SettingError


def argument_pairs(argv: Sequence[str]) -> list[tuple[str, str]]:
    """The names and values of the arguments, dashes in names as underscores.

    Raises:
        SettingError: an argument is not of that form, or its value is missing.

    >>> argument_pairs(["--min-stars=4", "--user", "575"])
    [('min_stars', '4'), ('user', '575')]
    """
    rest, pairs = list(argv), []
    while rest:
        argument = rest.pop(0)
        if not argument.startswith("--"):
            raise SettingError(f"The argument {argument!r} is not of the form --name=value.")
        name, has_value, value = argument[2:].partition("=")
        if not has_value:
            if not rest:
                raise SettingError(f"The parameter --{name} lacks its value: --{name}=value.")
            value = rest.pop(0)
        pairs.append((name.replace("-", "_"), value))
    return pairs
