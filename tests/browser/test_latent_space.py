"""Explore > Latent space, by hand: drag, mix, undo, share."""

from __future__ import annotations

import itertools

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
    page.get_by_test_id(control).scroll_into_view_if_needed()
    box = page.get_by_test_id(control).bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to, y, steps=steps)


def test_the_picture_follows_the_finger_before_it_is_let_go(studio):
    studio.evaluate("window.n = 0; document.addEventListener('gan-frame', () => window.n++)")
    before = picture(studio)
    places = itertools.cycle((0.9, 0.95))  # where the machine is busy, several moves share one picture
    wait_until(studio, lambda: dragged(studio, "between", next(places)) or studio.evaluate("window.n >= 3"))
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


def test_undo_and_new_latents(studio):
    key = '[data-testid="key-0"] img'
    wait_until(studio, lambda: studio.locator(key).count() == 1)
    studio.wait_for_timeout(500)
    before, thumb = picture(studio), studio.locator(key).evaluate("image => image.src")
    studio.get_by_test_id("reshuffle-all").click()
    wait_until(studio, lambda: studio.locator(key).evaluate("image => image.src") != thumb)
    studio.get_by_test_id("undo").click()
    wait_until(studio, lambda: studio.locator(key).evaluate("image => image.src") == thumb)
    wait_until(studio, lambda: picture(studio) == before)


def test_the_strip_by_mouse_and_keyboard(studio):
    strip = studio.get_by_test_id("strip")
    studio.get_by_test_id("add").click()
    studio.get_by_test_id("scope-one").locator("..").click()
    studio.get_by_test_id("class-7").click()
    studio.wait_for_function("/_[^_]*__3~3~7$/.test(location.search)")
    seeds = studio.url.partition("at=")[2].partition("_")[0].split("~")
    assert seeds[:2] == ["1", "2"]
    studio.get_by_test_id("key-2").focus()
    studio.keyboard.press("Alt+ArrowLeft")
    studio.wait_for_function("/__3~7~3$/.test(location.search)")
    studio.keyboard.press("Delete")
    studio.wait_for_function("/at=1~2_/.test(location.search)")
    expect(strip.locator(".key")).to_have_count(2)
    studio.keyboard.press("Control+z")
    expect(strip.locator(".key")).to_have_count(3)
    first, last = strip.locator(".key").nth(0).bounding_box(), strip.locator(".key").nth(2).bounding_box()
    studio.mouse.move(first["x"] + 20, first["y"] + 20)
    studio.mouse.down()
    studio.mouse.move(last["x"] + 40, last["y"] + 20, steps=8)
    studio.mouse.up()
    studio.wait_for_function("/__7~3~3$/.test(location.search)")


def test_playing_goes_round_in_a_loop(studio):
    studio.get_by_test_id("loop").click()
    studio.evaluate("window.n = 0; document.addEventListener('gan-frame', () => window.n++)")
    studio.get_by_test_id("play").click()
    studio.wait_for_function("window.n >= 10")
    expect(studio.get_by_test_id("between")).to_have_attribute("max", "2")
    studio.get_by_test_id("play").click()
    studio.wait_for_function("/_[0-9.]+~loop_/.test(location.search)")


def test_a_plane_through_three_pictures(studio):
    studio.get_by_test_id("pad-three").click()
    before = picture(studio)
    dragged(studio, "pad", 0.8)
    wait_until(studio, lambda: picture(studio) != before)
    studio.mouse.up()
    studio.wait_for_function("location.search.includes('~plane~')")
    studio.get_by_test_id("pad-reset").click()
    studio.wait_for_function("!location.search.includes('plane')")


def test_each_family_has_its_sliders(studio):
    for family, letter in (("factors", "s"), ("components", "p"), ("measured", "m")):
        studio.get_by_test_id(f"family-{family}").click()
        studio.get_by_test_id("direction-1").wait_for(timeout=60_000)
        dragged(studio, "direction-1", 0.8)
        studio.mouse.up()
        studio.wait_for_function(f"/[_~]{letter}[a-z0-9-]*~[0-9.-]+/.test(location.search)")
        studio.get_by_test_id("clear").click()


def test_a_direction_of_ones_own(studio):
    studio.get_by_test_id("family-named").click()
    for place in (0, 1):
        studio.get_by_test_id(f"teach-{place}").click()
    studio.get_by_test_id("teach-2").dblclick()
    studio.get_by_test_id("teach-keep").click()
    expect(studio.get_by_test_id("stAlert")).to_contain_text("1 to 60 characters")
    studio.get_by_test_id("teach-name").fill("rounder")
    studio.get_by_test_id("teach-keep").click()
    expect(studio.locator(".direction label")).to_have_text("rounder")


def test_a_favourite_becomes_a_key(studio):
    studio.get_by_label("Name of the picture that is shown").fill("a three")
    studio.locator('[data-testid="stFormSubmitButton"] button', has_text="Keep it").click()
    studio.get_by_role("button", name="Add to strip").click()
    expect(studio.get_by_test_id("strip").locator(".key")).to_have_count(3)
    studio.wait_for_function("/at=1~2~z/.test(location.search)")


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


def test_a_drawn_picture_is_found_and_becomes_a_key(studio):
    studio.get_by_text("Find my picture", exact=True).first.click()
    sheet = studio.get_by_test_id("draw-canvas")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    studio.mouse.move(*at(0.5, 0.2))
    studio.mouse.down()
    studio.mouse.move(*at(0.5, 0.8), steps=10)
    studio.mouse.up()
    studio.get_by_role("button", name="Find it").click()
    studio.get_by_role("button", name="Add to strip").click(timeout=60_000)
    expect(studio.get_by_test_id("strip").locator(".key")).to_have_count(3)
    studio.wait_for_function("/at=1~2~z.*__3~3~1$/.test(location.search)")


def test_the_sheet_undoes_a_stroke_and_leaves_the_view_alone(studio):
    studio.get_by_test_id("loop").click()
    expect(studio.get_by_test_id("undo")).to_be_enabled()
    studio.get_by_text("Find my picture", exact=True).first.click()
    studio.get_by_test_id("draw-canvas").click()
    expect(studio.get_by_test_id("draw-undo")).to_be_enabled()
    studio.keyboard.press("Control+z")
    expect(studio.get_by_test_id("draw-undo")).to_be_disabled()
    expect(studio.get_by_test_id("undo")).to_be_enabled()
    expect(studio.get_by_test_id("loop")).to_have_attribute("aria-pressed", "true")
