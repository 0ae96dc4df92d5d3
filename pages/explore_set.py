"""How the pictures of a split lie to one another: a map, the most alike, and those that stand apart."""

from __future__ import annotations

import colorsys

import browse_grid
import plotly.graph_objects as go
import shared
import streamlit as st
import working

from gan import datasets, images
from gan.datasets import exploring

MAPPED, COMPARED = 2_000, 10_000  # pictures
LEGEND = 20  # classes that a legend has room for
STRIP = 24  # pictures or pairs shown


def projection(source: datasets.Source, split: datasets.Split) -> None:
    """A sample as points, a colour a class; a click on a point shows its picture."""
    found = _survey(split, MAPPED)
    told = found.explained[:2].sum()
    st.caption(
        f"{_sample(found, split)} by their first two principal components, which tell {told:.0%} of how they vary. "
        "Pictures that are much alike lie close together. Click a point to see its picture."
    )
    left, right = st.columns([2, 1], gap="medium")
    with left:
        key = f"map-{st.context.theme.type}"
        chosen = st.plotly_chart(
            _map(source, split, found),
            key=key,
            height=480,
            on_select="rerun",
            selection_mode="points",
            config={"displaylogo": False, "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]]},
            alt=f"Pictures of {source.title} as points, coloured by class",
        )
    with right:
        points = chosen["selection"]["points"]
        place = int(points[-1]["customdata"]) if points else int(found.places[0])
        _one(source, split, place)


def alike(source: datasets.Source, split: datasets.Split) -> None:
    """The pairs that differ least."""
    found = _survey(split, COMPARED)
    pairs = working.once(("alike", split.digest), lambda bar: exploring.alike(split.images, found, most=STRIP, say=bar))
    if not pairs:
        st.info("There is one picture only.", icon=":material/info:")
        return
    same = sum(pair.difference == 0 for pair in pairs)
    st.caption(
        f"The pairs that differ least, of {_sample(found, split).lower()}: "
        f"{f'{same} of these {len(pairs)} pairs are identical' if same else 'none is identical'}; the last differs by "
        f"{pairs[-1].difference:.1f} of 255 grey levels. Click a pair to compare it."
    )
    left, right = st.columns([2, 1], gap="medium")
    of, chosen = st.session_state.get("pair", ("", 0))
    chosen = chosen if of == split.digest else 0
    with left:
        sheets = images.beside([split.images[[pair.one, pair.other]] for pair in pairs])
        names = [
            f"Pictures {pair.one:,} and {pair.other:,} differ by {pair.difference:.1f} grey levels" for pair in pairs
        ]
        shared.pick(sheets, range(len(pairs)), names, chosen, "pairs", lambda: _pair(split.digest))
    with right:
        pair = pairs[chosen]
        st.caption(f"They differ by {pair.difference:.1f} grey levels (root mean square).")
        for place in (pair.one, pair.other):
            _one(source, split, place, 160)


def apart(source: datasets.Source, split: datasets.Split) -> None:
    """The pictures that are least like the others of their class."""
    found = _survey(split, COMPARED)
    places = exploring.apart(split.labels, found, most=2 * STRIP)
    if not places:
        st.info("There are too few pictures of a class to say which stands apart.", icon=":material/info:")
        return
    of = "of their class" if source.labelled else "of all"
    st.caption(
        f"Those farthest from the mean {of}, of {_sample(found, split).lower()}; the first lies {places[0][1]:.1f} "
        "times as far out as is usual. Some are mistakes, some merely rare. Click a picture to enlarge it above."
    )
    said = [f"{times:.1f} times as far from the mean as is usual" for _, times in places]
    _strip(source, split, [place for place, _ in places], said, "outliers")


def _survey(split: datasets.Split, most: int) -> exploring.Survey:
    return working.once(("survey", split.digest, most), lambda bar: exploring.survey(split.images, most, say=bar))


def _sample(found: exploring.Survey, split: datasets.Split) -> str:
    count = len(found.places)
    return f"All {count:,} pictures" if count == len(split) else f"A sample of {count:,} of {len(split):,} pictures"


def _strip(source: datasets.Source, split: datasets.Split, places: list[int], said: list[str], key: str) -> None:
    names = [
        f"{browse_grid.label(source, split, place)} (picture {place:,}), {words}"
        for place, words in zip(places, said, strict=True)
    ]
    ids = [str(place) for place in places]
    picked = st.session_state.get("picture")
    shared.pick(split.images[places], ids, names, -1 if picked is None else picked, key, lambda: browse_grid.pick(key))


def _one(source: datasets.Source, split: datasets.Split, place: int, size: int = 280) -> None:
    said = browse_grid.label(source, split, place)
    one = split.images[place]
    shared.picture(one, f"Picture {place}: {said}", shared.factor(one.shape, size))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{shared.plain(said)}** · picture {place:,}", width="stretch")
        st.button("Find above", key=f"find-{place}", icon=":material/arrow_upward:", on_click=_find, args=(place,))


def _pair(digest: str) -> None:
    """Remember the pair that was picked: the grid says so only once."""
    st.session_state["pair"] = (digest, st.session_state["pairs"].picked)


def _find(place: int) -> None:
    st.session_state.picture = place


def _map(source: datasets.Source, split: datasets.Split, found: exploring.Survey) -> go.Figure:
    labels, (x, y) = split.labels[found.places], found.coordinates[:, :2].T
    classes = [k for k in range(len(source.class_names)) if (labels == k).any()]
    traces = []
    for place, k in enumerate(classes):
        members = labels == k
        name = source.class_names[k]
        traces.append(
            go.Scattergl(
                x=x[members],
                y=y[members],
                name=name,
                mode="markers",
                marker={"size": 6, "opacity": 0.75, "color": _colour(place / len(classes))},
                customdata=found.places[members].tolist(),
                hovertemplate=f"{name}, picture %{{customdata:,}}<extra></extra>",
            )
        )
    axis = {"zeroline": False, "showticklabels": False}
    figure = go.Figure(traces)
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="closest",
        dragmode="pan",
        clickmode="event+select",
        showlegend=1 < len(classes) <= LEGEND,
        xaxis={"title": "First component", **axis},
        yaxis={"title": "Second component", **axis},
    )
    return figure


def _colour(share: float) -> str:
    """A hue for each class, at one brightness that is seen on light and dark paper."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(share, 0.5, 0.6))
