"""A run's curves: which ones there are in its kind of game, and how each is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st
from shared import ACCENT, DISCRIMINATOR, GENERATOR, chart

from gan import models
from gan.losses import loss
from gan.recipes import Recipe
from gan.training.curves import Curves


@dataclass(frozen=True)
class Chart:
    """Lines by the metric's name: what each is called, and its colour."""

    title: str
    lines: dict[str, tuple[str, str]]
    span: tuple[float, float] | None = None
    before: str = "Appears with the first steps."  # said while there is nothing to draw


def charts(recipe: Recipe) -> list[Chart]:
    """What a recipe's game logs."""
    game = models.family(recipe.model).game
    if game in models.ALONE:
        read = {"accuracy": ("Accuracy", ACCENT)}
        if game == "reader":
            read = {"accuracy": ("Whole numbers", ACCENT), "places": ("Places", GENERATOR)}
        return [
            Chart("Loss", {"loss": ("Cross-entropy", ACCENT)}),
            Chart("Accuracy on the training batches", read, (0, 1)),
        ]
    losses = {"g_loss": ("Generator", GENERATOR), "d_loss": ("Discriminator", DISCRIMINATOR)}
    if game == "super_resolution":
        joins = f"The discriminator joins at step {recipe.content_steps:,}."
        return [
            Chart("Distance to the true pictures", {"content": (recipe.content.capitalize(), ACCENT)}),
            _opinion(recipe, joins),
            Chart("Loss", losses),
        ]
    found = [Chart("Loss", losses), _opinion(recipe)]
    weights = {"r1": recipe.r1, "r2": recipe.r2, "gradient_penalty": recipe.gradient_penalty}
    names = {"r1": ("R1", ACCENT), "r2": ("R2", DISCRIMINATOR), "gradient_penalty": ("Gradient penalty", ACCENT)}
    lines = {name: names[name] for name, weight in weights.items() if weight}
    if lines:
        found.append(Chart("Penalties on slopes, unweighted", lines))
    return found


def _opinion(recipe: Recipe, before: str = Chart.before) -> Chart:
    """What the discriminator says of real and of drawn pictures."""
    row = loss(recipe.loss)
    if row.distance:
        return Chart("Distance of real and drawn pictures", {"distance": ("Distance", DISCRIMINATOR)}, before=before)
    title = "D(real) and D(fake), within a pair" if row.pairs else "D(real) and D(fake), through a sigmoid"
    lines = {"d_real": ("D(real)", ACCENT), "d_fake": ("D(fake)", DISCRIMINATOR)}
    return Chart(title, lines, (0, 1), before)


def draw(follow: Curves, what: Chart) -> None:
    """One chart, or what is said in its place."""
    st.markdown(f"**{what.title}**")
    found = {name: follow.thinned(name) for name in what.lines if name in follow.series}
    if not found:
        st.caption(what.before)
        return
    span = list(what.span) if what.span else None
    figure = go.Figure(layout={"xaxis": {"title": "step"}, "yaxis": {"range": span}, "uirevision": "keep"})
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}, showlegend=True)
    for name, (steps, values) in found.items():
        title, colour = what.lines[name]
        figure.add_scatter(x=steps, y=values, name=title, line={"color": colour, "width": 1.5}, mode="lines")
    chart(figure, f"curve_{'_'.join(what.lines)}", 250, f"{what.title} by step")
