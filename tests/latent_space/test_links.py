import pytest

from gan import UserError, latent
from gan.latent_space import links
from gan.latent_space.views import Key, View

A, B = (0.0, 0.75, 0.25), (1.0, 0.0, 0.0)


def test_link_of_a_plain_view_is_short():
    start = View.start("digits", 10)
    assert links.write(start) == "1~2_0.5__3"
    assert links.read(links.write(start), "digits", 10) == start
    plain = View.start("faces", 0)
    assert links.read(links.write(plain), "faces", 0) == plain


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (
            View("digits", (Key(7, A), Key(9, A)), 0.25, "straight", "smooth", False, (("d1", 0.5), ("m-thick", -3.0))),
            "7~9_0.25~straight~smooth_d1~0.5~m-thick~-3_1x0.75-2x0.25",
        ),
        (
            View("digits", (Key(7, A), Key(9, B), Key(11, B)), 2.9999, loop=True),
            "7~9~11_2.9999~loop__1x0.75-2x0.25~0~0",
        ),
        (
            View("digits", (Key(1, B), Key("AB-.", B), Key(3, B)), 1.0, "straight", plane=(-0.125, 1.5)),
            "1~zAB-.~3_1~straight~plane~-0.125~1.5__0",
        ),
    ],
)
def test_link_of_a_full_view(view, text):
    assert links.write(view) == text
    assert links.read(text, "digits", 3) == view


def test_a_full_strip_of_written_latents_fits_an_address():
    keys = tuple(Key(latent.coded(z), B) for z in latent.normal(1, 24, 64))
    view = View("digits", keys, 3.5)
    assert len(links.write(view)) < 2500
    assert links.read(links.write(view), "digits", 3) == view


def test_links_from_before_there_was_a_strip():
    view = links.read("7~9~0.25~spherical_0.5~0~-3~0~0~0_1~-1_1x0.75~2x0.25", "digits", 3)
    offsets = (("d1", 0.5), ("d3", -3.0), ("d7", 1.0), ("d8", -1.0))
    assert view == View("digits", (Key(7, A), Key(9, A)), 0.25, offsets=offsets)
    assert links.read("1~2~0.5~straight__1~0_0", "digits", 3).offsets == (("d7", 1.0),)
    assert links.read("1~2~0.5~spherical___3", "digits", 10) == View.start("digits", 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1~2",
        "1~2~0.5~spherical",
        "1~2~0.5~spherical___",  # no class has a weight
        "1~2~0.5~spherical___3",  # there are classes 0 to 2
        "1~2~0.5~spherical___-1",
        "1~2~nan~spherical___0",
        "1~2~0.5~spherical_1~2~3~4~5~6~7__0",
        "1~2~0.5~spherical_1~1~1~1~1~1_1_0",
        "1.5~2~0.5~spherical___0",
        "1~2~0.5~<script>___0",
        "1~2_0.5___0",
        "1~2_0.5__",  # no class has a weight
        "1~2_0.5__3",
        "1~2_0.5__0~1~2",  # two pictures
        "1~2_nan__0",
        "1~2_1.5__0",
        "1~2_0.5~curly__0",
        "1~2_0.5_d1_0",
        "1~2_0.5_d1~4_0",
        "1~2_0.5_D1~1_0",
        "1~2_0.5~plane~0~0__0",
        "1~2~3_0.5~plane~0__0",
        "_0.5__0",
        "x~2_0.5__0",
        "_" * 5000,
    ],
)
def test_link_that_cannot_be_read(text):
    with pytest.raises(UserError):
        links.read(text, "digits", 3)
