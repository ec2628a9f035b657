"""The briefs in a real browser, on a small phone: run with ``pytest -m browser``; needs Chromium and playwright."""

from __future__ import annotations

from pathlib import Path

import pytest

from posada.report.briefs import write_briefs
from tests.browser.conftest import FAULTS, PHONE
from tests.report.made_up import STAMP, outlook, with_stamp, with_town

pytestmark = pytest.mark.browser

PAGES = [f"{name}.{language}.html" for name in ("corridor", "ixtepec", "matias_romero") for language in ("es", "en")]
LONG_NAME = "San Andrés Tlalnehuayocan de la Reforma y Santo Domingo Tehuantepec"

TOO_WIDE = '<svg></svg><p style="width:600px">x</p>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = with_stamp(with_town(outlook(), 1, name=LONG_NAME), scenario_hash="0123456789abcdef" * 4)
    target = tmp_path_factory.mktemp("briefs")
    write_briefs(made, target, town_ids=["ixtepec", "matias_romero"])
    assert STAMP.classification == "restricted"
    return target


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_phone(phone, folder, name):
    phone.goto((folder / name).as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.evaluate(FAULTS) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_of_the_network(phone, folder, name):
    """The page itself and its empty icon are all that is opened, with every fold open and the page scrolled."""
    phone.goto((folder / name).as_uri())
    phone.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert [url for url in phone.requested if not url.startswith(("file:", "data:"))] == []
    assert phone.requested.count((folder / name).as_uri()) == 1
    assert phone.complaints == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_check_sees_a_page_that_is_too_wide(phone, folder):
    """The check of this file can fail: one wide line and one unnamed figure are found."""
    phone.goto((folder / PAGES[0]).as_uri())
    phone.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", TOO_WIDE)
    faults = phone.evaluate(FAULTS)
    assert "svg unnamed" in faults
    assert "too wide: P x" in faults


def test_the_message_can_be_reached_and_selected(phone, folder):
    phone.goto((folder / "matias_romero.es.html").as_uri())
    phone.click("a[href='#message']")
    message = phone.locator(".message")
    assert message.is_visible()
    phone.evaluate("getSelection().selectAllChildren(document.querySelector('.message'))")
    selected = phone.evaluate("getSelection().toString()")
    assert selected.startswith("RECEPCIÓN – ")
    assert len(selected) <= 700


@pytest.mark.parametrize("width", [320, 414, 768, 1280])
def test_other_widths(browser, folder, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    for name in PAGES:
        page.goto((folder / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
