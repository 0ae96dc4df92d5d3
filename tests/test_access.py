"""The access token: who gets in, with what, and who does not."""

import json
import stat

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from gan import access, api, live
from gan.errors import UserError

TOKEN = "right-token-0123"
BEARER = {"authorization": f"Bearer {TOKEN}"}
HTML = {"accept": "text/html,*/*;q=0.8"}
KEY = b"k" * 32


async def page(request):
    return PlainTextResponse(f"page {request.url.query}")


async def stream(socket):
    await socket.accept()
    await socket.send_text("hello")


def client(base="", key=KEY, address="http://localhost:8501") -> TestClient:
    """All kinds of routes of the server behind the door, Streamlit's as stand-ins."""
    prefix = f"/{base}" if base else ""
    own = [
        WebSocketRoute(f"{prefix}/_stcore/stream", stream),
        Route(f"{prefix}/_stcore/health", page),
        Route(f"{prefix}/_stcore/upload_file/a", page, methods=["POST"]),
        Route(f"{prefix}/", page),
        Route(f"{prefix}/explore/x", page),
        Route(f"{prefix}/media/a.png", page),
    ]
    routes = [*api.routes(base), *live.routes(base), *own]
    app = Starlette(routes=routes, middleware=[Middleware(access.Access, key=key, base=base)])
    return TestClient(app, base_url=address, headers={"host": "localhost:8501"})


@pytest.fixture
def chosen(monkeypatch):
    monkeypatch.setenv("GAN_TOKEN", TOKEN)


def test_nothing_is_open_without_the_token_but_health(chosen, weights_dir):
    with client() as http:
        for path in (
            "/",
            "/explore/x",
            "/media/a.png",
            "/api/models",
            "/api/docs",
            "/api/openapi.json",
            "/api/healthy",
        ):
            assert http.get(path).status_code == 401, path
        assert http.post("/api/sample", json={}).status_code == 401
        assert http.post("/live/frame", json={}).status_code == 401
        assert http.post("/_stcore/upload_file/a", content=b"x").status_code == 401
        for path in ("/live", "/_stcore/stream"):
            with pytest.raises(WebSocketDisconnect), http.websocket_connect(path):
                pass
        assert http.get("/_stcore/health").status_code == 200
        assert http.get("/api/health").status_code == 200


def test_programs_send_it_in_a_header(chosen, weights_dir):
    with client() as http:
        assert http.get("/api/models", headers=BEARER).json() == []
        assert http.get("/explore/x", headers=BEARER).status_code == 200
        assert http.get("/explore/x", headers={"authorization": f"bearer  {TOKEN}"}).status_code == 200
        assert http.get(f"/api/models?token={TOKEN}").json() == []
        with http.websocket_connect("/live", headers=BEARER) as socket:
            socket.send_text("?")
            assert "error" in socket.receive_json()
        with http.websocket_connect(f"/_stcore/stream?token={TOKEN}") as socket:
            assert socket.receive_text() == "hello"
        assert "set-cookie" not in http.get("/api/models", headers=BEARER).headers


def test_a_link_lets_a_browser_in_for_good_and_leaves_no_token_in_its_address(chosen, weights_dir):
    with client() as http:
        reply = http.get(f"/explore/x?model=a%20b&token={TOKEN}", headers=HTML, follow_redirects=False)
        assert reply.status_code == 303
        assert reply.headers["location"] == "./x?model=a+b"
        cookie = reply.headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"):
            assert part in cookie
        assert TOKEN not in cookie and "Secure" not in cookie
        assert http.get("/explore/x").text == "page "
        assert http.get("/api/models").json() == []
        with http.websocket_connect("/_stcore/stream", headers={"cookie": cookie.partition(";")[0]}) as socket:
            assert socket.receive_text() == "hello"
        again = http.get(f"/?token={TOKEN}", follow_redirects=False)
        assert (again.status_code, again.headers["location"]) == (303, "./")
        assert http.get("/explore/x?token=old&a=1", follow_redirects=True).text == "page a=1"


def test_the_documentation_is_a_page_too(chosen):
    with client() as http:
        assert "Access token" in http.get("/api/docs", headers=HTML).text
        reply = http.get(f"/api/docs?token={TOKEN}", headers=HTML, follow_redirects=False)
        assert (reply.status_code, reply.headers["location"]) == (303, "./docs")
        assert http.get("/api/openapi.json").status_code == 200


def test_no_link_leads_elsewhere(chosen):
    with client() as http:
        for path in ("//evil.example/", "/%2F%2Fevil.example", "/https:evil.example"):
            reply = http.get(f"http://localhost:8501{path}?token={TOKEN}", follow_redirects=False)
            assert reply.status_code == 303
            assert reply.headers["location"].startswith("./")


def test_the_form_takes_the_token_and_goes_on_to_what_was_asked_for(chosen):
    with client() as http:
        asked = http.get("/explore/x?a=1", headers=HTML)
        assert asked.status_code == 401
        assert '<input id="token" name="token" type="password"' in asked.text
        assert asked.headers["cache-control"] == "no-store"
        wrong = http.post("/explore/x?a=1", data={"token": "<b>"}, headers=HTML)
        assert wrong.status_code == 401
        assert "That is not this server" in wrong.text
        right = http.post("/explore/x?a=1", data={"token": f" {TOKEN} "}, headers=HTML, follow_redirects=False)
        assert (right.status_code, right.headers["location"]) == (303, "./x?a=1")
        assert http.get("/explore/x").status_code == 200
    with client() as stranger:
        assert stranger.post("/", data={"token": "x" * 10_000}, headers=HTML).status_code == 401


def test_over_tls_the_cookie_is_sent_over_tls_only(chosen):
    with client(address="https://localhost:8501") as http:
        reply = http.get(f"/?token={TOKEN}", follow_redirects=False)
        assert "Secure" in reply.headers["set-cookie"]


def test_base_path(chosen, weights_dir):
    with client("studio") as http:
        assert http.get("/studio/api/health").status_code == 200
        assert http.get("/studio/api/models").headers["content-type"] == "application/json"
        reply = http.get(f"/studio/explore/x?token={TOKEN}", follow_redirects=False)
        assert "Path=/studio" in reply.headers["set-cookie"]
        assert http.get("/studio/api/models").json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer wrong-token-0123"},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": b"Bearer \xff\xfe"},
        {"cookie": f"gan_access={TOKEN}"},
        {"cookie": "gan_access_00000000=0; ;=;"},
    ],
)
def test_wrong_tokens(chosen, headers):
    with client() as http:
        reply = http.get("/api/models", headers=headers)
        assert reply.status_code == 401
        assert "Authorization: Bearer TOKEN" in reply.json()["detail"]
        assert reply.headers["www-authenticate"] == "Bearer"


def test_a_cookie_of_another_installation_or_token_opens_nothing(chosen, monkeypatch):
    with client() as http:
        cookie = http.get(f"/?token={TOKEN}", follow_redirects=False).headers["set-cookie"].partition(";")[0]
    with client(key=b"o" * 32) as other:
        assert other.get("/explore/x", headers={"cookie": cookie}).status_code == 401
    monkeypatch.setenv("GAN_TOKEN", "another-token")
    with client() as changed:
        assert changed.get("/explore/x", headers={"cookie": cookie}).status_code == 401
        value = cookie.partition("=")[2]
        own = changed.get("/?token=another-token", follow_redirects=False).headers["set-cookie"].partition("=")[0]
        assert changed.get("/explore/x", headers={"cookie": f"{own}={value}"}).status_code == 401


def test_guessing_is_stopped_while_open_pages_stay_open(chosen, weights_dir):
    with client() as http, client() as guesser:
        inside = http.get(f"/?token={TOKEN}", follow_redirects=False).headers["set-cookie"].partition(";")[0]
        codes = [guesser.get(f"/api/models?token=guess{i}").status_code for i in range(access.WRONG + 5)]
        assert codes[: access.WRONG] == [401] * access.WRONG
        assert codes[-1] == 429
        late = guesser.get("/api/models", headers=BEARER)
        assert late.status_code == 429 and int(late.headers["retry-after"]) >= 1
        assert guesser.get("/api/models", headers={"cookie": inside}).json() == []
        assert guesser.get("/").status_code == 401  # who offers none is asked for one, as always


def test_where_a_token_is_asked_for(monkeypatch):
    monkeypatch.delenv("GAN_TOKEN", raising=False)
    assert [access.wanted(a) for a in ("localhost", "127.0.0.1", "::1")] == [False] * 3
    assert [access.wanted(a) for a in ("0.0.0.0", "::", "192.168.0.7", "", None)] == [True] * 5
    monkeypatch.setenv("GAN_TOKEN", TOKEN)
    assert access.wanted("localhost")


@pytest.mark.parametrize("text", ["short", "with a space", "schlüssel-für-alle", "new\nline-of-text"])
def test_tokens_that_somebody_chose_badly(monkeypatch, text):
    monkeypatch.setenv("GAN_TOKEN", text)
    with pytest.raises(UserError, match="GAN_TOKEN: must have 8 or more characters"):
        access.token(KEY)


def test_the_secret_is_kept_for_its_owner_only(kept, monkeypatch, caplog):
    monkeypatch.delenv("GAN_TOKEN", raising=False)
    key = access.secret()
    path = kept / "access.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert access.secret() == key and len(access.token(key)) == 32
    assert [entry.name for entry in kept.iterdir()] == ["access.key"]
    path.write_bytes(b"cut")
    assert access.secret() != key
    assert "is damaged" in caplog.text


def test_a_start_without_a_place_for_the_secret_has_one_of_its_own(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAN_KEPT_DIR", str(tmp_path / "file" / "kept"))
    assert access.secret() != access.secret()
    assert "cannot be kept" in caplog.text


def test_json_for_programs_text_for_the_rest(chosen):
    with client() as http:
        assert json.loads(http.get("/live").content)["detail"].startswith("This server asks for its access token.")
        assert http.get("/media/a.png", headers={"accept": "image/*"}).headers["content-type"].startswith("text/plain")


def test_addresses_of_one_network_share_an_allowance():
    """Who has one address of IPv6 has 2**64 of them."""
    allowed = access.Allowances(0, 2)

    def spend(address):
        return allowed.of({"client": (address, 1)}).spend()

    assert [spend(f"2001:db8::{i:x}") for i in (1, 2, 3)] == [True, True, False]
    assert spend("2001:db8:0:1::1") and spend("fe80::1%eth0")
    assert [spend(f"::ffff:192.0.2.{i}") for i in (1, 1, 1, 2)] == [True, True, False, True]
    assert [spend(f"192.0.2.{i}") for i in (1, 1, 1, 2)] == [True, True, False, True]
