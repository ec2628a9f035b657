"""The pages of a plan in a real browser, on a small phone: run with ``pytest -m browser``."""

from __future__ import annotations

import dataclasses

import pytest

from posada.model.audience import Audience
from posada.ops.planning import plan_scenario
from tests.browser.conftest import FAULTS, PHONE
from tests.ops import planned

pytestmark = pytest.mark.browser

PAGES = [
    f"{name}.{language}.html"
    for name in (
        "public/needs",
        "restricted/corridor",
        "restricted/vehicles",
        "restricted/sites",
        "restricted/shopping",
        "restricted/towns/alder",
        "restricted/towns/fir",
    )
    for language in ("es", "en")
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("plan")
    plan_scenario(dataclasses.replace(planned.request(home), out=home / "out", audience=Audience.COORDINATOR))
    return home / "out"


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_plan_fit_the_phone_and_can_be_read_aloud(phone, folder, name):
    phone.goto((folder / name).as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.evaluate(FAULTS) == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_plan_ask_nothing_of_the_network(phone, folder, name):
    phone.goto((folder / name).as_uri())
    assert [url for url in phone.requested if not url.startswith(("file:", "data:"))] == []
    assert phone.complaints == []


@pytest.mark.parametrize("width", [320, 414, 768, 1280])
def test_pages_of_a_plan_on_other_widths(browser, folder, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    for name in PAGES:
        page.goto((folder / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.close()
