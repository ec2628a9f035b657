"""A phone in a real browser, and what a reader would stumble over on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PHONE = {"width": 360, "height": 740}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"

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
