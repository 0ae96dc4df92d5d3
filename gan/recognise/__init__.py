"""Reading what is written on a picture: prepared step by step, found, read by a classifier, and looked into.

    picture = decoding.decode(data, "photo.jpg")
    card = choices()["digits"].cards[0]
    prepared = prepare(picture, Settings())
    read(prepared, card, Settings(), several=True).text

Nets are loaded when something is first read, not when this is imported.
"""

from gan.recognise.correcting import correct, correction_set, count, undo
from gan.recognise.examples import example, example_count, example_set
from gan.recognise.looking import Looked
from gan.recognise.nets import TASKS, Choice, alone, choices, colour
from gan.recognise.preparing import DESKEWS, INKS, NOISE, THRESHOLDS, Settings
from gan.recognise.reading import SURE, Answer, Prepared, Reading, looked, prepare, read
from gan.recognise.showing import Step, marked, over, small, steps, steps_in_colour, steps_of
from gan.recognise.telling import chosen, told

__all__ = [
    "DESKEWS",
    "INKS",
    "NOISE",
    "SURE",
    "TASKS",
    "THRESHOLDS",
    "Answer",
    "Choice",
    "Looked",
    "Prepared",
    "Reading",
    "Settings",
    "Step",
    "alone",
    "choices",
    "chosen",
    "colour",
    "correct",
    "correction_set",
    "count",
    "example",
    "example_count",
    "example_set",
    "looked",
    "marked",
    "over",
    "prepare",
    "read",
    "small",
    "steps",
    "steps_in_colour",
    "steps_of",
    "told",
    "undo",
]
