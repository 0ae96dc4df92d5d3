"""Export's second view: programs that ask this server, and where an exported page can live."""

import shlex
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from gan import access
from gan.registry import Card

SAMPLE = '{"model": "%s", "n": 4, "seed": 1}'


def show(cards: Mapping[str, Card]) -> None:
    """Lines to copy."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    below = (st.get_option("server.baseUrlPath") or "").strip("/")
    base = f"{parts.scheme}://{parts.netloc}{f'/{below}' if below else ''}"
    guarded = access.wanted(st.get_option("server.address"))
    token = ' -H "Authorization: Bearer $GAN_TOKEN"' if guarded else ""
    model = next((card.name for card in cards.values() if card.kind == "generator"), None)

    st.subheader("Ask this server", anchor=False)
    st.markdown(
        f"Everything that the pages draw, programs can ask for too: [{base}/api/docs]({base}/api/docs) lists the "
        "routes, and tries them. The same seed gives the same pictures."
    )
    lines = [f"curl{token} {base}/api/models", f"curl{token} {base}/api/generate/2026 -o line.png"]
    if model:
        body = shlex.quote(SAMPLE % model)
        lines.append(f"curl{token} {base}/api/sample -H 'Content-Type: application/json' -d {body} -o pictures.png")
    st.code("\n".join(lines), language="bash", wrap_lines=True)
    asks = "This server" if guarded else "No token is needed here. A server that listens to others"
    st.caption(f"{asks} asks everybody for a token: GAN_TOKEN, or the one that it shows at its start.")
    st.subheader("Serve the studio to others", anchor=False)
    st.markdown("In a container, with what is made kept in folders of yours:")
    st.code(
        "docker build -t gan-studio .\n"
        "docker run -p 8501:8501 -e GAN_TOKEN=choose-a-long-one -v ./runs:/studio/runs "
        "-v ./models:/studio/weights/local -v ./cache:/studio/data/cache gan-studio",
        language="bash",
        wrap_lines=True,
    )
    st.markdown("Without one, on a port that others reach:")
    st.code(
        "GAN_TOKEN=choose-a-long-one .venv/bin/streamlit run streamlit_app.py --server.address 0.0.0.0", language="bash"
    )
    st.subheader("Host a web page of a model", anchor=False)
    st.markdown(
        "Export a model as **Web page**. Its `index.html` is all there is: no server computes for it, it sends "
        "nothing, and it works without a network, unless the page says that what runs it is fetched. Put it in a "
        "folder of any web server, on GitHub or GitLab Pages or in an object store, or pass the file on."
    )
    st.code(
        f"python -m gan export --model {model or 'MODEL'} --format web --out page\npython -m http.server -d page 8000",
        language="bash",
    )
