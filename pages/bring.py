"""Bring your own: files dropped on the page become a data set that is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import own_set
import shared
import streamlit as st
import working

from gan.datasets import folder, importing, kept
from gan.datasets.archives import Upload

SIZES = (16, 28, 32, 64, 128, 256)  # pixels of a side
HOW = {"crop": "Crop the middle", "pad": "Pad the shorter side"}
DEPTHS = {"Colour": 3, "Grey": 1}
AS_IS = "As it is"
BY_FOLDER = "By folder"


def bring() -> None:
    """The panel above the pictures; all of it is closed until somebody wants it."""
    with st.expander("Bring your own pictures", key="bring", icon=":material/upload:", on_change="rerun") as panel:
        if panel.open:
            _panel()
    _outcome()
    own_set.undo()


def _panel() -> None:
    turn = st.session_state.setdefault("bring_turn", 0)  # a new uploader is an empty one
    files = st.file_uploader(
        "Pictures, a ZIP of them (one folder a class, if you like, and a CSV of attributes), a CSV of pixels, .npz, "
        "or a pair of IDX files. Zip a folder first.",
        accept_multiple_files=True,
        key=f"files{turn}",
        help="Larger files: python -m gan import PATH --name NAME, on this machine.",
    )
    if not files:
        own_set.removed()
        return
    if all(PurePosixPath(file.name).suffix.lower() in importing.FONTS for file in files):
        st.info("These are fonts. Pictures of their characters are made under From fonts.", icon=":material/info:")
        st.page_link("from_fonts.py", label="From fonts", icon=":material/font_download:")
        return
    with shared.kindly():
        plan = _examined(files)
        _found(plan)
        name, options = _options(plan, str(turn))
        busy = working.going("import")
        if st.button("Keep as a data set", key="keep", type="primary", icon=":material/save:", disabled=busy):
            kept.check_name(name)
            st.session_state["bringing"] = True
            working.begin("import", lambda say: importing.run(plan, name, options, say))


def _examined(files: list) -> importing.Plan:
    """What the files are; looked at once, and remembered while they are there."""
    key = tuple(file.file_id for file in files)
    what = [Upload(file.name, file) for file in files]
    known = st.session_state.get("bring_plan")
    if not known or known[0] != key:
        with st.spinner("Looking at the files"):
            plan = importing.examine(what[0] if len(what) == 1 else what)
        # Without the files, which would stay in memory when the page is left.
        known = st.session_state["bring_plan"] = (key, replace(plan, what=()))
    return replace(known[1], what=what[0] if len(what) == 1 else what)


def _found(plan: importing.Plan) -> None:
    """What was found, before anything is made of it."""
    sizes = ", ".join(f"{width} × {height}" for (width, height), _ in plan.sizes[:3])
    rows = {
        "Found": plan.title,
        "Sizes": f"{sizes}{' and others' if len(plan.sizes) > 3 else ''} pixels" if sizes else "",
        "Classes": ", ".join(f"{name} ({count:,})" for name, count in list(plan.counts.items())[:12])
        + (" …" if len(plan.counts) > 12 else ""),
        "Columns": ", ".join(plan.columns),
        "Split": "for training and testing, as it came" if plan.split else "",
    }
    if len(plan.counts) == 1 and folder.ALL in plan.counts:
        rows["Classes"] = "none"
    shared.facts({name: text for name, text in rows.items() if text})
    for problem in plan.problems:
        st.caption(f":material/info: {shared.plain(problem)}")


def _options(plan: importing.Plan, turn: str) -> tuple[str, importing.Options]:
    """How the set is to be made."""
    files = plan.kind == "pictures"
    label, how, channels = None, "crop", None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.text_input("Name", key=f"set_name{turn}", placeholder=plan.name, width=200).strip() or plan.name
        choices = SIZES if files else (AS_IS, *SIZES)
        size = st.selectbox("Size (pixels)", choices, 3 if files else 0, key=f"set_size{len(choices)}", width=120)
        if files or size != AS_IS:
            how = st.selectbox("Not square", list(HOW), format_func=HOW.get, key="set_how", width=190)
        depth = st.selectbox(
            "Colour",
            list(DEPTHS) if files else [AS_IS, *DEPTHS],
            key=f"set_depth{'' if files else '_as_is'}",
            width=110,
        )
        channels = DEPTHS.get(depth)
        if plan.columns:
            label = st.selectbox("Classes", [BY_FOLDER, *plan.columns], key=f"set_label{turn}", width=160)
            label = None if label == BY_FOLDER else label
        elif plan.kind == "pixels":
            columns = {None: "As found", "first": "First column", "last": "Last column", "none": "No labels"}
            label = st.selectbox("Labels", list(columns), format_func=columns.get, key="set_pixels", width=150)
        share, seed = (0.8, 1) if plan.split else own_set.share_and_seed("set")
    return name, importing.Options(
        None if size == AS_IS else size, how, channels, label, share=share, seed=seed, title=name
    )


def _outcome() -> None:
    """How far an import is; then how much was kept, what was left out and why."""
    source, report = working.outcome("import") or (None, None)
    if source is None or (name := source.name) not in kept.kept():
        return
    if st.session_state.pop("bringing", False):  # it was brought in this window: empty the panel, show the pictures
        st.session_state["bring_turn"] += 1
        own_set.show(name)
        st.rerun()
    clean = not report.left_out and not report.remarks
    lines = [shared.plain(line) for line in report.lines()]
    text = f"**{name}** is kept. " + ("\n\n" if len(lines) > 1 else "") + "  \n".join(lines)
    (st.success if clean else st.warning)(text, icon=":material/check:" if clean else ":material/info:")
    with st.container(horizontal=True):
        if not clean:
            shared.download("Report (CSV)", report.as_csv, f"{name}-report.csv", "report")
        working.close("import")
