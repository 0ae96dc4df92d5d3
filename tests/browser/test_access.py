"""The access token in a browser: the link that the server shows, the form, the page behind them with its sockets."""

import re

import pytest

from tests.browser.driver import serve, settle

TOKEN = "right-token-0123"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server that asks for a token, and what it says at its start."""
    folder = tmp_path_factory.mktemp("guarded")
    environment = {"GAN_TOKEN": TOKEN, "GAN_KEPT_DIR": str(folder / "kept"), "GAN_RUNS_DIR": str(folder / "runs")}
    with serve(environment, folder / "log") as url:
        yield url, (folder / "log").read_text()


def test_the_link_that_the_server_shows_opens_the_studio(guarded, page):
    url, said = guarded
    (link,) = re.findall(r"http://\S+token=\S+", said)
    assert link == f"{url}/?token={TOKEN}"
    page.goto(link)
    settle(page)
    assert page.url == f"{url}/"
    page.goto(f"{url}/recognise")
    settle(page)
    assert page.get_by_role("heading", name="Recognise").is_visible()


def test_without_the_link_a_form_takes_the_token(guarded, page):
    url, _ = guarded
    page.goto(f"{url}/train?a=1")
    page.get_by_label("Access token").fill("wrong-token")
    page.get_by_role("button", name="Open").click()
    assert page.get_by_role("alert").inner_text() == "That is not this server's token."
    page.get_by_label("Access token").fill(TOKEN)
    page.get_by_role("button", name="Open").click()
    settle(page)
    assert page.url.startswith(f"{url}/train")
    assert TOKEN not in page.url
