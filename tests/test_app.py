"""The server as `streamlit run` builds it."""

import pytest
from streamlit import config

import streamlit_app


@pytest.fixture
def option():
    """Set options of Streamlit's; they go back to what they were."""
    before = {}

    def option(**changes):
        for name, value in changes.items():
            key = name.replace("_", ".")
            before.setdefault(key, config.get_option(key))
            config.set_option(key, value)

    yield option
    for key, value in before.items():
        config.set_option(key, value)


def test_our_own_routes_come_first():
    paths = [route.path for route in streamlit_app.app._user_routes]
    assert paths == ["/api", "/api", "/live", "/live/frame"]


def test_server_for_this_machine_goes_by_its_names_only(option):
    option(server_address="localhost", server_allowedHosts=[])
    assert sorted(streamlit_app.hosts()) == ["127.0.0.1", "::1", "localhost"]


def test_server_for_others_goes_by_any_name_unless_they_are_listed(option):
    option(server_address="0.0.0.0", server_allowedHosts=[])
    assert streamlit_app.hosts() == ["*"]
    option(server_allowedHosts=["Studio.Example", "*.example"])
    assert streamlit_app.hosts() == ["studio.example", "*.example"]


def test_other_origins_are_only_those_that_were_configured(option):
    option(browser_serverAddress="localhost", server_corsAllowedOrigins=[])
    assert streamlit_app.origins() == []
    option(browser_serverAddress="studio.example", server_corsAllowedOrigins=["https://lab.example:8443"])
    assert sorted(streamlit_app.origins()) == ["lab.example", "studio.example"]
