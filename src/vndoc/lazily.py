"""Names of a package that are loaded when they are first asked for: all modules together take seconds."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def modules_of(places: Mapping[str, str]) -> dict[str, str]:
    """The module of each name.

    >>> modules_of({"settings": "Limits Settings"})
    {'Limits': 'settings', 'Settings': 'settings'}
    """
    return {name: module for module, names in places.items() for name in names.split()}


def loader(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package (PEP 562).

    Args:
        package: its name.
        places: its modules, each with the names that it gives to the package.
    """
    module_of = modules_of(places)

    def load(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        value = getattr(import_module(f"{package}.{module_of[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
