"""Posada: who is expected in which town, when and in what number, and what they will need there.

The names below are the public surface. They are loaded when first used, so that importing the package, and
``posada --help``, cost next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posada.io.folder import read_scenario, write_scenario
    from posada.model.scenario import Scenario
    from posada.ops.simulation import simulate
    from posada.ops.summary import summarise
    from posada.ops.validation import validate
    from posada.ops.writing import write
    from posada.plan.needs import calculate_needs

__version__ = "0.1.0"

__all__ = [
    "Scenario",
    "__version__",
    "calculate_needs",
    "read_scenario",
    "simulate",
    "summarise",
    "validate",
    "write",
    "write_scenario",
]

_HOME = MappingProxyType(
    {
        "Scenario": "posada.model.scenario",
        "calculate_needs": "posada.plan.needs",
        "read_scenario": "posada.io.folder",
        "simulate": "posada.ops.simulation",
        "summarise": "posada.ops.summary",
        "validate": "posada.ops.validation",
        "write": "posada.ops.writing",
        "write_scenario": "posada.io.folder",
    }
)


def __getattr__(name: str) -> object:
    """Load a public name from the room it lives in."""
    if name not in _HOME:
        raise AttributeError(f"module 'posada' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
