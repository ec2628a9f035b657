"""The phrase book: both languages whole, the same places to fill in, nothing missing and nothing left over."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files

import pytest

from posada.model.comparison import Measure
from posada.model.errors import UnknownNameError
from posada.model.learning import USES
from posada.model.need import PHASES
from posada.model.offers import SITE_TYPES, VEHICLE_TYPES
from posada.model.plan import PRIORITIES, SolveStatus
from posada.model.plan_tables import PLAN_PHASES, RESERVE_KINDS, SHORTAGE_KINDS, UNUSED_REASONS
from posada.model.rates import RATES
from posada.model.statements import REPORT_KINDS, REPORT_UNITS, SPEAKER_ROLES
from posada.report.phrases import LANGUAGES, Phrases, phrase_book, rate_meaning
from posada.report.plan_public import SHOWN_ITEMS
from posada.report.stock import GAP_KEYS
from tests.architecture.source_tree import PACKAGE

# Groups whose keys are identifiers of the data; they are looked up by Phrases.word and Phrases.names.
WORD_GROUPS = {
    "classification", "compare_column", "compare_measure", "compare_status", "country", "figure_unit", "kind", "offer",
    "offer_one", "outcome", "phase", "plan_status", "priority", "report_use", "role", "shortage", "standard", "unit",
    "vehicle_type",
}  # fmt: skip


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", sorted(phrase_book()))
def test_both_languages_say_it_with_the_same_places(key):
    texts = phrase_book()[key]
    assert set(texts) == set(LANGUAGES)
    assert all(text == text.strip() or text.endswith("– ") for text in texts.values())
    assert all(texts.values())
    assert _places(texts["es"]) == _places(texts["en"])


def _keys_in_the_sources() -> set[str]:
    files = [*(PACKAGE / "report").rglob("*"), *(PACKAGE / "cli").glob("*_text.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix in {".py", ".html"})
    said = set(re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", text))
    # Keys that are put together: say(f"towns.{column}"), say("stock." ~ kind) and the like.
    groups = {*re.findall(r"""f["']([a-z_]+\.)(?:[a-z]+_)?\{""", text), *re.findall(r"""["']([a-z_]+\.)["'] ~""", text)}
    return said | {key for key in phrase_book() if any(key.startswith(group) for group in groups)}


def test_every_text_is_used():
    """A text that nothing says any more would still be translated for ever."""
    used = _keys_in_the_sources()
    left_over = {key for key in phrase_book() if key.split(".")[0] not in WORD_GROUPS and key not in used}
    assert left_over == set()


@pytest.mark.parametrize(
    ("group", "identifiers"),
    [
        ("role", SPEAKER_ROLES),
        ("kind", REPORT_KINDS),
        ("figure_unit", set(REPORT_UNITS) - {"none"}),
        ("phase", PHASES),
        ("offer", set(VEHICLE_TYPES) | (set(SITE_TYPES) - {"other"}) | set(GAP_KEYS)),
        ("classification", ("public", "restricted", "confidential")),
        ("vehicle_type", VEHICLE_TYPES),
        ("unused", UNUSED_REASONS),
        ("reserve", RESERVE_KINDS),
        ("supply", PLAN_PHASES),
        ("item", SHOWN_ITEMS),
        ("compare_measure", {measure.name.lower() for measure in Measure}),
        ("compare_column", {measure.name.lower() for measure in Measure}),
        ("compare_status", {status.name.lower() for status in SolveStatus if status.has_plan}),
        ("plan_status", {status.name.lower() for status in SolveStatus if status.has_plan}),
        ("priority", {priority.name.lower() for priority in PRIORITIES}),
        ("report_use", USES),
        ("shortage", {what.replace(" ", "_") for what in SHORTAGE_KINDS}),
    ],
)
def test_every_identifier_of_the_data_has_its_word(group, identifiers):
    assert [name for name in identifiers if f"{group}.{name}" not in phrase_book()] == []


def test_every_rate_has_its_spanish_meaning():
    text = files("posada.report").joinpath("rate_meanings.es.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == set(RATES)
    assert rate_meaning("rain_probability_per_day", "x", "es") == "Probabilidad de lluvia en la noche."
    assert rate_meaning("rain_probability_per_day", "Chance of rain.", "en") == "Chance of rain."
    assert rate_meaning("a_scenario_s_own", "What it says.", "es") == "What it says."


def test_unknown_phrase_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"headline\.arrival"):
        Phrases("es").say("headline.arival")


def test_unknown_language_is_refused():
    with pytest.raises(UnknownNameError, match="'pt'"):
        Phrases("pt")


def test_words_of_a_scenario_s_own_are_shown_as_they_are():
    assert Phrases("es").word("role", "fire_brigade") == "fire brigade"
    assert Phrases("es").word("outcome", "resettled", otherwise="Resettled elsewhere.") == "Resettled elsewhere."
