"""Data > Clean: find text on pictures, and paint over it."""

import hashlib
import itertools
from dataclasses import asdict

import clean_jobs
import compare
import shared
import streamlit as st

from gan import UserError, cleaning, datasets, images
from gan.cleaning import showing
from gan.datasets import covers, decoding

TITLED, UPLOAD = "Covers with titles", "A picture of your own"
BOTH, MASK = "Before and after", "Mask"


@st.cache_data(max_entries=50, show_spinner="Looking for text")
def found(_image: images.Array, key: str) -> cleaning.Found:
    return cleaning.detect(_image)


@st.cache_resource(max_entries=2, ttl=600, show_spinner=False)  # a large picture takes 150 MB
def cleaned(_image: images.Array, key: str, settings: dict) -> cleaning.Cleaned:
    return cleaning.clean(_image, cleaning.Settings(**settings), found(_image, key))


@st.cache_data(max_entries=20, show_spinner=False)
def views(_image: images.Array, key: str, settings: dict, masked: bool) -> tuple[images.Array, images.Array, str]:
    """The picture as it was, what is shown beside it, and what was found, in words."""
    result = cleaned(_image, key, settings)
    after = showing.marked(_image, result) if masked else result.image
    boxes = len(result.boxes)
    said = f"{boxes} {'box' if boxes == 1 else 'boxes'} of text, {result.mask.mean():.1%} of the picture painted over."
    said = said if boxes else "No text found. A lower threshold finds more."
    return showing.preview(_image), showing.preview(after), said


@st.cache_data(max_entries=50, show_spinner=False)
def titled(place: int) -> images.Array:
    return next(itertools.islice(covers.titles("test"), place, None)).with_title


def choose() -> images.Array | None:
    """The picture to clean; None before one is uploaded."""
    local = [row.name for row in datasets.sources().values() if row.local]
    known = [*([TITLED] if "covers" in local else []), UPLOAD, *local]
    chosen = st.selectbox("Picture from", known, key="from", bind="query-params", width=220)
    if chosen == UPLOAD:
        suffixes = [s[1:] for s in decoding.SUFFIXES]
        file = st.file_uploader("Picture", [*suffixes, "zip"], key="upload", max_upload_size=50)
        if not file:
            return None
        if file.name.lower().endswith(".zip"):
            raise UserError(
                f"{file.name}: drop one picture here. To clean a whole ZIP, bring it in on the Browse page and clean "
                "the data set it becomes, below."
            )
        return shared.decoded(file.file_id, file)
    source = datasets.source("covers" if chosen == TITLED else chosen)
    split = "test" if chosen == TITLED else "train"
    index = st.number_input(
        "Picture", 0, source.counts[split] - 1, key="number", bind="query-params", width=140, help="From 0."
    )
    if chosen == TITLED:
        return titled(index)
    return datasets.load(chosen).train.images[index]


def adjust() -> cleaning.Settings:
    """The settings, as the page has them."""
    threshold = st.slider(
        "Threshold", cleaning.FLOOR, 0.9, 0.3, 0.05, key="threshold", bind="query-params",
        help="How sure the detector must be. Lower finds more text, and more that is none.",
    )  # fmt: skip
    growth = st.slider(
        "Growth (pixels)", 0, cleaning.LARGEST_GROWTH, 2, key="growth", bind="query-params",
        help="How far the mask reaches beyond the letters: far enough for their soft edges.",
    )  # fmt: skip
    method = st.radio(
        "Painted over by",
        list(cleaning.METHODS),
        format_func=lambda name: cleaning.METHODS[name].title,
        captions=[method.help for method in cleaning.METHODS.values()],
        key="method",
        bind="query-params",
    )
    strokes = st.toggle(
        "Follow the strokes", True, key="strokes", bind="query-params",
        help="On: the letters alone, where they can be told from what is behind them. Off: whole boxes.",
    )  # fmt: skip
    return cleaning.Settings(threshold, growth, method, strokes)


def show(image: images.Array, settings: cleaning.Settings, view: str) -> None:
    """The picture beside what becomes of it, or beside itself with the mask laid over."""
    key = hashlib.sha256(repr(image.shape).encode() + image.tobytes()).hexdigest()
    before, after, said = views(image, key, asdict(settings), view == MASK)
    compare.compare(before, after, "as it was", "with the mask" if view == MASK else "cleaned", "compare")
    st.caption(said)
    result = lambda: cleaned(image, key, asdict(settings))  # noqa: E731
    with st.container(horizontal=True):
        shared.download("Cleaned (PNG)", lambda: images.encode_png(result().image), "cleaned.png", "cleaned_png")
        shared.download("Mask (PNG)", lambda: showing.mask_png(result()), "mask.png", "mask_png")


shared.header("Clean", "Find text on pictures and paint over it, so that a model does not learn to draw letters.")
picture = None
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    with shared.kindly():
        picture = choose()
    view = st.segmented_control("Show", [BOTH, MASK], default=BOTH, required=True, key="show", bind="query-params")
result, controls = st.columns([3, 2], gap="large")
with controls:
    settings = adjust()
with result, shared.kindly():
    if picture is not None:
        show(picture, settings, view)
    else:
        st.info("Drop a picture above, or choose a data set, to see what is found on it.", icon=":material/image:")
with shared.kindly():
    clean_jobs.section(settings)
