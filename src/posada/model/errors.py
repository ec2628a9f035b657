"""Errors that Posada raises on purpose, as one tree.

::

    PosadaError
    ├── ScenarioError      a scenario that cannot be used; carries its findings
    ├── UnknownNameError   a place, column, option or rate that does not exist
    ├── InvalidValueError  a value outside what its field allows
    ├── InputFileError     a file that is missing, unreadable or not what its name says
    ├── OutputExistsError  writing would destroy something that Posada did not write
    ├── MissingLibraryError  a library of an extra is needed that is not installed
    ├── ClusterError       a cluster that cannot be reached, or on which members failed again and again
    └── ConservationError  people were lost or invented: a fault of Posada, never of the input

Every message says what is wrong, which one, what was expected and how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posada.model.findings import Finding


class PosadaError(Exception):
    """Root of every error that Posada raises on purpose."""


class ScenarioError(PosadaError):
    """A scenario has findings that prevent its use."""

    def __init__(self, findings: Iterable[Finding], what: str = "the scenario") -> None:
        self.findings = tuple(findings)
        lines = "\n".join(str(finding) for finding in self.findings)
        count = "1 finding" if len(self.findings) == 1 else f"{len(self.findings)} findings"
        super().__init__(f"{what} cannot be used ({count}):\n{lines}")


class UnknownNameError(PosadaError):
    """A name was used that is not known; the nearest known ones are offered."""

    def __init__(self, what: str, got: str, known: Iterable[str]) -> None:
        self.what = what
        self.got = got
        self.known = tuple(known)
        super().__init__(f"unknown {what} '{got}'. {nearest_hint(got, self.known)}")


class InvalidValueError(PosadaError, ValueError):
    """A value lies outside what its field or argument allows."""


class InputFileError(PosadaError):
    """A file is missing, unreadable or not of the expected kind."""


class OutputExistsError(PosadaError):
    """Writing would overwrite something that Posada did not make."""


class MissingLibraryError(PosadaError):
    """A library is needed that comes with an extra, and is not installed."""


class ClusterError(PosadaError):
    """A cluster cannot be reached, does not fit this process, or failed again and again."""


class ConservationError(PosadaError):
    """People entered, present, under way and final do not add up."""


def nearest(name: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """Return up to ``limit`` known names that look most like ``name``, best first."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.casefold().replace("-", "_"), by_folded, n=limit, cutoff=0.5)
    return [by_folded[folded] for folded in found]


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known name, or lists what is known."""
    names = list(known)
    close = nearest(name, names)
    if close:
        return f"Did you mean '{close[0]}'?"
    shown = ", ".join(sorted(names)[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Known: {shown}{more}." if names else "None is known."
