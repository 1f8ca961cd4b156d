"""`luuky-agent pair | sign | status | run | autostart`.

Exit status: 0 done, 1 refused or failed for some, 2 usage, 5 missing or away.
"""

from __future__ import annotations

import argparse
import getpass
import importlib
import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from luuky_agent import autostart, rollout, settings
from luuky_agent.batch import DONE, Batch, Outcome, finished, resend
from luuky_agent.drawer import Drawer
from luuky_agent.errors import AWAY, REFUSED, AgentError, away, unexpected
from luuky_agent.job import Job
from luuky_agent.keys import TokenCertificate
from luuky_agent.outbox import Outbox
from luuky_agent.pairing import pair
from luuky_agent.server import Server
from luuky_agent.settings import Desk
from luuky_agent.token_errors import tries

STATES = {
    "signed": "đã ký / signed",
    "received": "đã ký, chờ dấu thời gian / signed, waits for its time stamp",
    "refused": "không ký được / not signed",
    "declined": "bỏ ra / left out",
    "away": "sẽ gửi lại / will be sent again",
}


def run() -> None:
    """The entry point. What is said is UTF-8 wherever it goes: Windows' own code pages lack Vietnamese letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status. Never shows a traceback."""
    given = _parser().parse_args(arguments)
    try:
        status: int = given.do(given)
    except AgentError as error:
        _tell(f"{error.vi}\n{error.en}")
        return error.status
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the door: a person gets a sentence, not a traceback
        told = unexpected(error)
        _tell(f"{told.vi}\n{told.en}")
        return REFUSED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("luuky-agent", description="Bàn ký Lưu Ký / the Lưu Ký desk agent")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("pair", help="ghép máy này / pair this computer")
    one.add_argument("code")
    one.add_argument("--server", metavar="URL", help="where the installer laid none down")
    one.add_argument("--module", help="PKCS#11 module of the token")
    one.add_argument("--helper", help="program that holds drivers made for other bits, such as a 32-bit python.exe")
    one.add_argument("--token", help="label of the token, if several are plugged in")
    one.add_argument("--ca", help="certificate file of the hospital's own authority")
    one.set_defaults(do=_pair)
    one = commands.add_parser("sign", help="ký mọi tài liệu đang chờ / sign what waits")
    one.add_argument("--all", action="store_true", required=True, help="everything in the job")
    one.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")
    one.set_defaults(do=_sign)
    commands.add_parser("status", help="trạng thái / how things stand").set_defaults(do=_status)
    one = commands.add_parser("run", help="mở cửa sổ / open the window")
    one.add_argument("--quiet", action="store_true", help="as an icon, until something waits; not at all without a pairing")
    one.set_defaults(do=_run)
    one = commands.add_parser("autostart", help="tự mở khi đăng nhập máy / start with the desk")
    one.add_argument("switch", choices=["on", "off"])
    one.set_defaults(do=_autostart)
    return parser


def _pair(given: argparse.Namespace) -> int:
    place = settings.folder()
    laid = rollout.laid()
    server, authority = given.server or laid.server, given.ca or laid.authority or None
    if not server:
        raise AgentError("no_server", "Chưa biết máy chủ: thêm --server ĐỊA_CHỈ.", "No server is known: add --server URL.")
    wanted = Desk(server, "", "", "", given.module, authority, given.helper)
    desk = pair(place, given.code, wanted, given.token)
    _tell(f"Đã ghép với {desk.server}, người ký: {desk.person} / paired with {desk.server} for {desk.person}")
    return 0


def _status(_: argparse.Namespace) -> int:
    place = settings.folder()
    desk = settings.load(place)
    _tell(f"Máy chủ / server: {desk.server}\nNgười ký / signer: {desk.person}")
    with Drawer(desk.module, desk.helper) as drawer:
        found = drawer.certificates()
        for one in found:
            _tell(_describe(one))
        for note in drawer.notes:
            _tell(f"  {note.vi} / {note.en}")
    if not found:
        _tell("Chưa thấy USB ký số nào: hãy cắm USB rồi xem lại. / No token is seen: plug it in and look again.")
    return 0 if found else AWAY


def _autostart(given: argparse.Namespace) -> int:
    autostart.turn(on=given.switch == "on")
    return 0


def _run(given: argparse.Namespace) -> int:
    """The window's toolkit is loaded only here: the command works where Tk is not installed.

    What starts with the computer for everybody is not there for those who never sign, nor a second time.
    """
    place = settings.folder()
    if given.quiet and not settings.paired(place):
        return 0
    try:
        window, welcome = (importlib.import_module(f"luuky_agent.{name}") for name in ("window", "welcome"))
    except ImportError as error:
        raise away(
            "no_window",
            "Máy này chưa có Tk để mở cửa sổ (gói python3-tk). Có thể dùng: luuky-agent sign --all",
            "This computer lacks Tk for the window (package python3-tk). `luuky-agent sign --all` works without.",
        ) from error
    desk = settings.load(place) if settings.paired(place) else welcome.ask(place, rollout.laid())
    try:
        if desk is not None:
            window.show(place, desk, quiet=given.quiet)
    except AgentError as error:
        if not given.quiet or error.code != "busy":
            raise
    return 0


def _sign(given: argparse.Namespace) -> int:
    place = settings.folder()
    desk = settings.load(place)
    key = settings.device_key(place)
    with settings.alone(place), Server(desk, key) as server, tempfile.TemporaryDirectory(prefix="luuky-agent-") as papers:
        outbox = Outbox(place)
        earlier = resend(server, outbox)
        if any(one.state == "away" for one in earlier):
            _tell("Máy chủ chưa nhận được các chữ ký đã làm; thử lại sau. / The server did not take what was signed; try later.")
            return AWAY
        job = server.job()
        if job is None:
            _tell("Không có tài liệu nào chờ ký. / Nothing waits for a signature.")
            return _exit_status(earlier)
        batch = Batch(server, job, outbox, Path(papers))
        return _exit_status([*earlier, *_sign_batch(batch, desk, from_stdin=given.pin_stdin)])


def _sign_batch(batch: Batch, desk: Desk, *, from_stdin: bool) -> list[Outcome]:
    _show_job(batch.job, desk)
    items = batch.fetch(lambda done, whole: _tell(f"  tải và kiểm tra / fetched and checked {done}/{whole}"))
    outcomes: list[Outcome] = []

    def note(outcome: Outcome) -> None:
        outcomes.append(outcome)
        _show(batch.job, outcome)

    if not items:
        batch.finish()
        return _left_out(batch, note, outcomes)
    with Drawer(desk.module, desk.helper) as drawer:
        keys, certificate = drawer.holding(batch.certificate)
        _tell(_describe(certificate))
        items = batch.able(items, certificate)
        if items:
            keys.login(certificate, "" if "own" in certificate.flags else _pin(len(items), from_stdin=from_stdin))
            whole = batch.sign(keys, items, note)
        if not items or whole:
            finished(batch)
    return _left_out(batch, note, outcomes)


def _left_out(batch: Batch, note: Callable[[Outcome], None], outcomes: list[Outcome]) -> list[Outcome]:
    for name, error in batch.bad.items():
        note(Outcome(name, "refused", error.vi, error.en))
    return outcomes


def _pin(count: int, *, from_stdin: bool) -> str:
    """The PIN, once a batch. Raises AgentError `no_pin`."""
    question = f"Mã PIN, một lần cho cả {count} tài liệu / the PIN, once for all {count}: "
    pin = sys.stdin.readline().rstrip("\r\n") if from_stdin else getpass.getpass(question)
    if not pin:
        raise AgentError("no_pin", "Chưa có mã PIN, không ký gì cả.", "No PIN was given; nothing was signed.")
    return pin


def _show_job(job: Job, desk: Desk) -> None:
    _tell(f"{desk.server} · {job.person} · {len(job.items)} tài liệu / documents:")
    for item in job.items:
        _tell(f"  [{item.check}] {item.title}, {item.patient or '–'}, {item.pages} trang / pages, {item.role}")


def _show(job: Job, outcome: Outcome) -> None:
    title = next((item.title for item in job.items if item.id == outcome.item), outcome.item)
    why = f": {outcome.vi} / {outcome.en}" if outcome.vi else ""
    _tell(f"  {title}: {STATES.get(outcome.state, outcome.state)}{why}")


def _describe(one: TokenCertificate) -> str:
    validity = "còn hiệu lực / valid" if one.valid else "ĐÃ HẾT HẠN / EXPIRED"
    left = tries(one.flags)
    warning = f"\n  {left[0]} / {left[1]}" if left else ""
    return f"  {one.subject} · {one.issuer} · hạn / until {one.last_day} · {validity}{warning}"


def _exit_status(outcomes: Sequence[Outcome]) -> int:
    states = {outcome.state for outcome in outcomes}
    if "away" in states:
        return AWAY
    return REFUSED if states - DONE else 0


def _tell(text: str) -> None:
    """To the terminal; a program that was packed without one shows a box."""
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
    else:
        importlib.import_module("tkinter.messagebox").showinfo("Lưu Ký", text)


if __name__ == "__main__":
    run()
