"""One run, as it is now: how far, how fast, how well, and what to do about it."""

from __future__ import annotations

import time

import streamlit as st
import training_curves
import training_samples
from shared import kindly

from gan import models
from gan.training import curves, runs
from gan.training.diagnosis import diagnose

COLOURS = {"running": "green", "finished": "blue", "failed": "red", "died": "red", "paused": "orange"}
SCORES = {
    "label_accuracy": ("Drawn as asked", "{:.1%}", "How often a classifier reads the label that was asked for."),
    "fid": ("FID", "{:.2f}", "Fréchet distance to test pictures in the classifier's features: less is better."),
    "recall": ("Recall", "{:.1%}", "Share of the variety of real pictures that is covered."),
    "variety": ("Variety", "{:.0%}", "Spread of the samples of a class, as a share of the spread of real ones."),
    "psnr": ("PSNR", "{:.2f} dB", "How near enlarged test pictures come to the true ones: more is better."),
    "psnr_gain": ("Beyond bicubic", "{:+.2f} dB", "How much nearer than bicubic interpolation comes."),
    "ssim": ("SSIM", "{:.3f}", "How alike the structures of enlarged and true pictures are: 1 is the same."),
    "test_accuracy": ("Test accuracy", "{:.2%}", "Share of test pictures read rightly."),
    "place_accuracy": (
        "Places read",
        "{:.2%}",
        "Share of the places of test numbers read rightly, blank ones included.",
    ),
}


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
    for finding in diagnose(list(follow.recent), len(run.class_names)):
        if finding.level == "good" and status["state"] != "running":
            continue
        show = {"good": st.success, "warning": st.warning, "error": st.error}[finding.level]
        show(f"**{finding.title}.** {finding.meaning} {finding.advice}")
    _scores(follow)
    charts = training_curves.charts(recipe)
    if models.family(recipe.model).game in models.ALONE or training_samples.wide(run):
        if models.family(recipe.model).game not in models.ALONE:
            training_samples.show(run)
        for column, chart in zip(st.columns(len(charts), gap="medium"), charts, strict=True):
            with column:
                training_curves.draw(follow, chart)
        return
    left, right = st.columns([5, 3], gap="medium")
    with left:
        training_samples.show(run)
    with right:
        for chart in charts:
            training_curves.draw(follow, chart)


def _progress(run: runs.Run, status: dict) -> None:
    state, step, steps = status["state"], status.get("step", 0), status.get("steps") or run.recipe.steps
    speed = status.get("images_per_second", 0.0)
    left = (steps - step) * run.recipe.pictures_a_step / speed if speed else None
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
