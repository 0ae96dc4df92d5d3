"""The routes, on the app as it is mounted: every form of every answer, and what is wrong with a request said so."""

import base64
import io
import json
import threading

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gan import api, drawing, images, inference, latent
from gan.api import evaluating
from tests.small_models import LATENT, save_classifiers, save_generator, save_reader, save_upscaler
from tests.small_runs import make_run

NPZ = "application/octet-stream"


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Small models under the names of those that ship, for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(tmp_path_factory.mktemp("weights")))
        save_generator()
        save_generator("letters", class_names=tuple("ABC"))
        save_generator("faces", family="cgan", columns={"hair": ("black", "green"), "skin": ("dark", "pale", "tan")})
        save_classifiers()
        save_reader()
        save_upscaler("sr4")
        yield


@pytest.fixture(scope="module")
def http(models):
    with client() as http:
        yield http


def client(base="", **door) -> TestClient:
    headers = {"host": "localhost:8501"}
    return TestClient(Starlette(routes=api.routes(base, **door)), base_url="http://localhost:8501", headers=headers)


def picture(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def detail(reply) -> str:
    assert reply.headers["content-type"] == "application/json"
    return reply.json()["detail"]


def test_health_models_and_cards(http):
    assert http.get("/api/health").json()["status"] == "ok"
    listed = {model["name"]: model for model in http.get("/api/models").json()}
    assert listed["digits"]["class_names"] == list("0123456789")
    assert listed["faces"]["columns"]["skin"] == ["dark", "pale", "tan"]
    card = http.get("/api/models/digits").json()
    assert card["digest"] == inference.card("digits").digest
    reply = http.get("/api/models/digit")
    assert reply.status_code == 404
    assert "did you mean digits" in detail(reply)


def test_a_text_is_written_as_the_shell_writes_it(http):
    from gan import text

    reply = http.get("/api/generate/A7?seed=3&size=40&slant=8&ink=1a2b6c&paper=none")
    assert reply.headers["content-type"] == "image/png"
    look = text.Look(size=40, slant=8, ink="#1a2b6c", paper="")
    assert np.array_equal(picture(reply.content), text.write("A7", 3, look=look))
    assert reply.content == http.get("/api/generate/A7?seed=3&size=40&slant=8&ink=%231a2b6c&paper=none").content
    whole = http.get("/api/generate/A7", headers={"accept": "application/json"}).json()
    assert whole["writers"] == {"letters": "A", "digits": "7"}
    assert picture(base64.b64decode(whole["image"])).shape[:2] == (whole["height"], whole["width"])


def test_a_text_of_several_lines_and_one_that_is_set_in_a_thread(http):
    one, two = (picture(http.get(f"/api/generate/{text}").content) for text in ("1", "1%0A2"))
    assert len(two) == 2 * len(one)
    large = picture(http.get("/api/generate/12345678?size=200").content)
    assert len(large) == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("%F0%9F%98%80", "no way to write"),
        ("a%2Fb", "no way to write “/”"),
        ("", "nothing to write"),
        ("%20", "nothing to write"),
        ("7" * 201, "The text has 201 characters; 200 can be written at a time"),
        ("7?seed=-1", "seed: Input should be greater than or equal to 0"),
        ("7?seed=4294967296", "seed: Input should be less than"),
        ("7?seed=one", "seed: Input should be a valid integer"),
        ("7?size=3", "size: 3 is out of range"),
        ("7?size=9999", "size: Input should be less than or equal to 256"),
        ("7?ink=blue", "ink: String should match pattern"),
        ("7?slant=nan", "slant:"),
        ("7?colour=red", "colour: Extra inputs are not permitted"),
    ],
)
def test_texts_that_cannot_be_written(http, path, words):
    reply = http.get(f"/api/generate/{path}")
    assert reply.status_code == 422
    assert words in detail(reply)


def test_samples_in_every_form_are_the_same_pictures(http):
    asked = {"model": "digits", "labels": ["3", "8"], "n": 5, "seed": 9, "truncation": 0.5}
    drawn = drawing.draw(drawing.Order("digits", (3, 8), 5, 9, 0.5))
    whole = http.post("/api/sample", json=asked, headers={"accept": "application/json"}).json()
    assert whole["labels"] == ["3", "8", "3", "8", "3"]
    pictures = np.stack([picture(base64.b64decode(image)) for image in whole["images"]])[..., None]
    assert np.array_equal(pictures, drawn.pictures)
    assert np.allclose(whole["latents"], 0.5 * latent.normal(9, 5, LATENT))
    with np.load(io.BytesIO(http.post("/api/sample", json=asked, headers={"accept": NPZ}).content)) as arrays:
        assert np.array_equal(arrays["images"], drawn.pictures)
        assert arrays["labels"].tolist() == [3, 8, 3, 8, 3]
    sheet = http.post("/api/sample", json=asked)
    assert sheet.content == drawing.sheet(drawn)


def test_latents_that_came_out_give_the_same_pictures_when_they_go_in(http):
    as_json = {"accept": "application/json"}
    first = http.post("/api/sample", json={"labels": ["3"], "n": 2}, headers=as_json).json()
    asked = {"labels": ["3"], "latents": first["latents"]}
    assert http.post("/api/sample", json=asked, headers=as_json).json()["images"] == first["images"]
    asked = {"weights": [[0, 0, 0, 7, 0, 0, 0, 0, 0, 0]], "latents": first["latents"]}
    assert http.post("/api/sample", json=asked, headers=as_json).json()["images"] == first["images"]


def test_values_of_columns(http):
    asked = {"model": "faces", "columns": {"skin": ["pale"]}}
    labels = http.post("/api/sample", json=asked, headers={"accept": "application/json"}).json()["labels"]
    assert labels == ["black, pale", "green, pale"]


BODIES = [
    ({"model": "digit"}, 404, "did you mean digits"),
    ({"model": "sr4"}, 422, "choose a generator"),
    ({"model": 7}, 422, "model: Input should be a valid string"),
    ({"labels": ["x"]}, 422, "unknown label of digits 'x'"),
    ({"labels": []}, 422, "labels: List should have at least 1 item"),
    ({"labels": ["3"], "weights": [[1] * 10]}, 422, "labels and weights: give one of them"),
    ({"weights": [[1, 2]]}, 422, "digits has 10 classes, you gave 2 weights"),
    ({"weights": [[0] * 10]}, 422, "at least one weight must be above 0"),
    ({"weights": [[-1] * 10]}, 422, "greater than or equal to 0"),
    ({"latents": [[1.0]]}, 422, f"a latent of digits has {LATENT} numbers, you gave 1"),
    ({"columns": {"hair": ["black"]}}, 422, "unknown column of digits 'hair'"),
    ({"model": "faces", "columns": {"hair": ["blue"]}}, 422, "unknown value of hair 'blue'"),
    ({"n": 0}, 422, "n: Input should be greater than or equal to 1"),
    ({"n": "5"}, 422, "n: Input should be a valid integer"),
    ({"n": True}, 422, "n: Input should be a valid integer"),
    ({"n": 1001}, 422, "n: Input should be less than or equal to 1000"),
    ({"truncation": 2}, 422, "truncation: Input should be less than or equal to 1"),
    ({"seeds": 1}, 422, "seeds: Extra inputs are not permitted"),
    ([1], 422, "body: Input should be"),
]


@pytest.mark.parametrize(("body", "status", "words"), BODIES)
def test_samples_that_cannot_be_drawn(http, body, status, words):
    reply = http.post("/api/sample", json=body)
    assert reply.status_code == status
    assert words in detail(reply)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", "application/json", "body: Field required"),
        (b"{", "application/json", "body: cannot be read as JSON"),
        (b"[" * 100_000, "application/json", "cannot be read as JSON"),
        (b"1" * 10_000, "application/json", "cannot be read as JSON"),
        (b'{"seed": NaN}', "application/json", "seed: Input should be a valid integer"),
        (b'{"truncation": NaN}', "application/json", "truncation: Input should be"),
        (b'{"labels": ["\\ud800"]}', "application/json", "labels.0: "),
        (b"\xff\xfe", "application/json", "body: cannot be read as JSON"),
        (b"{}", "text/plain", "must be JSON, sent as Content-Type: application/json"),
        (b"a=b", "application/x-www-form-urlencoded", "must be JSON"),
    ],
)
def test_bodies_that_are_no_json(http, body, kind, words):
    reply = http.post("/api/sample", content=body, headers={"content-type": kind})
    assert reply.status_code == 422
    assert words in detail(reply)


def test_a_way_in_every_form(http):
    keys = [{"seed": 1, "label": "3"}, {"latent": [0.5] * LATENT, "weights": [1, 1, *[0] * 8]}]
    asked = {"keys": keys, "frames": 5}
    whole = http.post("/api/interpolate", json=asked, headers={"accept": "application/json"}).json()
    start, end = latent.normal(1, 1, LATENT)[0], np.full(LATENT, 0.5, np.float32)
    assert np.allclose(whole["latents"], latent.slerp(start, end, np.linspace(0, 1, 5)), atol=1e-6)
    assert np.allclose(whole["weights"][2][:4], [0.25, 0.25, 0, 0.5])
    strip = picture(http.post("/api/interpolate", json=asked, headers={"accept": "image/png"}).content)
    pictures = [picture(base64.b64decode(image)) for image in whole["images"]]
    assert np.array_equal(strip, images.tile(np.stack(pictures)[..., None], 5)[..., 0])
    gif = http.post("/api/interpolate", json=asked)
    assert gif.headers["content-type"] == "image/gif"
    assert Image.open(io.BytesIO(gif.content)).n_frames == 5
    film = http.post("/api/interpolate", json=asked, headers={"accept": "video/mp4"})
    assert film.content[4:8] == b"ftyp"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([{"seed": 1}], "keys: List should have at least 2 items"),
        ([{}, {}], "keys.0: give a seed or a latent"),
        ([{"seed": 1}, {"seed": 2, "latent": [0.0]}], "keys.1: give a seed or a latent"),
        ([{"seed": 1}, {"seed": 2, "label": "x"}], "unknown label of digits 'x'"),
        ([{"seed": 1, "label": "1", "weights": [1.0]}, {"seed": 2}], "keys.0: give a label or weights, not both"),
        ([{"seed": 1}, {"seed": 2**32}], "keys.1.seed: Input should be less than"),
    ],
)
def test_ways_that_cannot_be_gone(http, keys, words):
    reply = http.post("/api/interpolate", json={"keys": keys})
    assert reply.status_code == 422
    assert words in detail(reply)


def test_pictures_are_made_larger_whether_sent_as_they_are_or_in_a_form(http):
    small = images.encode_png(np.arange(12 * 20, dtype=np.uint8).reshape(12, 20, 1))
    large = http.post("/api/upscale", content=small, headers={"content-type": "image/png"})
    assert picture(large.content).shape == (48, 80)
    form = http.post("/api/upscale?model=sr4", files={"file": ("a.png", small)})
    assert form.content == large.content
    headers = {"content-type": "Multipart/Form-Data; boundary=x"}
    content = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n' + small + b"\r\n--x--\r\n"
    assert http.post("/api/upscale", content=content, headers=headers).content == large.content


def test_pictures_are_read(http):
    paper = np.full((80, 60, 1), 250, np.uint8)
    paper[15:65, 25:32] = 10
    reply = http.post("/api/recognize", content=images.encode_png(paper)).json()
    assert reply["model"] == "mnist_cnn"
    (answer,) = reply["answers"]
    assert answer["text"] == reply["text"] and answer["text"] in "0123456789"
    assert answer["box"]["top"] >= 10 and answer["box"]["right"] <= 37
    chances = [value["chance"] for value in answer["groups"][0]["likeliest"]]
    assert chances == sorted(chances, reverse=True) and chances[0] == pytest.approx(answer["chance"])
    number = http.post("/api/recognize?what=number", content=images.encode_png(paper))
    assert number.status_code == 200 and number.json()["model"] == "numbers_cnn"


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("upscale", b"", 422, "the file is empty"),
        ("upscale", b"no picture", 422, "not a picture that can be read"),
        ("upscale?model=digits", b"", 422, "enlarges nothing"),
        ("upscale?model=none", b"", 404, "unknown model 'none'"),
        ("recognize", b"GIF89a", 422, "head is damaged"),
        ("recognize?what=digit", b"", 422, "did you mean digits"),
        ("recognize?what=hangul", b"", 422, "train recipe hangul_cnn"),
        ("recognize?model=digits", b"", 422, "reads nothing"),
        ("recognize", images.encode_png(np.zeros((4, 4, 1), np.uint8)), 422, "too few to read anything"),
        ("upscale", images.encode_png(np.zeros((1000, 1000, 1), np.uint8)), 422, "at most 500,000 are opened"),
    ],
)
def test_files_that_are_refused(http, path, body, status, words):
    reply = http.post(f"/api/{path}", content=body)
    assert reply.status_code == status
    assert words in detail(reply)


def test_forms_without_a_file(http):
    for content in (
        b"--x\r\n",
        b"",
        b"nothing of the kind",
        b"--x\r\n\xff: \0\r\n\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
    ):
        headers = {"content-type": "multipart/form-data; boundary=x"}
        assert http.post("/api/upscale", content=content, headers=headers).status_code == 422
    assert http.post("/api/upscale", content=b"", headers={"content-type": "multipart/form-data"}).status_code == 422


def test_runs_and_what_they_measured(http, runs_dir):
    run = make_run(nets=False)
    (run.path / "metrics.jsonl").open("a").write('{"step": 13, "images_seen": 104, "g_loss": NaN}\n')
    (row,) = http.get("/api/runs").json()
    assert (row["id"], row["state"], row["step"], row["scores"]) == (run.id, "stopped", 12, {"fid": 9.0})
    whole = http.get(f"/api/runs/{run.id}").json()
    assert whole["samples"] == [0, 12] and whole["settings"]["batch"] == 8
    assert [record["step"] for record in http.get(f"/api/runs/{run.id}/metrics?after_step=4").json()] == [8, 12, 13]
    assert http.get(f"/api/runs/{run.id}/metrics?after_step=12").json()[0]["g_loss"] is None
    shown = http.get(f"/api/runs/{run.id}/samples/12.png")
    assert shown.content == (run.path / "samples" / "00000012.png").read_bytes()
    for path in ("none", f"{run.id}/samples/1.png", ".%2E", f"..%2F{runs_dir.name}%2F{run.id}", "%00", "x" * 90):
        assert http.get(f"/api/runs/{path}").status_code == 404, path
    assert http.get(f"/api/runs/{run.id}/metrics?after_step=-2").status_code == 422


def test_a_classifier_is_measured_as_a_job(http):
    reply = http.post("/api/evaluate?wait=50", json={"model": "mnist_cnn", "dataset": "handwriting-digits"})
    assert reply.status_code == 200
    job = reply.json()
    assert job["state"] == "done" and 0 <= job["report"]["scores"]["test_accuracy_mnist_cnn"]["value"] <= 1
    assert http.get(reply.headers["location"]).json() == job
    assert http.delete(reply.headers["location"]).json() == job  # it has ended: there is nothing to cancel
    assert http.get("/api/jobs/0123456789abcdef").status_code == 404
    assert http.get("/api/jobs/x").status_code == 422


def test_pictures_are_measured_or_it_is_said_why_not(http, cache):
    headers = {"content-type": NPZ}
    reply = http.post("/api/evaluate/pictures?dataset=handwriting-digits&wait=50", content=b"?", headers=headers)
    assert reply.json()["state"] == "failed"
    assert "give an .npz with images" in reply.json()["said"]
    assert http.post("/api/evaluate/pictures?dataset=nothing", content=b"?").status_code == 422


def test_a_job_that_waits_is_cancelled_at_once_and_lets_go_of_what_was_sent():
    jobs, going = evaluating._Jobs(), threading.Event()
    first = jobs.begin(lambda say: {"waited": going.wait(20)})
    ran = []
    second = jobs.begin(lambda say: ran.append(1) or {})
    second.cancel()
    assert second.told()["state"] == "cancelled" and second.ended.is_set() and second.make is None
    going.set()
    assert first.ended.wait(20) and first.told()["report"] == {"waited": True}
    third = jobs.begin(lambda say: {})
    assert third.ended.wait(20) and not ran and second.told()["state"] == "cancelled"


@pytest.mark.parametrize("damage", ["version", "shape", "encrypted"])
def test_archives_that_cannot_be_read_are_no_failure_of_the_server(http, damage):
    buffer = io.BytesIO()
    np.savez(buffer, images=np.zeros((2, 2, 2, 1), np.uint8))
    data = bytearray(buffer.getvalue())
    if damage == "shape":
        data = data.replace(b"(2, 2, 2, 1), }" + b" " * 10, b"(2" + b"0" * 12 + b", 2, 2, 1)}")
    else:
        data[data.index(b"PK\1\2") + {"version": 6, "encrypted": 8}[damage]] = 99
    reply = http.post("/api/evaluate/pictures?dataset=handwriting-digits&wait=50", content=bytes(data))
    assert reply.json()["state"] == "failed"
    assert reply.json()["said"].startswith("pictures.npz: give an .npz with images")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, "model, run: give one of them"),
        ({"model": "digits", "run": "a"}, 422, "model, run: give one of them"),
        ({"model": "nothing"}, 404, "unknown model"),
        ({"run": "../x"}, 404, "unknown run"),
        ({"model": "digits", "dataset": "emnist-byclass"}, 422, "is not on this server yet"),
        ({"model": "digits", "count": 10}, 422, "count: Input should be greater than or equal to 100"),
    ],
)
def test_what_cannot_be_measured(http, body, status, words, monkeypatch, cache):
    monkeypatch.setenv("GAN_DATA_DIR", "")
    reply = http.post("/api/evaluate", json=body)
    assert reply.status_code == status
    assert words in detail(reply)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "image/png"),
        ("*/*", "image/png"),
        ("image/*", "image/png"),
        ("application/json, image/png;q=0.5", "application/json"),
        ("application/json;q=0.4, */*;q=0.5", "image/png"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "image/png"),
        ("application/json;q=x, image/png", "image/png"),
        ("image/png;q=0, application/*;q=0.1", "application/json"),
        ("text/html", None),
        ("image/png;q=0", None),
        (";;,", None),
    ],
)
def test_the_form_that_a_client_likes_best(http, accept, kind):
    reply = http.get("/api/generate/7", headers={"accept": accept})
    assert reply.status_code == (200 if kind else 406)
    assert reply.headers["content-type"] == (kind or "application/json")


def test_the_documentation_needs_nothing_from_elsewhere(http):
    page = http.get("/api/docs")
    assert "//cdn" not in page.text and "https://" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert f"./docs/{name}" in page.text
        assert len(http.get(f"/api/docs/{name}").content) > 1000
    assert http.get("/api/docs/other.js").status_code == 404
    assert http.get("/api").url.path == http.get("/api/").url.path == "/api/docs"
    assert http.get("/api/openapi.json").json()["servers"] == [{"url": "/api"}]
    assert "/api/docs has what there is" in detail(http.get("/api/nothing"))


def test_base_path(models):
    with client("/studio/") as http:
        assert http.get("/studio/api/generate/7").status_code == 200
        assert http.get("/studio/api").url.path == "/studio/api/docs"
        assert http.get("/studio/api/openapi.json").json()["servers"] == [{"url": "/studio/api"}]
        assert http.get("/api/generate/7").status_code == 404


def test_requests_at_once_share_batches_and_get_what_they_would_alone(models):
    import asyncio

    from gan import text
    from gan.api import work

    calls: list[int] = []
    real = inference._BATCHER._work

    def counted(kind, *inputs):
        calls.append(len(inputs[0]))
        return real(kind, *inputs)

    async def ask(seed):
        asked = text.ask("7", seed, text.plan("7"))
        await work.drawn(*(future for _, future in asked.waiting))
        return asked.set()

    async def crowd():
        return await asyncio.gather(*map(ask, range(40)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inference._BATCHER, "_work", counted)
        together = asyncio.run(crowd())
    assert sum(calls) == 40 and len(calls) < 20
    for seed in (0, 39):
        alone = text.write("7", seed)
        assert together[seed].shape == alone.shape and np.abs(together[seed].astype(int) - alone).max() <= 1


def test_what_fails_here_is_logged_and_said(models, monkeypatch, caplog):
    monkeypatch.setattr(inference, "ready", lambda: 1 / 0)
    server = TestClient(Starlette(routes=api.routes()), base_url="http://localhost", raise_server_exceptions=False)
    reply = server.get("/api/health")
    assert reply.status_code == 500
    assert json.loads(reply.content) == {"detail": "The server failed here; its log says how."}
