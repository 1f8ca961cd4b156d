"""Is everything installed, reachable and safe? One finding for each part, each with what to do."""

from __future__ import annotations

import os
import shutil
import socket
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from domain.copies import ending
from domain.errors import LuukyError, Message
from domain.lasting import Outlook
from domain.people import ALL
from pipeline import signing_health, tools_health, wiring, wiring_trust
from pipeline.finding import Finding
from pipeline.settings import Settings
from signing.probe import probe
from signing.rfc3161 import service
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.trust import TrustList
from storage.clock import now
from storage.copies import CertifiedCopies
from storage.lasting import Lasting
from storage.proofs import Proofs
from storage.store import Store

LEAST_FREE = 5 << 30


def examine(store: Store, settings: Settings) -> list[Finding]:
    """Look at every part; never raises for a part that is away."""
    return [*tools_health.look(settings), *_services(store, settings), *_safety(settings)]


def _proofs(store: Store) -> Finding:
    """What no judge has passed."""
    with store.read() as tx:
        counts = Proofs(tx.connection).counts()
    if not counts.failed and not counts.unchecked:
        return Finding(
            "pdfa",
            "ok",
            "Mọi tài liệu đã đóng quyển và đã ký đều được kiểm định PDF/A.",
            "every bound and signed document was checked",
        )
    return Finding(
        "pdfa",
        "warning",
        f"{counts.unchecked} tài liệu chưa được kiểm định PDF/A, {counts.failed} tài liệu không đạt. Nhờ bộ phận CNTT chạy trên "
        "máy chủ: luuky custody judge (kiểm định lại và nêu từng tài liệu không đạt).",
        f"{counts.unchecked} documents not checked, {counts.failed} not valid; run luuky custody judge, which names them",
    )


def lasting(store: Store, settings: Settings) -> tuple[Outlook, list[Message]]:
    """Until when the proofs in signed documents last, and what a person must see to."""
    renewer = wiring_trust.renewer(store, settings)
    with store.read() as tx:
        outlook = Lasting(tx.connection).outlook(renewer.before)
        copies, first = CertifiedCopies(tx.connection).ending(renewer.soon)
    alarms = outlook.alarms(renewer.now, renewer.soon)
    return outlook, [*alarms, ending(copies, first)] if copies else alarms


def _lasting(store: Store, settings: Settings) -> Finding:
    """Until when the proofs in signed documents last."""
    outlook, alarms = lasting(store, settings)
    if alarms:
        return Finding(
            "lasting",
            "warning",
            f"{alarms[0].vi}{_more(alarms, 'Bằng chứng lâu dài')}",
            f"{alarms[0].en} luuky custody lasting shows all.",
        )
    number = sum(one.documents for one in outlook.chains)
    if not outlook.chains:
        return Finding(
            "lasting",
            "ok",
            "Chưa có tài liệu nào cần bằng chứng lâu dài.",
            "0 documents are proven for the long term",
        )
    ends = outlook.chains[0].ends_at
    return Finding(
        "lasting",
        "ok",
        f"{number} tài liệu có bằng chứng lâu dài; bằng chứng hết hạn sớm nhất ngày {ends:%d/%m/%Y}, máy tự gia hạn trước đó.",
        f"{number} documents are proven for the long term, the first proof ends {ends:%Y-%m-%d}",
    )


def _services(store: Store, settings: Settings) -> Iterator[Finding]:
    yield _asked("database", lambda: _database(store))
    yield _proofs(store)
    yield _lasting(store, settings)
    yield _asked("index", lambda: _index(settings))
    if settings.broker_url:
        yield _asked("queue", lambda: _reachable(settings.broker_url))
    else:
        yield Finding("queue", "ok", "Hàng đợi công việc nằm trong thư mục dữ liệu của máy này.", "folder queue")
    signing = wiring.signing_settings(store, settings)
    if signing.tsa_url:
        yield _time_stamps(signing, wiring_trust.trust_desk(store, settings).known)
    else:
        yield Finding(
            "time-stamps",
            "warning",
            "Chưa khai báo dịch vụ cấp dấu thời gian nên chưa ký được tài liệu nào. Nhờ bộ phận CNTT đặt LUUKY_SIGNING_TSA_URL.",
            "set LUUKY_SIGNING_TSA_URL; until then documents cannot be signed",
        )
    yield _trust(store, settings)
    yield from signing_health.look(store, settings)


def _trust(store: Store, settings: Settings) -> Finding:
    """Whom signatures are believed by, and what ends soon."""
    desk = wiring_trust.trust_desk(store, settings)
    alarms = desk.alarms()
    if alarms:
        return Finding(
            "trust",
            "warning",
            f"{alarms[0].vi}{_more(alarms, 'Nơi tin cậy')}",
            f"{alarms[0].en} luuky trust list shows all.",
        )
    ends = min(one.face.ends for one in desk.listed() if one.face.root and one.standing(now()) == "trusted")
    number = len(desk.trust().roots)
    return Finding(
        "trust",
        "ok",
        f"{number} chứng thư gốc được tin cậy; chứng thư hết hạn sớm nhất vào ngày {ends:%d/%m/%Y}.",
        f"{number} roots, the first ends {ends:%Y-%m-%d}",
    )


def _more(alarms: Sequence[Message], page: str) -> str:
    return f" Còn {len(alarms) - 1} việc nữa, xem ở Quản trị → {page}." if len(alarms) > 1 else ""


def _time_stamps(signing: SigningSettings, trust: Callable[[], TrustList]) -> Finding:
    """Whether a stamp can be had now, from a clock and a chain that proofs can rest on."""
    host = urllib.parse.urlsplit(signing.tsa_url).hostname
    try:
        found = probe(service(signing), trust(), Sunsets(signing.sunsets))
    except LuukyError as error:
        vi, en = error.message.vi, error.message.en
        if error.message.code == "tsa_away":
            vi += f" Nhờ bộ phận CNTT xem máy chủ có ra được mạng đến {host} không, dịch vụ còn hợp đồng không."
            en += f" See whether this machine reaches {host}, and whether the contract still runs."
        return Finding("time-stamps", "away", vi, en)
    apart = f"{abs(found.ahead.total_seconds()):.1f}"
    vi = (
        f"{host} cấp được dấu thời gian bằng chứng thư của {found.ends.authority}, dùng được đến ngày {found.ends.at:%d/%m/%Y}; "
        f"giờ của dịch vụ và của máy chủ lệch {apart.replace('.', ',')} giây."
    )
    chain = f"{found.ends.authority}, until {found.ends.at:%Y-%m-%d} ({found.ends.what})"
    en = f"{host} stamps by {chain}; its clock and this machine's differ by {apart} s"
    if found.trusted:
        return Finding("time-stamps", "ok", vi, en)
    return Finding(
        "time-stamps",
        "warning",
        f"{vi} Nhưng chưa tin cậy chứng thư gốc nào của dịch vụ này: hãy thêm ở Quản trị → Nơi tin cậy.",
        f"{en}; no trusted root vouches for it: luuky trust add its root",
    )


def _safety(settings: Settings) -> Iterator[Finding]:
    data = settings.storage.data
    yield _disk(data)
    if data.stat().st_mode & 0o007:
        yield Finding(
            "rights",
            "warning",
            "Mọi tài khoản trên máy chủ đều đọc được thư mục dữ liệu, trong đó có hồ sơ người bệnh. Nhờ bộ phận CNTT chạy trên "
            f"máy chủ: chmod o-rwx {data}",
            f"chmod o-rwx {data}",
        )
    else:
        yield Finding(
            "rights", "ok", "Chỉ tài khoản chạy Lưu Ký đọc được thư mục dữ liệu.", "only this account reads the data folder"
        )
    yield _scratch(Path(os.path.realpath("/tmp")))  # noqa: S108 - only its free space is asked for


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    vi, en = f"Ổ đĩa dữ liệu còn trống {free >> 30} GiB ({data}).", f"{free >> 30} GiB free at {data}"
    if free > LEAST_FREE:
        return Finding("disk", "ok", vi, en)
    return Finding(
        "disk",
        "warning",
        f"{vi} Khi đầy, máy chủ không nhận thêm giấy. Nhờ bộ phận CNTT dọn hoặc thêm ổ đĩa.",
        f"{en}; make room, or no more documents are taken",
    )


def _scratch(tmp: Path) -> Finding:
    free = shutil.disk_usage(tmp).free
    vi, en = f"Chỗ làm tạm còn trống {free >> 20} MiB ({tmp}).", f"{free >> 20} MiB"
    if free > LEAST_FREE >> 3:
        return Finding("scratch", "ok", vi, en)
    return Finding(
        "scratch",
        "warning",
        f"{vi} Giấy nhiều trang có thể không xử lý được. Nhờ bộ phận CNTT dọn chỗ này.",
        f"{en} free at {tmp}; make room, or long documents cannot be worked on",
    )


def _asked(part: str, question: Callable[[], tuple[str, str]]) -> Finding:
    try:
        return Finding(part, "ok", *question())
    except LuukyError as error:
        return Finding(part, "away", error.message.vi, error.message.en)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Finding(
            part,
            "away",
            f"Không có trả lời ({why}). Nhờ bộ phận CNTT xem dịch vụ này có đang chạy không, địa chỉ đặt có đúng không.",
            f"no answer: {why}",
        )


def _database(store: Store) -> tuple[str, str]:
    with store.read() as tx:
        number = sum(tx.documents.counts().values())
    name = store.engine.dialect.name
    return f"Cơ sở dữ liệu ({name}) trả lời tốt, đang giữ {number} tài liệu.", f"{name}, {number} documents"


def _index(settings: Settings) -> tuple[str, str]:
    number = wiring.index(settings).count(ALL)
    return f"Tìm kiếm trả lời tốt, đã ghi {number} trang.", f"{number} pages"


def _reachable(url: str) -> tuple[str, str]:
    parts = urllib.parse.urlsplit(url)
    port = parts.port or {"https": 443, "amqp": 5672, "amqps": 5671}.get(parts.scheme, 80)
    with socket.create_connection((parts.hostname or "localhost", port), timeout=3):
        return f"Hàng đợi công việc trả lời ở {parts.hostname}:{port}.", f"{parts.hostname}:{port}"
