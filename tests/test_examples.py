"""Every example in a docstring gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import movie_lakehouse

MODULES = [module.name for module in pkgutil.walk_packages(movie_lakehouse.__path__, "movie_lakehouse.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
