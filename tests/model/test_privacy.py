"""What looks like data about a person is seen, what only looks like numbers is left alone."""

from __future__ import annotations

import time

import pytest

from posada.model.privacy import is_personal_column, personal_data_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("call +52 961 123 4567", "a telephone number"),
        ("+5219611234567", "a telephone number"),
        ("(+254) 712-345-678", "a telephone number"),
        ("00502 5555 1234", "a telephone number"),
        ("tel. 2234-5678", "a telephone number"),
        ("Teléfono: 961 12 3 45 67", "a telephone number"),
        ("WhatsApp 55 12 34 56 78", "a telephone number"),
        ("(55) 1234-5678", "a telephone number"),
        ("961-123-4567", "a telephone number"),
        ("961 123 45 67", "a telephone number"),
        ("the number 9611234567.", "a telephone number"),
        ("ana.maria+box@mail.town.example", "an e-mail address"),
        ("https://x.example/?to=ana@town.example", "an e-mail address"),
        ("XEXX010101HNEXXXA4", "the number of an identity document"),
        ("RFC XAXX010101000", "the number of an identity document"),
        ("passport no. C123456", "the number of an identity document"),
        ("Pasaporte: G12345678", "the number of an identity document"),
        ("0801-1990-12345", "the number of an identity document"),
        ("DUI 01234567-8", "the number of an identity document"),
        ("cédula 12345678", "the number of an identity document"),
        ("123-45-6789", "the number of an identity document"),
    ],
)
def test_numbers_that_identify_a_person_are_seen(text, kind):
    assert personal_data_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15 litres per person",
        "+254 people",
        "+254 people since 2018",
        "1,200-1,500 people",
        "1200-1500 people in 2018-2019",
        "2018-04-03",
        "from 03.04.2018 to 05.04.2018",
        "12 400 000 people",
        "1 200 000 000",
        "from 10 000 to 12 000 a day",
        "14.90333, -92.25758",
        "0.00123456789 per day",
        "+1.23456789",
        "https://news.example/2018/04/03/9611234567/?p=0801199012345",
        "www.news.example/9611234567",
        "doi:10.1145/3366423.3380200",
        "DOI 10.1145/3366423.3380200",
        "id 3604382 and id 3601782",
        "1000 1500 2000",
        "500-1000-1500 people",
        "about 400 of 1,200; 05:00-06:30; 27 buses at 45 seats",
        "report 20180403-1 and 20180403-2",
        "MX20327-S01",
        "A/RES/72/195",
        "a whatsapp group of 256",
        "phone line open 08:00-20:00 since 2018",
        "the passport office saw 1,200 in 2018",
        "telephone calls: 1,200,000",
        "call 911",
        "@town_hall wrote",
        "meet @ 22:00 hours",
    ],
)
def test_figures_days_and_addresses_of_pages_are_let_pass(text):
    assert personal_data_in(text) == ""


@pytest.mark.parametrize(
    "header",
    ["first_name", "First Name", "firstName", "SURNAME", "phone", "phone2", "Teléfono", "contact_email", "dob",
     "DateOfBirth", "birth", "passport_no", "CURP", "document", "id_document", "nombre completo", "edad", "e-mail"],
)  # fmt: skip
def test_columns_about_a_person_are_seen(header):
    assert is_personal_column(header)


@pytest.mark.parametrize(
    "header",
    ["name", "town_name", "capacity", "mode", "speaker_role", "place", "share_limited_mobility", "stage", "average",
     "phonetics", "country", "telegraph", ""],
)  # fmt: skip
def test_columns_about_towns_and_offers_are_let_pass(header):
    assert not is_personal_column(header)


@pytest.mark.parametrize("part", ["x", "9 ", "a.", "+1", "1-", "a@", "tel ", "A1"])
def test_a_long_text_is_looked_through_in_no_time(part):
    """Patterns that look back again and again would make a page of text take minutes."""
    text = part * 20_000
    begun = time.perf_counter()
    assert isinstance(personal_data_in(text), str)
    assert time.perf_counter() - begun < 1
