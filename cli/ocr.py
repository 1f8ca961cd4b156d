"""`luuky ocr train`, `luuky ocr back`, `luuky ocr show`: the recogniser learns from what this house corrected, and goes back.
`luuky ocr pairs` hands out what it learns from.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import console, environment, exits
from ocr import house, weights
from pipeline import wiring
from pipeline.learning import Learning, Outcome, Wish

_REASONS = {
    "no_place": "không có chỗ trên trang / no place on the page",
    "not_as_printed": "không suy ra được chữ trên giấy / what is printed cannot be told",
    "several_lines": "không nằm gọn trong một dòng / not on one line",
    "read_otherwise": "nay đọc khác đi / read otherwise by now",
    "told_already": "chỗ khác đã dạy / another correction says it",
    "crowded": "dính chữ bên cạnh chưa chắc / unsure letters too near",
    "text_layer": "trang có sẵn chữ / the page has its own text",
    "unreadable": "ảnh hỏng / damaged picture",
}
RESTART = "Tiến trình đang chạy vẫn đọc như cũ; hãy khởi động lại `luuky up` / running workers read as before: restart `luuky up`"
PRIVATE = "! Dữ liệu người bệnh: giữ kín, xóa khi dùng xong / patients' data: keep it closed, delete it after use"
Json = Annotated[bool, typer.Option("--json", help="JSON to stdout.")]


def train(
    minutes: Annotated[float, typer.Option(min=0, help="How long to learn at most; it stops when it gets no better.")] = 240.0,
    start: Annotated[Path | None, typer.Option(exists=True, help="Weights to begin with, .pt or .onnx.")] = None,
    as_json: Json = False,
) -> int:
    """Learn from what people corrected; adopt it only if it reads better."""
    for number in (signal.SIGINT, signal.SIGTERM):  # stopped by the system, or in the background: it cleans up as after Ctrl-C
        signal.signal(number, signal.default_int_handler)
    settings = environment.settings()
    learning = Learning(wiring.store(settings), settings)
    outcome = learning.train(Wish(minutes, start), environment.actor(), _tell)
    if as_json:
        console.print_json(asdict(outcome))
    else:
        _report(outcome)
    if outcome.adopted:
        console.err.print(RESTART, markup=False)
    return exits.DONE if outcome.adopted else exits.BAD


def pairs(
    out: Annotated[Path, typer.Option("-o", "--output", help="The folder to make; it must not be there yet.")],
    as_json: Json = False,
) -> None:
    """Copy corrected lines out: a PNG each, and pairs.tsv with what they say. They are patients' data."""
    settings = environment.settings()
    made = Learning(wiring.store(settings), settings).pairs(out, environment.actor(), _tell)
    console.err.print(PRIVATE, markup=False)
    if as_json:
        console.print_json(asdict(made))
        return
    console.out.print(
        f"{made.corrected} dòng đã sửa / corrected, {made.confirmed} dòng đọc chắc / surely read → {out}", markup=False
    )
    _list_left_out(made.left_out)


def back() -> None:
    """Let the version before read again, at last the packaged one."""
    settings = environment.settings()
    left, now = Learning(wiring.store(settings), settings).back(environment.actor())
    console.out.print(f"{left} → {now or _packaged().version}", markup=False)
    console.err.print(RESTART, markup=False)


def show(as_json: Json = False) -> None:
    """Which recogniser reads, what this house has taught, and who changed it when."""
    settings = environment.settings()
    data, store = settings.storage.data, wiring.store(settings)
    now = house.in_use(data)
    with store.read() as tx:
        acts = tx.audit.newest(acts=("adopt_recogniser", "return_recogniser"))
    value = {
        "version": 1, "in_use": now.name if now else _packaged().version, "packaged": _packaged().name,
        "learns": settings.ocr.learn, "taught": [asdict(one) for one in house.versions(data)],
        "history": [{"at": one.at.isoformat(), "actor": one.actor, "act": one.act, "details": one.details} for one in acts],
    }  # fmt: skip
    if as_json:
        console.print_json(value)
    else:
        _list(value)


def _packaged() -> weights.Card:
    return weights.card(weights.FOLDER)


def _tell(what: str, numbers: Mapping[str, float]) -> None:
    if what == "page":
        text = "giấy đã xem lại / papers looked at again: {done}/{all}"
    else:
        text = "{minutes:g} phút / min, {lines} dòng / lines, {wrong} lỗi trên phần theo dõi / errors on the part watched"
    console.err.print(text.format(**numbers), markup=False)


def _report(outcome: Outcome) -> None:
    for name, count in outcome.corrected.items():
        console.out.print(f"{name:<12}{count:>6} dòng đã sửa / corrected lines")
    _list_left_out(outcome.left_out)
    console.out.print(_figures(asdict(outcome.before), asdict(outcome.after)), markup=False)
    console.out.print(
        f"✓ Dùng {outcome.version} / {outcome.version} is in use"
        if outcome.adopted
        else "✗ Không đọc tốt hơn nên không dùng; mọi thứ như cũ / it reads no better and is not used; nothing changed"
    )


def _list_left_out(left_out: Mapping[str, int]) -> None:
    for reason, count in sorted(left_out.items()):
        console.out.print(f"{'-':<12}{count:>6} {_REASONS[reason]}", markup=False)


def _list(value: Mapping[str, Any]) -> None:
    console.out.print(f"Bản gốc / packaged: {value['packaged']}", markup=False)
    for one in value["taught"]:
        mark = "→" if one["version"] == value["in_use"] else " "
        figures = _figures(one["figures"]["before"], one["figures"]["after"])
        console.out.print(f"{mark} {one['version']}  {one['at'][:16]}  {figures}", markup=False)
        if mark == "→" and one["rests_on"] not in value["packaged"]:
            console.out.print("! Bản gốc đã mới hơn; hãy huấn luyện lại / the packaged one is newer: train again", markup=False)
    for act in reversed(value["history"]):
        details = act["details"]
        console.out.print(
            f"{act['at'][:16]}  {act['actor']}  {act['act']}  {details.get('version') or details['left']}", markup=False
        )


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Errors before and after, out of how many characters."""
    names = {"held_back": "phần giữ lại / held back", "test_set": "bộ thử / test set"}
    return ", ".join(
        f"{name}: {before[part]['wrong']} → {after[part]['wrong']} lỗi / errors ({after[part]['characters']})"
        for part, name in names.items()
    )
