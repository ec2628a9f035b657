"""The phrase book: every sentence of a brief once in Spanish and once in English, under one key.

The texts stand in ``phrases.toml``, a table per key, so that a translator sees both languages side by side.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from posada.model.errors import UnknownNameError

LANGUAGES = ("es", "en")


@cache
def phrase_book() -> dict[str, dict[str, str]]:
    """Return the texts by key and language; keys are dotted, ``headline.arrival``."""
    text = files("posada.report").joinpath("phrases.toml").read_text(encoding="utf-8")
    return dict(_flatten("", tomllib.loads(text)))


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        if set(value) <= set(LANGUAGES):
            found.append((name, value))
        else:
            found += _flatten(f"{name}.", value)
    return found


class Phrases:
    """The phrase book in one language.

    Raises
    ------
    UnknownNameError
        When the language is not known.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UnknownNameError("language", language, LANGUAGES)
        self.language = language

    def say(self, key: str, **values: object) -> str:
        """Return the text of a key with its places filled in.

        Raises
        ------
        UnknownNameError
            When there is no such key; names the nearest one.
        """
        book = phrase_book()
        if key not in book:
            raise UnknownNameError("phrase", key, book)
        text = book[key][self.language]
        return text.format(**values) if values else text

    def word(self, group: str, name: str, otherwise: str | None = None) -> str:
        """Return the word for an identifier of the data, such as a speaker's role.

        Scenarios may hold identifiers that the book does not know; those are shown as ``otherwise``, or as they
        are with spaces for underscores.
        """
        found = phrase_book().get(f"{group}.{name}")
        if found:
            return found[self.language]
        return otherwise if otherwise is not None else name.replace("_", " ")

    def names(self, group: str) -> dict[str, str]:
        """Return all words of a group by identifier."""
        start = f"{group}."
        return {k.removeprefix(start): v[self.language] for k, v in phrase_book().items() if k.startswith(start)}


@cache
def _rate_meanings_in_spanish() -> dict[str, str]:
    text = files("posada.report").joinpath("rate_meanings.es.toml").read_text(encoding="utf-8")
    return {name: str(meaning) for name, meaning in tomllib.loads(text).items()}


def rate_meaning(name: str, meaning: str, language: str) -> str:
    """Return what an uncertain number of the model means; ``meaning`` is the English of the catalogue of rates.

    A number that a scenario adds has no Spanish; it is shown in the words of the scenario.
    """
    return _rate_meanings_in_spanish().get(name, meaning) if language == "es" else meaning
