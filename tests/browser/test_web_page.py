"""An exported page in a real Chromium, from a file, with no server: its pictures are the model's."""

from __future__ import annotations

import contextlib
import json
import shutil

import numpy as np
import pytest
from playwright.sync_api import expect

from gan import exporting, images, registry
from gan.errors import UserError
from gan.exporting import plain, runtime
from tests.small_models import save_generator

COLUMNS = {"hair": ("black", "red", "grey"), "skin": ("pale", "deep")}
READY = '#page[aria-busy="false"]'

# The net's own numbers for inputs, by name.
RUN = """async (given) => {
  const { net } = window.ganPage;
  for (const [name, numbers] of Object.entries(given)) net.rows[name].set(numbers);
  return [...await net.run()];
}"""
CANVAS = """() => { const canvas = document.getElementById("picture");
  return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]; }"""
LATENT = "() => [...window.ganPage.latent]"


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("digits")
        save_generator("faces", columns=COLUMNS, shape=(32, 32, 3), family="cgan")
        save_generator("plain", class_names=())
        yield folder


@pytest.fixture(scope="module")
def fetched():
    """The runtime, in the app's own cache; skips where npm cannot fetch it."""
    try:
        return runtime.fetch(lambda share, text: None)
    except UserError as error:
        pytest.skip(f"{error}, so no page can be opened without a network")


@pytest.fixture(scope="module")
def pages(models, fetched, tmp_path_factory):
    """Address of the page of each model."""
    folder, found = tmp_path_factory.mktemp("pages"), {}
    for name in ("digits", "faces", "plain"):
        made = exporting.export(name, "web", folder / name, runtime="inline")
        assert not made.note and made.difference < 1e-4
        found[name] = (made.folder / made.file).as_uri()
    return found


@pytest.fixture
def offline(page):
    """A window that no request leaves; those that were tried fail the test."""
    tried = []
    page.context.set_offline(True)
    page.on("request", lambda request: tried.append(request.url))
    yield page
    assert not [address for address in tried if not address.startswith(("file:", "blob:", "data:"))]


def expected(name, given):
    card = registry.card(name)
    rows = {key: np.asarray(values, np.float32)[None] for key, values in given.items()}
    return plain.reference(card, registry.load(name), rows)["pictures"][0]


@pytest.mark.parametrize("name", ["digits", "faces", "plain"])
def test_the_page_draws_what_the_model_draws(offline, pages, name):
    offline.goto(pages[name])
    offline.locator(READY).wait_for()
    assert offline.locator("#status").text_content() == ""
    for seed in range(3):  # the float numbers of latents and classes of ours
        given = {key: rows[0].tolist() for key, rows in plain.arrays(registry.card(name), 1, seed).items()}
        found = np.reshape(offline.evaluate(RUN, given), registry.card(name).shape)
        assert np.abs(found - expected(name, given)).max() < 1e-4

    # The canvas shows the latent that the controls say, to a grey level.
    shown = {"latent": offline.evaluate(LATENT)}
    for key, (_, values) in plain.blocks(registry.card(name)).items():
        shown[key] = np.eye(len(values))[0].tolist()
    height, width, _ = registry.card(name).shape
    canvas = np.reshape(offline.evaluate(CANVAS), (height, width, 4))
    pixels = images.from_model(expected(name, shown)).astype(int)
    assert np.abs(canvas[..., :3] - pixels).max() <= 1 and (canvas[..., 3] == 255).all()


def test_its_controls_move_the_picture_and_the_address_keeps_the_view(offline, pages, tmp_path):
    offline.goto(pages["digits"])
    offline.locator(READY).wait_for()
    before = offline.evaluate(CANVAS)
    offline.evaluate(
        "window.frames_ = []; document.addEventListener('gan-frame', (e) => frames_.push(e.detail.latency_ms))"
    )
    offline.keyboard.press("7")
    expect(offline.get_by_role("radio", name="7")).to_be_checked()
    offline.get_by_test_id("between").press("PageUp")
    offline.get_by_test_id("direction-2").press("ArrowRight")
    offline.wait_for_function("document.querySelector(`#page`).ariaBusy === 'false' && ganPage.drawn === ganPage.moves")
    after = offline.evaluate(CANVAS)
    assert after != before and offline.evaluate("frames_.length") >= 1
    assert "told=7" in offline.url and "between=0.100" in offline.url and "along=0.00_0.12" in offline.url

    other = offline.context.new_page()  # who is sent the address sees the same
    other.goto(offline.url)
    other.locator(READY).wait_for()
    assert other.evaluate(CANVAS) == after
    other.close()

    with offline.expect_download() as saved:
        offline.get_by_role("button", name="Download PNG").click()
    saved.value.save_as(tmp_path / "saved.png")
    picture = images.decode((tmp_path / "saved.png").read_bytes())
    assert picture.shape[:2] == (504, 504)  # 18 times 28
    np.testing.assert_array_equal(picture[9::18, 9::18, 0].ravel(), after[::4])

    offline.keyboard.press("Escape")
    offline.locator("h1").click()
    offline.keyboard.press(" ")
    offline.wait_for_function("ganPage.drawn === ganPage.moves")
    assert offline.evaluate(CANVAS) != after and "first=1&" not in offline.url


def test_addresses_that_were_tampered_with_do_no_harm(offline, pages):
    offline.goto(f"{pages['faces']}#first=-5&second=x&between=9&told=99.-1.3&along=1e9_nan_&more=<script>")
    offline.locator(READY).wait_for()
    view = offline.evaluate("ganPage.view")
    assert (view["first"], view["second"], view["between"], view["told"]) == (0, 2, 1, [2, 0])
    assert view["along"][:2] == [3, 0] and offline.locator("#status").text_content() == ""


def test_words_of_a_card_stay_words(page, pages, models, tmp_path):
    folder = models / "digits"
    text = (folder / "card.json").read_text(encoding="utf-8")
    bad = {**json.loads(text), "title": "</script><script>alert(1)</script>{{card}}", "licence": "<b>&\"'"}
    try:
        (folder / "card.json").write_text(json.dumps(bad), encoding="utf-8")
        made = exporting.export("digits", "web", tmp_path / "bad")
    finally:
        (folder / "card.json").write_text(text, encoding="utf-8")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto((made.folder / made.file).as_uri())
    page.locator(READY).wait_for()
    assert page.locator("h1").text_content() == bad["title"]
    assert page.get_by_text(bad["licence"], exact=True).count() == 1


def test_without_npm_the_page_fetches_its_runtime_and_says_so(page, models, fetched, cache, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="npm is not installed"):
        exporting.export("digits", "web", tmp_path / "out", runtime="inline")
    made = exporting.export("digits", "web", tmp_path / "out")
    assert "Browsers fetch ONNX Runtime Web" in made.note and "npm is not installed" in made.note
    assert (made.folder / made.file).stat().st_size < 2e6

    def answer(route):
        name = route.request.url.rpartition("/")[2]
        data = next(data for file, data in fetched.items() if file.name == name)
        if tampered:
            data = data[:-1] + b"?"
        route.fulfill(body=data, headers={"Access-Control-Allow-Origin": "*"})

    page.route(f"{runtime.CDN}*", answer)
    for tampered in (False, True):
        page.goto("about:blank")
        page.goto((made.folder / made.file).as_uri())
        page.locator(READY).wait_for()
        wrong = page.locator("#status").text_content()
        assert bool(wrong) == tampered, wrong  # a file that is not the pinned one is not run
    page.unroute(f"{runtime.CDN}*")
    page.goto("about:blank")
    page.context.set_offline(True)
    with contextlib.suppress(Exception):
        page.goto((made.folder / made.file).as_uri())
    expect(page.locator("#status")).to_contain_text("fetched from the network: it has to be there")


def test_a_phone_has_it_all_in_one_column(browser, pages):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.goto(pages["faces"])
    page.locator(READY).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 21)"
    page.get_by_text("grey", exact=True).scroll_into_view_if_needed()
    page.get_by_text("grey", exact=True).click()
    page.wait_for_function("ganPage.drawn === ganPage.moves && ganPage.view.told[0] === 2")
    context.close()
