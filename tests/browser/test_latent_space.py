"""Explore > Latent space, by hand: drag, mix, undo, share."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

CANVAS = """id => {
  const canvas = (function find(root) {
    const here = root.querySelector(`[data-testid="${id}"]`);
    if (here) return here;
    for (const host of root.querySelectorAll("*")) {
      if (host.shadowRoot) { const found = find(host.shadowRoot); if (found) return found; }
    }
  })(document);
  return canvas.toDataURL();
}"""


@pytest.fixture
def studio(app_url, page: Page) -> Page:
    page.goto(f"{app_url}/latent")
    page.locator('[data-testid="latent-space"][aria-busy="false"]').wait_for(timeout=120_000)
    return page


def picture(page: Page, name: str = "picture") -> str:
    return page.evaluate(CANVAS, name)


def wait_until(page: Page, condition) -> None:
    """Look again until it holds: how long a repaint takes depends on what else the machine does."""
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come true within ten seconds")


def dragged(page: Page, control: str, to: float, steps: int = 10) -> None:
    box = page.get_by_test_id(control).bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to, y, steps=steps)


def test_the_picture_follows_the_finger_before_it_is_let_go(studio):
    studio.evaluate("window.n = 0; document.addEventListener('gan-frame', () => window.n++)")
    before = picture(studio)
    dragged(studio, "between", 0.95)
    studio.wait_for_function("window.n >= 3")
    assert picture(studio) != before
    studio.mouse.up()
    studio.wait_for_function("location.search.includes('at=')")


def test_a_link_brings_the_view_back(studio, app_url):
    dragged(studio, "direction-1", 0.9)
    studio.mouse.up()
    studio.get_by_test_id("class-7").click()
    studio.wait_for_function("location.search.includes('at=')")
    studio.wait_for_timeout(2000)
    shown, address = picture(studio), studio.url
    other = studio.context.new_page()
    other.goto(address)
    other.locator('[data-testid="latent-space"][aria-busy="false"]').wait_for(timeout=60_000)
    wait_until(other, lambda: picture(other) == shown)


def test_undo_and_reshuffle(studio):
    before, a = picture(studio), picture(studio, "picture-a")
    studio.get_by_test_id("reshuffle-a").click()
    wait_until(studio, lambda: picture(studio, "picture-a") != a)
    studio.get_by_test_id("undo").click()
    wait_until(studio, lambda: picture(studio, "picture-a") == a and picture(studio) == before)


def test_the_keyboard_moves_the_slider(studio):
    before = picture(studio)
    studio.get_by_test_id("between").focus()
    for _ in range(20):
        studio.keyboard.press("ArrowRight")
    wait_until(studio, lambda: picture(studio) != before)


def test_where_sockets_are_blocked_plain_requests_do(app_url, page):
    page.route_web_socket("**/live", lambda socket: socket.close())
    page.goto(f"{app_url}/latent")
    page.locator('[data-testid="latent-space"][aria-busy="false"]').wait_for(timeout=120_000)
    before = picture(page)
    with page.expect_request("**/live/frame"):
        dragged(page, "between", 0.95)
        page.mouse.up()
    wait_until(page, lambda: picture(page) != before)


def test_a_picture_to_take_home(studio):
    with studio.expect_download() as waiting:
        studio.get_by_test_id("download").click()
    assert waiting.value.suggested_filename.endswith(".png")
    expect(studio.get_by_test_id("notice")).not_to_contain_text("error")
