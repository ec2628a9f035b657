"""The message of a town: at most 700 characters, time of issue first, and never a number without its range."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.report.message import MAX_CHARACTERS, message_text, reference
from tests.report.made_up import OFFERS, STAMP, outlook, with_stamp, with_town
from tests.report.strategies import OUTLOOKS

EXPECTED_ES = (
    "RECEPCIÓN – Matías Romero – emitido 03/04 18:00 UTC (vence 06:00). Llegada probable mañana (80 %: 3–6 abr), "
    "prob. 76 %, 12–20 h: 910–1,400 personas (med. 1,100). Noches: 1–2. Base: 8 reportes. Listo: 620 lugares "
    "techados, 14 sanitarios, 1 ambulancia, 5,000 m² (terreno abierto, sin techo). Falta: 710–1,200 lugares "
    "techados, 910–1,400 asientos, 12–50 sanitarios. Sin reporte: llaves de agua (6), agua (9,600–20,000 L/día). "
    "Prometido sin confirmar: 6 autobuses. Acción sugerida: abrir más lugares techados, confirmar lo prometido, "
    "asegurar 20,000 L de agua al día, asegurar 50 sanitarios. Restringido. No para control migratorio. "
    "Posada 0.1.0, ref. 3fa23fa2-7-180403."
)


@pytest.fixture(scope="module")
def made():
    return outlook()


def test_message_by_eye(made):
    """Read by a person: this is what a town's officer pastes."""
    text = message_text(made, "matias_romero", "es")
    assert text.replace("\N{NO-BREAK SPACE}", " ") == EXPECTED_ES


def test_message_in_english(made):
    text = message_text(made, "ixtepec", "en")
    assert text.startswith("RECEPTION – Ciudad Ixtepec – issued 3 Apr 18:00 UTC (expires 06:00). Already here; ")
    assert text.endswith("Restricted. Not for enforcement. Posada 0.1.0, ref. 3fa23fa2-7-180403.")


@given(OUTLOOKS)
def test_no_message_is_longer_than_700_characters(anything):
    made = anything.build()
    for language, start in (("es", "RECEPCIÓN – "), ("en", "RECEPTION – ")):
        text = message_text(made, "matias_romero", language)
        assert len(text) <= MAX_CHARACTERS
        assert re.match(rf"(EJERCICIO – |EXERCISE – )?{start}", text)
        assert "http" not in text.replace(made.towns[1].name[:47], "")
        assert reference(made.stamp) in text


def test_least_needed_sentences_go_first(made):
    """Twelve kinds of offers leave no room for suggestions, but arrival, what is missing and the end stay."""
    many = tuple(offer for offer in OFFERS for _ in range(1)) + tuple(
        type(OFFERS[0])(f"kind_of_help_number_{i}", 100.0 + i, "people", "ready", "", "") for i in range(9)
    )
    text = message_text(with_town(made, 1, offers=many), "matias_romero", "es")
    assert len(text) <= MAX_CHARACTERS
    assert "Acción sugerida" not in text
    assert "Llegada probable" in text
    assert "Falta: " in text
    assert "Restringido." in text


def test_an_exercise_says_so_first(made):
    late = with_stamp(made, made_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    text = message_text(late, "matias_romero", "es")
    assert text.startswith("EJERCICIO – RECEPCIÓN – Matías Romero – emitido 03/04/2018 24:00 (vence 12:00).")


def test_nobody_expected_is_said(made):
    gone = made.towns[3]
    nobody = with_town(made, 3, arrival=type(gone.arrival)(0.0, None, {}, None, gone.arrival.probability_by_day))
    assert "No se espera llegada del grupo." in message_text(nobody, gone.place_id, "es")


def test_a_wide_range_is_marked(made):
    wide = made.towns[0].tonight
    low_high = type(wide)(wide.values * 0 + [40 * i for i in range(len(wide.values))], 1.0)
    assert "Rango amplio: indicativo." in message_text(with_town(made, 1, peak=low_high), "matias_romero", "es")
    assert "indicativo" not in message_text(made, "matias_romero", "es")


def test_nothing_is_sent_about_a_sensitive_place(made):
    with pytest.raises(InvalidValueError, match="puebla"):
        message_text(with_town(made, 11, sensitive=True), "puebla", "es")


def test_unknown_town_names_the_nearest(made):
    with pytest.raises(UnknownNameError, match="matias_romero"):
        message_text(made, "matias_romera", "es")


def test_reference_quotes_hash_seed_day_and_place():
    assert reference(STAMP, "puebla") == "3fa23fa2-7-180403-puebla"
