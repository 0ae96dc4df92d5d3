import json
import math
import time

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from gan import images, inference, live
from gan.latent_space import directions
from gan.latent_space.views import View
from tests.small_models import LATENT, save_generator

VIEW = View.start("digits", 10).to_json()


@pytest.fixture
def digits(weights_dir):
    return save_generator()


def client(base="", address="http://localhost:8501", **door) -> TestClient:
    headers = {"host": address.partition("//")[2]}
    return TestClient(Starlette(routes=live.routes(base, **door)), base_url=address, headers=headers)


def message(ident=1, want=None, family=None, **changes) -> str:
    asked = {"want": want, "family": family}
    return json.dumps({"id": ident, "view": {**VIEW, **changes}} | {name: v for name, v in asked.items() if v})


def opened(answer: bytes):
    """Id and pictures of an answer."""
    ident, *shape = live.HEADER.unpack_from(answer)
    return ident, np.frombuffer(answer, np.uint8, offset=live.HEADER.size).reshape(shape)


def drawn(net, *views: View):
    """The pictures of views, by the net itself."""
    ways = directions.find("digits", [f"d{rank}" for rank in range(1, 9)])
    latents = np.stack([view.latent(ways, LATENT) for view in views])
    return images.from_model(np.asarray(net([latents, np.array([view.weights() for view in views])], training=False)))


def close_to(actual, expected):
    return actual.shape == expected.shape and np.abs(actual.astype(int) - expected.astype(int)).max() <= 1


def test_frame_is_the_picture_of_the_view(digits):
    keys = [{"at": 5, "classes": [1, 1, *[0] * 8]}, {"at": 6, "classes": [0] * 9 + [1]}]
    moved = {"keys": keys, "t": 0.2, "easing": "smooth", "offsets": {"d1": 1, "d4": -2}}
    with client().websocket_connect("/live") as socket:
        socket.send_text(message(7, **moved))
        ident, pictures = opened(socket.receive_bytes())
    assert ident == 7
    assert pictures.shape == (1, 28, 28, 1)
    assert close_to(pictures, drawn(digits, View.from_json({**VIEW, **moved}, 10)))


def test_pictures_beside_the_controls(digits):
    view = View.start("digits", 10)
    ends = view.pushed([f"d{rank}" for rank in range(1, 9)])
    with client().websocket_connect("/live") as socket:
        for want, views in (("frame", [view]), ("keys", view.stops()), ("ends", ends), ("classes", view.alone())):
            socket.send_text(message(2**32 - 1, want, "seen"))
            ident, pictures = opened(socket.receive_bytes())
            assert ident == 2**32 - 1
            assert close_to(pictures, drawn(digits, *views))


def test_the_directions_of_a_family_are_listed_once_they_are_found(digits, kept):
    with client().websocket_connect("/live") as socket:
        for _ in range(600):
            socket.send_text(message(3, "directions", "factors"))
            reply = socket.receive_json()
            if reply["directions"] is not None:
                break
            time.sleep(0.05)  # nobody else waits meanwhile
        socket.send_text(message(4, "directions", "named"))
        assert socket.receive_json() == {"id": 4, "directions": []}
        socket.send_text(message(5, "ends", "named"))
        assert opened(socket.receive_bytes())[1].shape == (0, 28, 28, 1)
    names = [(row["name"], row["title"]) for row in reply["directions"]]
    assert names == [(f"s{rank}", f"Direction {rank}") for rank in range(1, 9)]


def test_each_value_of_each_column_is_drawn_by_itself(weights_dir):
    save_generator("faces", family="cgan", columns={"hair": ("black", "green"), "skin": ("dark", "pale", "tan")})
    view = View.start("faces", 6)
    with client().websocket_connect("/live") as socket:
        socket.send_text(json.dumps({"id": 1, "view": view.to_json(), "want": "classes"}))
        _, pictures = opened(socket.receive_bytes())
    assert len(pictures) == 5
    weights = [[1, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]]
    expected = inference.sample("faces", np.tile(view.latent({}, LATENT), (5, 1)), np.array(weights))
    assert close_to(pictures, expected)


def test_plain_requests_get_what_the_socket_gives(digits):
    with client() as http, http.websocket_connect("/live") as socket:
        json_type = {"content-type": "application/json"}
        for want in ("frame", "keys", "ends", "classes"):
            socket.send_text(message(5, want, "seen"))
            reply = http.post("/live/frame", content=message(5, want, "seen"), headers=json_type)
            assert reply.status_code == 200
            assert reply.headers["content-type"] == "application/octet-stream"
            assert reply.content == socket.receive_bytes()
        reply = http.post("/live/frame", content=message(5, "directions", "seen"), headers=json_type)
        assert len(reply.json()["directions"]) == 8
        socket.send_text(message(6, t=3))
        reply = http.post("/live/frame", content=message(6, t=3), headers={"content-type": "application/json"})
        assert reply.status_code == 422
        assert reply.json() == socket.receive_json() == {"id": 6, "error": "t: must be a number from 0 to 1, got 3."}


def test_latent_with_fewer_dimensions_than_there_are_directions(weights_dir):
    save_generator(latent=3)
    with client().websocket_connect("/live") as socket:
        for offsets in ({}, {"d3": 3}):
            socket.send_text(message(1, offsets=offsets))
        plain, moved = (opened(socket.receive_bytes())[1] for _ in range(2))
        socket.send_text(message(1, "ends", "seen"))
        assert len(opened(socket.receive_bytes())[1]) == 6
        socket.send_text(message(2, offsets={"d4": 1}))
        assert "unknown direction of this model 'd4'" in socket.receive_json()["error"]
    assert not close_to(plain, moved)


BAD = [
    ("", None, "cannot be read as JSON"),
    ("{", None, "cannot be read as JSON"),
    ("[" * 4000, None, "cannot be read as JSON"),
    ('"hello"', None, "must be an object"),
    ("[1]", None, "must be an object"),
    ("{}", None, "id: must be a whole number"),
    ('{"id": -1}', None, "id: must be a whole number"),
    ('{"id": 1.5}', None, "id: must be a whole number"),
    ('{"id": true}', None, "id: must be a whole number"),
    ('{"id": 4294967296}', None, "id: must be a whole number"),
    ('{"id": 3}', 3, "view: must be an object"),
    ('{"id": 3, "view": []}', 3, "view: must be an object"),
    ('{"id": 3, "view": {"model": {}}}', 3, "view: must be an object with the name of a model"),
    (message(3, "movie"), 3, "unknown want 'movie'"),
    (message(3, model="digit"), 3, "unknown model 'digit'; did you mean digits"),
    (message(3, model="../digits"), 3, "unknown model"),
    (message(3, t="half"), 3, "t: must be a number from 0 to 1, got 'half'"),
    (message(3, t=math.nan), None, "NaN and Infinity are not JSON"),
    (message(3, plane=[0, math.inf]), None, "NaN and Infinity are not JSON"),
    (message(3, offsets={"d1": 9}), 3, "offsets.d1: must be a number from -3 to 3"),
    (message(3, offsets={"d9": 1}), 3, "unknown direction of this model 'd9'"),
    (message(3, offsets={"x1": 1}), 3, "unknown direction 'x1'"),
    (message(3, keys=[{"at": 1, "classes": [0] * 10}]), 3, "at least one weight"),
    (message(3, keys=[{"at": "AAAA", "classes": [1] * 10}], t=0), 3, "a word for 12 numbers was expected"),
    (message(3, "ends"), 3, "family: must be one of seen, components"),
    (message(3, "ends", "sen"), 3, "unknown family of directions 'sen'; did you mean seen"),
    (message(3, colour="red"), 3, "unknown field of a view 'colour'"),
    ('{"id": 3, "views": 1}', 3, "did you mean view"),
]


def test_socket_stays_open_after_a_message_that_is_not_as_it_should_be(digits):
    with client().websocket_connect("/live") as socket:
        for text, ident, error in BAD:
            socket.send_text(text)
            answer = socket.receive_json()
            assert error in answer["error"], text
            assert answer["id"] == ident, text
        socket.send_bytes(b"\xff\xfe\x00")
        assert "cannot be read as JSON" in socket.receive_json()["error"]
        socket.send_text(message(9))
        assert opened(socket.receive_bytes())[0] == 9


def test_no_model_at_all(weights_dir):
    with client().websocket_connect("/live") as socket:
        socket.send_text(message(1))
        assert "there are none" in socket.receive_json()["error"]


def closing(socket) -> tuple[int, str]:
    """Code and reason with which a socket is closed, whatever is answered before."""
    with pytest.raises(WebSocketDisconnect) as caught:
        while True:
            socket.receive_json()
    return caught.value.code, caught.value.reason


def test_message_that_is_too_large_closes_the_socket():
    with client().websocket_connect("/live") as socket:
        socket.send_text(" " * (live.LARGEST + 1))
        assert closing(socket) == (1009, f"a message may have {live.LARGEST} bytes")


def test_a_flood_closes_the_socket(monkeypatch):
    monkeypatch.setattr(live, "PER_SECOND", 20)
    with client().websocket_connect("/live") as socket:
        for _ in range(200):
            socket.send_text("flood")
        assert closing(socket) == (1008, "at most 20 messages a second")


def test_a_flood_of_plain_requests_is_refused(monkeypatch):
    monkeypatch.setattr(live, "PER_SECOND", 3)
    with client() as http:
        json_type = {"content-type": "application/json"}
        codes = [http.post("/live/frame", content="?", headers=json_type).status_code for _ in range(40)]
    assert codes[:3] == [422] * 3
    assert 429 in codes


def test_more_sockets_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(live, "SOCKETS", 2)
    with client() as http, http.websocket_connect("/live"):
        with http.websocket_connect("/live"), http.websocket_connect("/live") as third:
            assert closing(third)[0] == 1013
        with http.websocket_connect("/live") as again:  # those that left made room
            again.send_text("?")
            assert "error" in again.receive_json()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost"},
        {"origin": "null"},
        {"origin": "http://localhost:8501.evil.example"},
        {"origin": "http://[::1"},
        {"host": "evil.example:8501"},
        {"host": "evil.example:8501", "origin": "http://evil.example:8501"},  # DNS rebinding: the same origin, not us
        {"host": "localhost.evil.example"},
        {"host": "localhost:port"},
        {"host": ""},
    ],
)
def test_strangers_stay_outside(digits, headers):
    with client() as http:
        with pytest.raises(WebSocketDisconnect) as caught, http.websocket_connect("/live", headers=headers):
            pass
        assert caught.value.code == 1008
        json_headers = {"content-type": "application/json", **headers}
        assert http.post("/live/frame", content=message(), headers=json_headers).status_code == 403


@pytest.mark.parametrize(
    ("address", "headers", "door"),
    [
        ("http://localhost:8501", {}, {}),  # a program sends no Origin
        ("http://localhost:8501", {"origin": "http://localhost:8501"}, {}),
        ("http://LOCALHOST:8501", {"origin": "http://localhost:8501"}, {}),
        ("http://127.0.0.1:8501", {"origin": "http://127.0.0.1:8501"}, {}),
        ("http://[::1]:8501", {"origin": "http://[::1]:8501"}, {}),
        ("http://studio.example", {"origin": "https://studio.example"}, {"hosts": ["studio.example"]}),
        ("http://a.studio.example", {"origin": "https://a.studio.example:443"}, {"hosts": ["*.studio.example"]}),
        ("http://192.168.0.7:8501", {"origin": "http://192.168.0.7:8501"}, {"hosts": ["*"]}),
        ("http://localhost:8501", {"origin": "https://studio.example"}, {"origins": ["studio.example"]}),
    ],
)
def test_our_own_pages_come_in(digits, address, headers, door):
    with client(address=address, **door) as http:
        with http.websocket_connect("/live", headers=headers) as socket:
            socket.send_text(message(1))
            assert opened(socket.receive_bytes())[0] == 1
        json_headers = {"content-type": "application/json", **headers}
        assert http.post("/live/frame", content=message(), headers=json_headers).status_code == 200


def test_plain_requests_that_are_not_json_or_too_large(digits):
    with client() as http:
        assert http.post("/live/frame", content=message(), headers={"content-type": "text/plain"}).status_code == 415
        json_type = {"content-type": "application/json"}
        assert http.post("/live/frame", content=b" " * (live.LARGEST + 1), headers=json_type).status_code == 413
        assert http.get("/live/frame").status_code == 405


@pytest.mark.parametrize("base", ["studio", "/studio/", "a/b"])
def test_base_path(digits, base):
    with client(base) as http:
        with http.websocket_connect(f"/{base.strip('/')}/live") as socket:
            socket.send_text(message(1))
            assert opened(socket.receive_bytes())[0] == 1
        assert http.post("/live/frame").status_code == 404


def test_what_fails_here_is_logged_and_said_and_the_socket_stays_open(digits, monkeypatch, caplog):
    with client().websocket_connect("/live") as socket:
        with monkeypatch.context() as patch:
            patch.setattr(View, "latent", lambda *_: 1 / 0)
            socket.send_text(message(4))
            assert socket.receive_json() == {"id": 4, "error": "the server failed here; its log says how."}
        assert "ZeroDivisionError" in caplog.text
        socket.send_text(message(5))
        assert opened(socket.receive_bytes())[0] == 5


def test_what_fails_here_is_said_over_http_too(digits, monkeypatch, caplog):
    monkeypatch.setattr(live, "_parsed", lambda text: 1 / 0 if text == b"{}" else json.loads(text))
    monkeypatch.setattr(live, "number", lambda message: None)
    reply = client().post("/live/frame", content=b"{}", headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()) == (500, {"id": None, "error": live.FAILED})
    assert "ZeroDivisionError" in caplog.text
