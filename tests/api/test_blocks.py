"""Quản trị: how blocks of signatures look is set, shown before it counts, and written down."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from domain.blocks import BlockFrame, BlockLayout, BlockLine, BlockPicture
from domain.people import Role

TYPED = {
    "visible": "true", "heading": "Người ký", "lines": ["name", "time", "unit"], "picture": "person", "frame": "line",
    "colour": "#A01818", "wide": "200", "high": "60",
}  # fmt: skip


@pytest.fixture
def admin(hospital, browser):
    hospital.person("quantri", Role.ADMINISTRATOR)
    return browser("quantri")


def scribble(mode="RGBA"):
    picture = Image.new(mode, (400, 200), (255, 255, 255, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(picture).line([(100, 150), (180, 60), (300, 140)], fill=(20, 40, 160), width=8)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_layout_counts_for_one_kind_until_it_is_dropped_and_is_written_down(hospital, admin):
    assert admin.post("/admin/blocks", data={**TYPED, "kind": "01/BV-01"}).status_code == 303
    with hospital.store.read() as tx:
        look, other = tx.blocks.look("01/BV-01", None), tx.blocks.look("02/BV-01", None)
        written = tx.audit.of("01/BV-01")
    assert look.layout == BlockLayout(
        heading="Người ký", lines=(BlockLine.NAME, BlockLine.UNIT, BlockLine.TIME), picture=BlockPicture.PERSON,
        frame=BlockFrame.LINE, colour="#a01818", wide=200, high=60,
    )  # fmt: skip
    assert other.layout == BlockLayout()
    assert [entry.act for entry in written] == ["set_block_layout"]
    admin.post("/admin/blocks/drop", data={"kind": "01/BV-01"})
    with hospital.store.read() as tx:
        assert tx.blocks.look("01/BV-01", None).layout == BlockLayout()


@pytest.mark.parametrize(
    "wrong", [{"lines": ["time"]}, {"lines": ["name", "shoe"]}, {"colour": "red"}, {"wide": "900"}, {"heading": "x" * 30}]
)
def test_a_layout_that_cannot_be_is_refused(hospital, admin, wrong):
    assert admin.post("/admin/blocks", data={**TYPED, **wrong}).status_code == 422
    assert admin.get("/admin/blocks/shown", params={**TYPED, **wrong}).status_code == 422
    with hospital.store.read() as tx:
        assert tx.blocks.layouts() == {}


def test_what_is_typed_is_drawn_before_it_counts(admin):
    pictures = [
        Image.open(io.BytesIO(admin.get("/admin/blocks/shown", params=given).content)).convert("RGB")
        for given in (TYPED, {**TYPED, "frame": "none"}, {**TYPED, "wide": "120"})
    ]
    assert pictures[0].size == pictures[1].size != pictures[2].size
    assert (160, 24, 24) in {colour for _, colour in pictures[0].getcolors(1 << 20) or ()}
    assert (160, 24, 24) not in {colour for _, colour in pictures[1].getcolors(1 << 20) or ()}


def test_a_picture_is_flattened_cropped_and_drawn_and_what_is_none_is_refused(hospital, admin):
    doctor = hospital.person("noi", Role.DOCTOR, ("Khoa Nội",), name="BS. Nội")
    plain = admin.get("/admin/blocks/shown", params=TYPED).content
    sent = admin.post("/admin/blocks/pictures", data={"owner": doctor.id}, files={"file": ("ky.png", scribble(), "image/png")})
    assert sent.status_code == 303
    with hospital.store.read() as tx:
        picture = tx.blocks.picture(doctor.id)
    assert picture is not None
    assert (picture.wide, picture.high) < (230, 120), "the empty paper around it is gone"
    assert admin.get("/admin/blocks/shown", params=TYPED).content != plain
    assert "BS. Nội" in admin.get("/admin/blocks").text
    for wrong in (b"no picture", scribble()[:200]):
        refused = admin.post("/admin/blocks/pictures", data={"owner": ""}, files={"file": ("x.png", wrong, "image/png")})
        assert refused.status_code == 422
    admin.post("/admin/blocks/pictures/drop", data={"owner": doctor.id})
    with hospital.store.read() as tx:
        assert tx.blocks.owners() == []


def test_only_the_administrator_decides_how_blocks_look(hospital, browser):
    hospital.person("luutru", Role.ARCHIVE)
    clerk = browser("luutru")
    assert clerk.get("/admin/blocks").status_code == 403
    assert clerk.post("/admin/blocks", data=TYPED).status_code == 403
