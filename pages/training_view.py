"""One run, as it is now: how far, how fast, how well, and what to do about it."""

from __future__ import annotations

import time

import plotly.graph_objects as go
import shared
import streamlit as st
from shared import ACCENT, DISCRIMINATOR, GENERATOR, chart, kindly

from gan import images, models
from gan.datasets import source
from gan.training import curves, runs
from gan.training.diagnosis import diagnose

COLOURS = {"running": "green", "finished": "blue", "failed": "red", "died": "red", "paused": "orange"}
SCORES = {
    "label_accuracy": ("Drawn as asked", "{:.1%}", "How often a classifier reads the label that was asked for."),
    "fid": ("FID", "{:.2f}", "Fréchet distance to test pictures in the classifier's features: less is better."),
    "recall": ("Recall", "{:.1%}", "Share of the variety of real pictures that is covered."),
    "variety": ("Variety", "{:.0%}", "Spread of the samples of a class, as a share of the spread of real ones."),
    "test_accuracy": ("Test accuracy", "{:.2%}", "Share of test pictures read rightly."),
}
SHEET = 600  # pixels on the screen that the sheet of samples is at most as wide as


def view(run: runs.Run) -> None:
    """Everything about a run; refreshed every two seconds while a worker is at it."""
    working = run.status()["state"] in runs.WORKING
    st.fragment(_live, run_every=2 if working else None)(run, working)


def _live(run: runs.Run, was_working: bool) -> None:
    with kindly():
        _show(run, was_working)


def _show(run: runs.Run, was_working: bool) -> None:
    status = run.status()
    working = status["state"] in runs.WORKING
    if working != was_working:
        st.rerun()  # the timer is set outside the fragment
    _progress(run, status)
    _controls(run, status, working)
    follow = curves.follow(run)
    recipe = run.recipe
    for finding in diagnose(list(follow.recent), len(source(recipe.dataset).class_names)):
        if finding.level == "good" and status["state"] != "running":
            continue
        show = {"good": st.success, "warning": st.warning, "error": st.error}[finding.level]
        show(f"**{finding.title}.** {finding.meaning} {finding.advice}")
    _scores(follow)
    if models.family(recipe.model).game == "gan":
        left, right = st.columns([5, 3], gap="medium")
        with left:
            _samples(run)
        with right:
            _curve(follow, "Loss", {"g_loss": ("Generator", GENERATOR), "d_loss": ("Discriminator", DISCRIMINATOR)})
            _curve(follow, "D(real) and D(fake): the discriminator's logits, through a sigmoid",
                   {"d_real": ("D(real)", ACCENT), "d_fake": ("D(fake)", DISCRIMINATOR)}, [0, 1])  # fmt: skip
    else:
        _curve(follow, "Loss", {"loss": ("Cross-entropy", ACCENT)})
        _curve(follow, "Accuracy on the training batches", {"accuracy": ("Accuracy", ACCENT)})


def _progress(run: runs.Run, status: dict) -> None:
    state, step, steps = status["state"], status.get("step", 0), status.get("steps") or run.recipe.steps
    speed = status.get("images_per_second", 0.0)
    left = (steps - step) * run.recipe.batch / speed if speed else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state.capitalize(), color=COLOURS.get(state, "gray"))
        st.markdown(f"**{step:,}** of {steps:,} steps", width="content")
        if state == "running" and left is not None:
            st.markdown(f"**{speed:,.0f}** images/s", width="content")
            st.markdown(f"**{_time(left)}** left", width="content")
        st.markdown(f"trained for **{_time(status.get('seconds', 0))}**", width="content")
    st.progress(min(1.0, step / steps))
    settings = f"{status['precision']}{', XLA' if status.get('xla') == 'on' else ''}" if "precision" in status else ""
    memory = f"{status['memory_mb']:,} MB of memory" if status.get("memory_mb") else ""
    st.caption(
        " · ".join(part for part in (status.get("device", ""), settings, memory, status.get("message", "")) if part)
        or "…"
    )
    if state in runs.WORKING and time.time() - status.get("heartbeat", time.time()) > 30:
        st.warning("The worker has not been heard of for half a minute; the machine may be overloaded.")


def _time(seconds: float) -> str:
    minutes, hours = seconds / 60, seconds / 3600
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} min" if hours < 2 else f"{hours:.1f} h"


def _controls(run: runs.Run, status: dict, working: bool) -> None:
    paused = status["state"] == "paused"
    with st.container(horizontal=True):
        if working:
            what, icon = ("resume", "play_arrow") if paused else ("pause", "pause")
            _ask(run, what, what.capitalize(), icon, disabled=status["state"] not in ("running", "paused"))
            _ask(run, "stop", "Stop", "stop")
            _ask(run, "sample", "Sample now", "image", disabled=status["state"] != "running")
            _ask(run, "checkpoint", "Checkpoint now", "save", disabled=status["state"] != "running")
        elif status["state"] != "finished":
            help = "Goes on from the latest checkpoint, exactly as if it had never stopped."
            if st.button("Resume", key="resume_run", icon=":material/play_arrow:", type="primary", help=help):
                with kindly():
                    runs.start_worker(run)
                    st.rerun()


def _ask(run: runs.Run, what: str, label: str, icon: str, disabled: bool = False) -> None:
    if st.button(label, key=f"ask_{what}", icon=f":material/{icon}:", disabled=disabled):
        with kindly():
            run.request(what)
            st.toast(f"{label}: asked for; the worker obeys at its next step.")


def _scores(follow: curves.Curves) -> None:
    known = [name for name in SCORES if name in follow.series]
    if not known:
        return
    with st.container(horizontal=True):
        for name in known:
            label, form, help = SCORES[name]
            steps, values = follow.thinned(name, 80)
            if not values:
                continue
            recent = values[len(values) // 4 :]  # the first, wild values would flatten all that comes after
            st.metric(
                label,
                form.format(values[-1]),
                f"at step {steps[-1]:,}",
                delta_color="off",
                delta_arrow="off",
                help=help,
                chart_data=recent,
                border=True,
                width=165,
            )


def _samples(run: runs.Run) -> None:
    found = run.samples()
    st.markdown("**Samples** of always the same latents: a column a class")
    if not found:
        st.caption("The first samples appear with the first step.")
        return
    steps = [step for step, _ in found]
    step = steps[-1]
    if len(steps) > 1 and not st.toggle("Newest", True, key="newest", help="Off: go back in time."):
        step = st.select_slider("Step", steps, steps[-1], key="at_step")
    sheet = images.decode(dict(found)[step].read_bytes())
    width = SHEET // sheet.shape[1] * sheet.shape[1] or sheet.shape[1]
    st.html(
        f'<img src="{shared.source(sheet)}" alt="Samples at step {step:,}" '
        f'style="width:100%;max-width:{width}px;image-rendering:pixelated;border-radius:3px">'
    )
    st.caption(f"Step {step:,}")


def _curve(follow: curves.Curves, title: str, lines: dict, span: list | None = None) -> None:
    st.markdown(f"**{title}**")
    if not any(name in follow.series for name in lines):
        st.caption("Appears with the first steps.")
        return
    figure = go.Figure(layout={"xaxis": {"title": "step"}, "yaxis": {"range": span}, "uirevision": "keep"})
    figure.update_layout(legend={"orientation": "h", "y": 1.12, "x": 0})
    for name, (label, colour) in lines.items():
        steps, values = follow.thinned(name)
        figure.add_scatter(x=steps, y=values, name=label, line={"color": colour, "width": 1.5}, mode="lines")
    chart(figure, f"curve_{'_'.join(lines)}", 250, f"{title} by step")
