"""What stands before the API: too large, too slow, too often, too many, from elsewhere. On real connections."""

import asyncio
import socket
import time

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from gan.access import Door
from gan.api.limits import Gate, Limits
from gan.errors import UserError
from tests.api.running import head, serving, talk


async def echo(scope, receive, send):
    """Says how much came; ``/sleep`` takes its time."""
    request = Request(scope, receive)
    size = len(await request.body())
    if request.url.path == "/sleep":
        await asyncio.sleep(3)
    await PlainTextResponse(f"{size} bytes")(scope, receive, send)


def gate(**limits) -> Gate:
    return Gate(echo, Door(), Limits(**limits))


def status(reply: bytes) -> int:
    return int(reply.split()[1])


def test_bodies_within_the_limits_come_whole():
    with serving(gate()) as port:
        for lines, body in (
            (["Content-Length: 5"], b"hello"),
            (["Transfer-Encoding: chunked"], b"5\r\nhello\r\n0\r\n\r\n"),
        ):
            reply = talk(port, head("POST", "/sample", *lines, "Connection: close") + body)
            assert reply.endswith(b"5 bytes")
            assert b"x-content-type-options: nosniff" in reply


def test_what_is_announced_too_large_is_refused_before_it_comes():
    with serving(gate()) as port:
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(head("POST", "/upscale", "Content-Length: 100000000"))
            reply = b""  # nothing of the body was sent
            while not reply.endswith(b"}") and (more := connection.recv(65536)):  # its head may come first
                reply += more
        assert status(reply) == 413 and b"at most 32 MB" in reply
        assert time.monotonic() - begun < 2


def test_whoever_sends_it_all_the_same_hears_the_answer():
    with serving(gate()) as port:
        for lines in (["Content-Length: 50000000"], ["Transfer-Encoding: chunked"]):
            body = (
                [b"%x\r\n" % 2**20 + bytes(2**20) + b"\r\n"] * 47 + [b"0\r\n\r\n"]
                if "chunked" in lines[0]
                else [bytes(50_000_000)]
            )
            assert status(talk(port, head("POST", "/upscale", *lines), *body)) == 413


def test_json_may_be_smaller_than_files():
    with serving(gate(json=10)) as port:
        for path, expected in (("/sample", 413), ("/upscale", 200)):
            reply = talk(port, head("POST", path, "Content-Length: 20", "Connection: close") + bytes(20))
            assert status(reply) == expected


def test_a_body_that_comes_by_drops_is_given_up():
    with serving(gate(pause=0.3)) as port:
        assert status(talk(port, head("POST", "/sample", "Content-Length: 10") + b"a")) == 408
    with serving(gate(body=0.5)) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head("POST", "/sample", "Content-Length: 1000"))
        reply, until = b"", time.monotonic() + 20
        while not reply and time.monotonic() < until:  # a byte every tenth of a second: no pause is long
            connection.send(b"a")
            connection.settimeout(0.1)
            try:
                reply = connection.recv(65536)
            except TimeoutError:
                continue
        assert status(reply) == 408


def test_slow_senders_hold_nobody_up():
    with serving(gate(pause=20)) as port:
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        for connection in slow:
            connection.sendall(head("POST", "/sample", "Content-Length: 10") + b"a")
        assert status(talk(port, head("GET", "/health", "Connection: close"))) == 200
        for connection in slow:
            connection.close()
        time.sleep(0.2)
        assert status(talk(port, head("GET", "/health", "Connection: close"))) == 200


def test_more_at_once_than_there_is_room_for():
    with serving(gate(requests=2)) as port:
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        for connection in held:
            connection.sendall(head("POST", "/sample", "Content-Length: 10") + b"a")
        time.sleep(0.3)
        reply = talk(port, head("GET", "/health", "Connection: close"))
        assert status(reply) == 503 and b"retry-after: 1" in reply
        for connection in held:
            connection.close()
        time.sleep(0.3)
        assert status(talk(port, head("GET", "/health", "Connection: close"))) == 200


def test_all_bodies_together_have_a_limit():
    with serving(gate(held=100)) as port:
        for _ in range(3):  # what was refused is no longer held
            reply = talk(port, head("POST", "/sample", "Content-Length: 200") + bytes(200))
            assert status(reply) == 503
        assert status(talk(port, head("POST", "/sample", "Content-Length: 50", "Connection: close") + bytes(50))) == 200


def test_more_often_than_is_allowed():
    with serving(gate(rate=5)) as port:
        codes = [status(talk(port, head("GET", "/health", "Connection: close"))) for _ in range(15)]
        assert codes[:10] == [200] * 10
        assert 429 in codes


def test_a_refusal_is_said_once_even_if_the_body_s_time_ends_meanwhile(monkeypatch):
    monkeypatch.setattr("gan.api.limits.LINGER", 0.5)
    large, sent = gate(json=10, body=0.2), []
    scope = {"type": "http", "path": "/sample", "client": ("192.0.2.1", 1)}
    scope["headers"] = [(b"host", b"localhost"), (b"transfer-encoding", b"chunked")]

    async def receive():
        if sent:
            await asyncio.sleep(30)
        return {"type": "http.request", "body": bytes(20), "more_body": True}

    async def send(message):
        sent.append(message)

    asyncio.run(large(scope, receive, send))
    assert [message.get("status") for message in sent if message["type"] == "http.response.start"] == [413]
    assert sent[-1] == {"type": "http.response.body", "body": b""} and large._held == 0


def test_what_takes_too_long_is_given_up():
    with serving(gate(seconds=0.3)) as port:
        assert status(talk(port, head("GET", "/sleep", "Connection: close"))) == 504


@pytest.mark.parametrize(
    "lines",
    [
        ["Origin: http://evil.example"],
        ["Origin: null"],
        ["Origin: http://localhost:9999"],
    ],
)
def test_pages_of_others_are_refused(lines):
    with serving(gate()) as port:
        reply = talk(port, head("POST", "/sample", *lines, "Content-Length: 0", "Connection: close"))
        assert status(reply) == 403 and b"may not use this server" in reply


def test_a_name_that_is_not_ours_is_refused():
    """A site that points its own name at this machine is of the same origin, as the browser sees it."""
    with serving(gate()) as port:
        for name in ("evil.example", "localhost.evil.example"):
            head = f"GET /health HTTP/1.1\r\nHost: {name}\r\nOrigin: http://{name}\r\nConnection: close\r\n\r\n"
            reply = talk(port, head.encode())
            assert status(reply) == 403 and b"does not go by" in reply


def test_two_hundred_connections():
    with serving(gate()) as port:
        many = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(200)]
        for connection in many:
            connection.sendall(head("POST", "/sample", "Content-Length: 10") + b"a")
        for connection in many:
            connection.sendall(b"b" * 9)
        assert [status(connection.recv(65536)) for connection in many] == [200] * 200
        for connection in many:
            connection.close()


def test_limits_are_set_by_variables(monkeypatch):
    monkeypatch.setenv("GAN_API_RATE", "2.5")
    monkeypatch.setenv("GAN_API_UPLOAD", "1e6")
    limits = Limits.configured()
    assert (limits.rate, limits.upload, limits.seconds) == (2.5, 1_000_000, 60)
    for text in ("fast", "0", "-1", "nan", "inf"):
        monkeypatch.setenv("GAN_API_SECONDS", text)
        with pytest.raises(UserError, match=r"GAN_API_SECONDS: .* is not a number above 0"):
            Limits.configured()
