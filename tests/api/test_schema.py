"""Schemathesis asks every route for what its documentation allows, and for what it does not, and judges the answers."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from gan.api import app
from tests.small_models import save_classifiers, save_generator, save_upscaler

# Whether a name is known, or a picture one, no schema says: what is valid by it may still be refused, with a reason.
EXCLUDED = ["positive_data_acceptance"]
EXAMPLES = 5  # of each route

schema = schemathesis.openapi.from_asgi("/openapi.json", app.build())


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("WEIGHTS", "RUNS", "CACHE"):
            patch.setenv(f"GAN_{name}_DIR", str(tmp_path_factory.mktemp(name.lower())))
        save_generator()
        save_classifiers(("a", "b"), dataset="handwriting")  # reads, but measures nothing here, which would take long
        save_upscaler("sr4")
        yield


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_as_documented(case):
    case.call_and_validate(timeout=120, excluded_checks=CHECKS.get_by_names(EXCLUDED))
