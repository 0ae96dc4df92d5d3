"""Characters among the ink."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError
from gan.recognise import finding, preparing
from gan.recognise.preparing import Settings


def inked(*boxes: tuple[int, int, int, int], shape: tuple[int, int] = (200, 300)) -> preparing.Ink:
    """A picture with ink in boxes (top, left, bottom, right)."""
    picture = np.full((*shape, 1), 255, np.uint8)
    for top, left, bottom, right in boxes:
        picture[top:bottom, left:right] = 20
    return preparing.ink(picture, Settings())


def found(ink: preparing.Ink, **settings) -> finding.Pieces:
    return finding.pieces(ink, Settings(**settings))


def test_lines_are_read_from_the_top_and_each_from_the_left():
    ink = inked((110, 20, 160, 50), (22, 150, 70, 180), (20, 30, 70, 60), (112, 90, 158, 120))
    rows = finding.lines(found(ink))
    assert [[part.left for part in row] for row in rows] == [[30, 150], [20, 90]]


def test_a_dot_and_a_bar_join_the_character_below_them():
    ink = inked((60, 40, 140, 55), (35, 42, 50, 54), (60, 120, 140, 180), (40, 122, 50, 178))
    rows = finding.lines(found(ink))
    assert [(part.top, part.left) for part in rows[0]] == [(35, 40), (40, 120)]


def test_specks_are_left_out():
    ink = inked((40, 40, 140, 80), (100, 200, 108, 206))
    assert len(found(ink).parts) == 1
    assert len(found(ink, specks=0).parts) == 2


def test_one_takes_what_is_near_and_leaves_the_rest():
    ink = inked((40, 40, 140, 100), (20, 50, 32, 90), (40, 200, 100, 240))
    part, others = finding.one(found(ink))
    assert (part.top, part.left, part.bottom, part.right, others) == (20, 40, 140, 100, 1)


def test_what_runs_off_the_edge_is_no_writing_where_there_is_other_ink():
    table = (0, 0, 200, 30)
    part, _ = finding.one(found(inked(table, (60, 120, 140, 160))))
    assert part.left == 120
    with pytest.raises(UserError, match="No ink"):
        found(inked(table))  # a band along the edge is another paper


def test_ink_that_runs_off_the_edge_is_read_where_there_is_no_other():
    assert finding.one(found(inked((100, 60, 200, 90))))[0].bottom == 200


def test_syllables_are_put_together_of_their_pieces():
    first = [(50, 20, 110, 60), (40, 70, 120, 80)]  # one beside the other
    second = [(40, 110, 75, 180), (85, 110, 120, 180)]  # one above the other
    rows = finding.lines(found(inked(*first, *second)), blocks=True)
    assert [[(part.left, part.right) for part in row] for row in rows] == [[(20, 80), (110, 180)]]


def test_a_character_is_cut_out_without_its_neighbours():
    ink = inked((40, 40, 140, 60), (60, 50 + 20, 80, 120))
    pieces = found(ink)
    part = next(part for part in pieces.parts if part.left == 40)
    wide = finding.Part(part.top, part.left, part.bottom, 120, part.pieces, part.area)
    assert finding.cut_out(ink, pieces, wide)[:, 40:].max() == 0


def test_wide_pieces_are_cut_where_there_is_least_ink():
    character = np.zeros((60, 100), np.float32)
    character[:, 5:40] = character[:, 60:95] = 1
    character[30, 40:60] = 1  # they touch
    assert any(40 < column < 60 for column in finding.cuts(character))


@pytest.mark.parametrize("boxes", [(), ((100, 100, 102, 101),)])
def test_a_picture_without_ink_is_said_to_have_none(boxes):
    with pytest.raises(UserError, match="No ink was found"):
        found(inked(*boxes))


def test_hundreds_of_blobs_are_no_writing():
    boxes = [(top, left, top + 4, left + 4) for top in range(5, 195, 8) for left in range(5, 295, 8)]
    with pytest.raises(UserError, match="patches of ink"):
        found(inked(*boxes))
    some = [(top, left, top + 14, left + 10) for top in range(5, 180, 24) for left in range(5, 285, 24)]
    with pytest.raises(UserError, match="96 characters were found; at most 80"):
        finding.lines(found(inked(*some)))


def test_a_character_that_the_pen_broke_and_one_that_lies_down_are_found():
    tall = (40, 20, 140, 60), (40, 360, 140, 400)
    broken = [(40, 120, 82, 140), (100, 120, 140, 140)]
    lying = (100, 200, 140, 280)
    rows = finding.lines(found(inked(*tall, *broken, lying, shape=(200, 460))))
    assert [[(part.top, part.left, part.bottom) for part in row] for row in rows] == [
        [(40, 20, 140), (40, 120, 140), (100, 200, 140), (40, 360, 140)]
    ]
