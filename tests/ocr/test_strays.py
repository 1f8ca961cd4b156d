"""Words that the line finder cut off or left out come back; grain, signatures and the next column do not join in."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.strays import Boxes, Numbers, apart, completed
from tests.generator.sheet import font_file

FACE = ImageFont.truetype(str(font_file("Noto Serif")), 16)


def page(*texts: tuple[float, float, str]) -> tuple[Numbers, Boxes]:
    """A page of 1 ink and 0 paper with texts at x, y (of the baseline), and the true box of each."""
    picture = Image.new("L", (700, 400), 0)
    draw = ImageDraw.Draw(picture)
    boxes = []
    for x, y, text in texts:
        draw.text((x, y), text, 255, font=FACE, anchor="ls")
        boxes.append([*draw.textbbox((x, y), text, font=FACE, anchor="ls"), 0.9])
    return np.asarray(picture, np.float32) / np.float32(255), np.array(boxes, np.float32)


def test_a_name_that_was_cut_off_comes_back_whole() -> None:
    seen, boxes = page((60, 60, "Bác sĩ điều trị"), (300, 200, "Lý Văn Vượng"), (60, 120, "Chẩn đoán: sốt xuất huyết"))
    whole = boxes.copy()
    boxes[1, 0] += 45  # in the middle of "Văn"
    assert completed(boxes, seen)[:, :4] == pytest.approx(whole[:, :4], abs=2)


def test_a_line_that_was_left_out_is_found() -> None:
    seen, boxes = page((60, 60, "Bác sĩ điều trị"), (60, 120, "Chẩn đoán: sốt xuất huyết"), (300, 200, "Tạ Ngọc Thịnh"))
    found = completed(boxes[:2], seen)
    assert len(found) == 3
    assert found[2, [0, 2]] == pytest.approx(boxes[2, [0, 2]], abs=3)
    assert found[2, 1] <= boxes[2, 1] + 4
    assert found[2, 3] >= boxes[2, 3] - 5


def test_the_next_column_is_no_part_of_a_line() -> None:
    seen, boxes = page((60, 60, "Khoa Nội"), (190, 60, "Khoa Ngoại"), (60, 120, "Khoa Sản"))
    found = completed(boxes[[0, 2]], seen)
    assert found[:2, :4] == pytest.approx(boxes[[0, 2], :4], abs=1)
    assert found[2, [0, 2]] == pytest.approx(boxes[1, [0, 2]], abs=3)


def test_grain_rules_and_signatures_are_no_lines() -> None:
    seen, boxes = page((60, 60, "Bác sĩ điều trị"), (60, 120, "Chẩn đoán: sốt xuất huyết"))
    rng = np.random.default_rng(3)
    seen[rng.random(seen.shape) < 0.004] = 1
    cv2.line(seen, (40, 300), (660, 300), 1, 2)
    loops = [(300 + 9 * n, 220 + (25 if n % 2 else -25)) for n in range(14)]
    cv2.polylines(seen, [np.array(loops, np.int32)], isClosed=False, color=1, thickness=2)
    assert len(completed(boxes, seen)) == 2


def test_where_no_line_is_nothing_is_added() -> None:
    seen, _ = page((60, 60, "Bác sĩ điều trị"))
    assert completed(np.empty((0, 5), np.float32), seen).shape == (0, 5)


def test_rows_that_were_taken_for_one_come_apart_without_what_shines_through() -> None:
    upper, lower = (250, 60, "CỘNG HÒA XÃ HỘI"), (60, 82, "BỆNH VIỆN NHI ĐỒNG")
    seen, boxes = page(upper, lower, (60, 160, "Chẩn đoán: sốt xuất huyết"))
    ghost, _ = page((240, 71, "ÁN HNỆB"), (400, 160, "TRI UẾIĐ"))
    bare = (255 - 215 * np.maximum(seen, 0.35 * ghost)).astype(np.uint8)
    merged = np.array([*boxes[:2, :2].min(0), *boxes[:2, 2:4].max(0), 0.4], np.float32)
    found = apart(bare, merged, boxes[2:])
    assert sorted(found[:, :4].tolist(), key=lambda box: box[1]) == [pytest.approx(box, abs=3) for box in boxes[:2, :4].tolist()]
