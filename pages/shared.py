"""What the pages share: their heading, crisp pictures, charts in the theme's colours, and kind messages."""

from __future__ import annotations

import base64
import html
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.elements.lib.streamlit_plotly_theme import CATEGORY_0, CATEGORY_1, CATEGORY_2
from streamlit.runtime.uploaded_file_manager import UploadedFile

from gan import UserError, images, inference, latent, registry
from gan.datasets import decoding

# The browser replaces these by the theme's chartCategoricalColors.
GENERATOR, DISCRIMINATOR, ACCENT = CATEGORY_0, CATEGORY_1, CATEGORY_2

SCORES = {"label_accuracy": "{:.1%}", "fid": "{:.3g}", "recall": "{:.1%}"}  # those a person asks for first
TILE = 56  # pixels on the screen that a small picture is enlarged to, in whole steps
LARGE = 96  # pixels on the screen that a large picture is shrunk to
GAP = 6  # pixels between pictures

_FOLDER = Path(__file__).with_name("components") / "pictures"
_picker = st.components.v2.component(
    "gan_studio_pictures",
    html='<div id="grid" role="group"></div>',
    css=(_FOLDER / "pictures.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "pictures.js").read_text(encoding="utf-8"),
)


def header(title: str, line: str) -> None:
    """The head of a page: its title and one line of what it is for."""
    st.title(title, anchor=False)
    st.caption(line)


@contextmanager
def kindly() -> Iterator[None]:
    """Show what the person can mend as a message in its place; the rest of the page goes on."""
    try:
        yield
    except UserError as error:
        st.error(str(error), icon=":material/info:")


@contextmanager
def noted(key: str) -> Iterator[None]:
    """`kindly` for what a press does before the page is drawn: the message waits for `told`."""
    try:
        yield
    except UserError as error:
        st.session_state[key] = str(error)


def tried(key: str, act: Callable[[], object]) -> None:
    """What a button does before the page is drawn anew, `noted`."""
    with noted(key):
        act()


def told(key: str) -> None:
    """What the last press could not do, beside what was pressed."""
    if trouble := st.session_state.pop(key, ""):
        st.error(trouble, icon=":material/info:")


def empty(title: str, text: str, page: str, label: str) -> None:
    """Nothing here yet: what to do next, and the way there."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown(f"**{title}**", width="content")
        st.caption(text, width="content")
        st.page_link(page, label=label, icon=":material/arrow_forward:")


def download(label: str, data: bytes | Callable[[], bytes], file: str, key: str, help: str | None = None) -> None:
    """A button that saves a file. A function is called only when the button is pressed."""
    ending = file.rpartition(".")[2]
    kinds = {"png": "image/png", "json": "application/json", "zip": "application/zip", "npz": "application/zip"}
    kinds |= {"gif": "image/gif", "mp4": "video/mp4"}
    kind = kinds.get(ending, f"text/{ending}")
    st.download_button(
        label, data, file, kind, key=key, on_click="ignore", icon=":material/download:", help=help, width="content"
    )


def plain(text: str) -> str:
    """Words of the user's as they are, where Markdown is read."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|:$~<>-])", r"\\\1", text)


def facts(rows: Mapping[str, str]) -> None:
    """Names and what they stand for, aligned."""
    cells = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in rows.items())
    st.html(f'<dl class="gan-facts">{cells}</dl>')


def scores(card: registry.Card) -> dict[str, str]:
    """What a model scores beside what real pictures do; the judge's word before the measuring net's."""
    entries = card.scores.get("scores", {}).values()
    found = {}
    for measure in SCORES:
        rows = [entry for entry in entries if entry["measure"] == measure and entry.get("value") is not None]
        if rows:
            row = max(rows, key=lambda entry: entry["net"] == card.scores.get("judge"))
            form = SCORES[measure]
            real = f" (real pictures {form.format(row['real'])})" if row.get("real") is not None else ""
            found[row["title"]] = form.format(row["value"]) + real
    return found


def seed(key: str) -> int:
    """The seed, typed or rolled."""

    def roll() -> None:
        st.session_state[key] = secrets.randbelow(latent.SEEDS)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.number_input("Seed", 0, latent.SEEDS - 1, 1, key=key, bind="query-params")
        st.button("New", key=f"{key}_new", icon=":material/casino:", help="Another seed", on_click=roll)
    return chosen


def pager(pages: int, turn: Callable[[int], None], said: str) -> int:
    """The page to show, from 1: typed, or turned to. `turn` is called with the page that a button leads to."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        back, entry, on = (st.container(horizontal=True, width="content", gap="xsmall") for _ in range(3))
        st.caption(f"of {pages:,} {'page' if pages == 1 else 'pages'} · {said}", width="content")
    now = entry.number_input("Page", 1, pages, key="page", bind="query-params", label_visibility="collapsed", width=120)
    now = min(now, pages)  # what is shown may have become less since the page was left
    turners = (
        (back, "First", 1),
        (back, "Previous", max(1, now - 1)),
        (on, "Next", min(pages, now + 1)),
        (on, "Last", pages),
    )
    for place, name, to in turners:
        place.button(name, key=f"{name.lower()}_page", disabled=to == now, on_click=turn, args=(to,))
    return now


def warming() -> AbstractContextManager[None]:
    """Says so while the first picture waits for the model to be loaded."""
    return nullcontext() if inference.ready() else st.spinner("Loading the model")


def source(image: images.Array) -> str:
    """One picture uint8 [h, w, c] as an address that a page can show."""
    return f"data:image/png;base64,{base64.b64encode(images.encode_png(image)).decode()}"


@st.cache_resource(max_entries=4, ttl=900, show_spinner=False)  # a large picture takes 150 MB
def decoded(file_id: str, _file: UploadedFile, paper: decoding.Paper = "white") -> images.Array:
    """An uploaded picture, uint8 [h, w, c], as `decoding.decode` gives it; not decoded again with each press."""
    return decoding.decode(_file.getvalue(), _file.name, paper=paper)


def factor(shape: Sequence[int], size: int = TILE) -> int:
    """How many times a picture of a shape (h, w, …) is enlarged to come near to a size, in whole steps."""
    return max(1, round(size / max(shape[:2])))


def picture(image: images.Array, alt: str, times: int, least: float = 1) -> None:
    """One picture uint8 [h, w, c], each pixel `times` as large, or smaller where there is less room, but not below
    `least` times: it then scrolls."""
    width, label = image.shape[1], html.escape(alt)
    st.html(
        f'<div class="gan-scroll" style="--w:{width * times}px;--least:{width * least}px" tabindex="0" role="group" '
        f'aria-label="{label}">{_img(image, alt, times)}</div>'
    )


def pictures(batch: images.Array, names: Sequence[str], columns: int | None = None, captions: bool = False) -> None:
    """Pictures uint8 [n, h, w, c] side by side, crisp, all of one size.

    Args:
        batch: the pictures.
        names: what each shows, for those who point at it or hear it.
        columns: how many stand in a row where there is room; by default as many as there is room for.
        captions: write the names below the pictures too.
    """
    times = factor(batch.shape[1:])
    cells = [_img(image, name, times) for image, name in zip(batch, names, strict=True)]
    if captions:
        cells = [
            f"<figure>{c}<figcaption>{html.escape(n)}</figcaption></figure>" for c, n in zip(cells, names, strict=True)
        ]
    _grid(cells, batch.shape[2] * times, columns)


def thumb(image: images.Array, alt: str) -> str:
    """One small picture uint8 [h, w, c] as HTML."""
    return _img(image, alt, factor(image.shape))


def groups(labelled: Sequence[tuple[str, images.Array]]) -> None:
    """For each label a row of its pictures, uint8 [n, h, w, c] of one shape."""
    times = factor(labelled[0][1].shape[1:])
    height, width = (times * side for side in labelled[0][1].shape[1:3])
    rows = []
    for name, batch in labelled:
        cells = "".join(_img(image, name, times) for image in batch)
        rows.append(f'<dt>{html.escape(name)}</dt><dd class="gan-grid">{cells}</dd>')
    st.html(f'<dl class="gan-groups" style="--w:{width}px;--h:{height}px">{"".join(rows)}</dl>')


def places(shape: Sequence[int], count: int, columns: int) -> None:
    """Where pictures of a shape will be, so that nothing moves when they come."""
    height, width = (side * factor(shape) for side in shape[:2])
    _grid([f'<div class="gan-place" style="height:{height}px"></div>'] * count, width, columns)


def pick(
    batch: images.Array, ids: Sequence[int], names: Sequence[str], picked: int, key: str, on_pick: Callable[[], None]
) -> None:
    """Pictures like `pictures`, to choose one from; `on_pick` finds its id in ``st.session_state[key].picked``.

    Small ones are enlarged, large ones sent as small previews.
    """
    height, width = tile(batch.shape[1:])
    preview = min(batch.shape[1:3]) > LARGE
    shown = [
        {"id": int(i), "source": _preview(image, width, height) if preview else source(image), "name": name}
        for i, image, name in zip(ids, batch, names, strict=True)
    ]
    data = {"pictures": shown, "picked": picked, "width": width, "height": height}
    _picker(key=key, data=data, on_picked_change=on_pick)


def tile(shape: Sequence[int]) -> tuple[int, int]:
    """How high and wide a picture of a shape (h, w, …) stands on the screen in `pick`."""
    height, width = shape[:2]
    times = max(1, round(TILE / min(height, width)))
    if min(height, width) > LARGE:
        return LARGE * height // min(height, width), LARGE * width // min(height, width)
    return times * height, times * width


def _preview(image: images.Array, width: int, height: int) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(images.encode_jpeg(image, (width, height))).decode()}"


def _img(image: images.Array, alt: str, times: int) -> str:
    height, width = (times * side for side in image.shape[:2])
    alt = html.escape(alt)
    return f'<img class="gan-pixels" src="{source(image)}" alt="{alt}" title="{alt}" width="{width}" height="{height}">'


def _grid(cells: Sequence[str], width: int, columns: int | None) -> None:
    room = f"max-width:{columns * (width + GAP) - GAP}px" if columns else ""
    st.html(f'<div class="gan-grid" style="--w:{width}px;{room}">{"".join(cells)}</div>')


def chart(figure: go.Figure, key: str, height: int, alt: str) -> None:
    """A Plotly chart in the theme's colours and fonts, with one tool: saving it as a picture."""
    hover = figure.layout.hovermode or "x unified"
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8}, hovermode=hover)
    config: dict[str, Any] = {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"filename": key, "scale": 2},
    }
    # A chart keeps the colours of the theme it was made in, so another theme makes another chart.
    st.plotly_chart(figure, key=f"{key}-{st.context.theme.type}", height=height, config=config, alt=alt)


def bars(
    x: Sequence[Any], y: Sequence[float], key: str, titles: tuple[str, str], alt: str, types: tuple[str, str]
) -> None:
    """A bar chart in the accent colour. `titles` and `types` (linear, log, category) are of the axes x and y."""
    bar = go.Bar(x=x, y=y, marker_color=ACCENT, hovertemplate="%{y:,}<extra></extra>")
    axes = [
        {"title": title, "type": kind, **({"dtick": 1} if kind == "log" else {})}
        for title, kind in zip(titles, types, strict=True)
    ]
    chart(go.Figure(bar, layout={"bargap": 0.15, "xaxis": axes[0], "yaxis": axes[1]}), key, 220, alt)
