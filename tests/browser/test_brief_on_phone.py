"""The briefs in a real browser, on a small phone: run with ``pytest -m browser``; needs Chromium and playwright."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from posada.report.briefs import write_briefs
from tests.report.made_up import STAMP, outlook, with_stamp, with_town

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PAGES = [f"{name}.{language}.html" for name in ("corridor", "ixtepec", "matias_romero") for language in ("es", "en")]
LONG_NAME = "San Andrés Tlalnehuayocan de la Reforma y Santo Domingo Tehuantepec"

TOO_WIDE = '<svg></svg><p style="width:600px">x</p>'

# What a screen reader or a thumb would stumble over, as a list of words; light, after the rules of WCAG 2.2.
FAULTS = """() => {
  const faults = [];
  const shown = e => e.getClientRects().length > 0;
  if (!document.documentElement.lang) faults.push('no lang');
  if (!document.title.trim()) faults.push('no title');
  if (document.querySelectorAll('h1').length !== 1) faults.push('h1');
  if (!document.querySelector('main')) faults.push('no main');
  for (const svg of document.querySelectorAll('svg')) {
    const named = (svg.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    if (svg.getAttribute('role') !== 'img' || named.some(e => !e || !e.textContent.trim())) faults.push('svg unnamed');
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.querySelector('caption')) faults.push('table without caption');
    for (const row of table.querySelectorAll('tbody tr'))
      if (!row.querySelector('th[scope=row]')) faults.push('row without header');
    if (!table.querySelector('thead th[scope=col]')) faults.push('table without column headers');
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) faults.push('double id');
  for (const link of document.querySelectorAll('a'))
    if (!document.querySelector(link.getAttribute('href'))) faults.push('link to nowhere');
  for (const e of document.querySelectorAll('p, li, dd, dt, td, th, h1, h2, h3'))
    if (shown(e) && parseFloat(getComputedStyle(e).fontSize) < 12) faults.push('small: ' + e.textContent.slice(0, 40));
  for (const e of document.querySelectorAll('body *'))
    if (shown(e) && !e.closest('thead') && e.getBoundingClientRect().right > innerWidth + 0.5)
      faults.push('too wide: ' + e.tagName + ' ' + e.textContent.slice(0, 40));
  return faults;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = with_stamp(with_town(outlook(), 1, name=LONG_NAME), scenario_hash="0123456789abcdef" * 4)
    target = tmp_path_factory.mktemp("briefs")
    write_briefs(made, target, town_ids=["ixtepec", "matias_romero"])
    assert STAMP.classification == "restricted"
    return target


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def phone(browser):
    """Return a page of a phone that keeps every request and every complaint."""
    page = browser.new_page(viewport=PHONE)
    page.requested, page.complaints = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


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
