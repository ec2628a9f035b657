"""Who an output is for: what each role may see of a plan, and how its files are marked."""

from __future__ import annotations

from enum import StrEnum

from posada.model.errors import UnknownNameError


class Audience(StrEnum):
    """Roles that outputs of a plan are made for.

    *public* is anybody: places, supplies and gaps, without a day and without a movement. *coordinator* is whoever
    coordinates the corridor: everything but what is marked sensitive.
    """

    PUBLIC = "public"
    COORDINATOR = "coordinator"

    @property
    def classification(self) -> str:
        """How files for it are stamped."""
        return "public" if self is Audience.PUBLIC else "restricted"

    @classmethod
    def named(cls, name: str) -> Audience:
        """Return a role by its name.

        Raises
        ------
        UnknownNameError
            When there is no such role; names the nearest one.
        """
        if name not in tuple(cls):
            raise UnknownNameError("role", name, tuple(cls))
        return cls(name)
