"""Messages that help."""

from gan import UserError
from gan.errors import unknown


def test_nearest_choice_comes_first():
    error = unknown("model", "cgan82", ["kepkreator", "cgan28"])
    assert isinstance(error, UserError)
    assert str(error) == "unknown model 'cgan82'; did you mean cgan28? Choose from cgan28, kepkreator."


def test_nothing_near():
    assert str(unknown("recipe", "zzz", {"digits": 1})) == "unknown recipe 'zzz'; choose from digits."


def test_no_choices():
    assert str(unknown("run", 7, [])) == "unknown run '7'; choose from (there are none)."
