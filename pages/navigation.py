"""The pages, and the frame around them."""

from pathlib import Path

import steady  # noqa: F401
import streamlit as st

st.set_page_config(
    page_title="GAN Studio",
    page_icon=str(Path(__file__).with_name("icon.svg")),
    layout="wide",
    menu_items={"About": "**GAN Studio.** Train, watch and explore generative adversarial networks."},
)

st.html(Path(__file__).with_name("style.css"))
st.navigation(
    {
        "": [st.Page("home.py", title="Home", icon=":material/home:", default=True)],
        "Data": [
            st.Page("browse.py", title="Browse", icon=":material/grid_view:", url_path="browse"),
            st.Page("augmenting.py", title="Augment", icon=":material/shuffle:", url_path="augment"),
            st.Page("clean.py", title="Clean", icon=":material/ink_eraser:", url_path="clean"),
            st.Page("from_fonts.py", title="From fonts", icon=":material/font_download:", url_path="fonts"),
        ],
        "Train": [
            st.Page("live_training.py", title="Live", icon=":material/show_chart:", url_path="train"),
            st.Page("runs.py", title="Runs", icon=":material/history:", url_path="runs"),
            st.Page("tune.py", title="Tune", icon=":material/experiment:", url_path="tune"),
        ],
        "Explore": [
            st.Page("latent_space.py", title="Latent space", icon=":material/tune:", url_path="latent"),
            st.Page("generate.py", title="Generate", icon=":material/draw:", url_path="generate"),
            st.Page("upscale.py", title="Upscale", icon=":material/zoom_out_map:", url_path="upscale"),
            st.Page("recognise.py", title="Recognise", icon=":material/visibility:", url_path="recognise"),
        ],
        "Measure": [st.Page("evaluate.py", title="Evaluate", icon=":material/analytics:", url_path="evaluate")],
        "Share": [st.Page("share.py", title="Export", icon=":material/ios_share:", url_path="export")],
    }
).run()
