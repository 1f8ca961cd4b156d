"""Are the signing services and the hospital's seal there, and do they know us? Nobody's telephone rings, nothing is signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from domain.signers import Capacity, Sealing
from pipeline.finding import Finding
from pipeline.settings import Settings
from pipeline.wiring import sealing, signing_settings
from signing.keys import Health
from signing.providers import check_all
from signing.sealing import keepers
from storage.clock import now
from storage.orders import SEAL, Orders
from storage.store import Store

PATIENCE = 5.0
"""Seconds in which a service answers that is well."""
SOON = timedelta(days=60)
SILENT = ("provider_away", "provider_unanswered")
KNOWS_PERSONS_ONLY = ("mysign",)
"""A service that is logged in to for a person can only be asked about one."""


def look(store: Store, settings: Settings) -> Iterator[Finding]:
    """One for each provider that is configured, and one or two for the seal."""
    signing = signing_settings(store, settings)
    quick = replace(signing, provider_seconds=min(signing.provider_seconds, PATIENCE))
    with store.read() as tx:
        users = {way.provider: way.account for way in Orders(tx.connection).ways().values()}
    for name, found in check_all(quick, users, settings.storage.data).items():
        unasked = name in KNOWS_PERSONS_ONLY and name not in users
        yield _unasked(name, found) if unasked else _said(name, found)
    yield from _seal(store, sealing(store, settings))


def _unasked(name: str, found: Health) -> Finding:
    if not found.reachable:
        return _said(name, found)
    return Finding(
        name,
        "ok",
        "Dịch vụ trả lời. Tài khoản kết nối có đúng không thì khi có người ký bằng dịch vụ này mới biết (Quản trị → Người dùng).",
        "answers; whether it knows us is seen once somebody signs with it (Quản trị · Người dùng)",
    )


def _said(name: str, found: Health) -> Finding:
    if found.problem is not None:
        vi, en = found.problem.vi, found.problem.en
        if found.problem.code in SILENT:
            vi += " Nhờ bộ phận CNTT xem máy chủ có ra được mạng đến dịch vụ này không, địa chỉ đặt có đúng không."
            en += " See whether this machine reaches it, and whether its address is right."
        return Finding(name, "warning" if found.reachable else "away", vi, en)
    if found.valid_until is None:
        return Finding(name, "ok", "Trả lời tốt và nhận tài khoản kết nối của bệnh viện.", "answers and knows us")
    vi, en = f"{found.valid_until:%d/%m/%Y}", f"its certificate is valid until {found.valid_until:%Y-%m-%d}"
    if found.valid_until >= now() + SOON:
        return Finding(name, "ok", f"Trả lời tốt; chứng thư số còn hạn đến ngày {vi}.", en)
    return Finding(
        name, "warning", f"Chứng thư số hết hạn vào ngày {vi}. Hãy xin nhà cung cấp gia hạn trước ngày đó.", f"{en}: renew it"
    )


def _seal(store: Store, how: Sealing) -> Iterator[Finding]:
    """What waits for the seal, and whether anybody could put it."""
    with store.read() as tx:
        waits = Orders(tx.connection).seal_wait()
        wanted = any(rule.capacity == Capacity.SEAL for rule in tx.signing.rules())
        kept = bool(keepers(tx))
    if how is Sealing.NONE and wanted:
        yield _NO_SEAL
    if waits.problem is not None:
        yield Finding(
            "sealing",
            "away",
            f"{waits.count} tài liệu chờ đóng dấu: {waits.problem.vi}",
            f"{waits.count} documents wait for the seal: {waits.problem.en}",
        )
    elif how is Sealing.PRESSED and wanted and not kept:
        yield _NO_KEEPER
    elif how is not Sealing.NONE:
        vi, en = ("dấu tự đóng", "puts itself") if how is Sealing.ITSELF else ("người giữ dấu bấm đóng", "is put by hand")
        yield Finding(
            "sealing",
            "ok",
            f"{waits.count} tài liệu chờ đóng dấu; {vi}.",
            f"{waits.count} documents wait for the seal, which {en}",
        )


_NO_SEAL = Finding(
    SEAL,
    "missing",
    "Quy tắc ký đòi con dấu của bệnh viện nhưng máy chủ chưa có con dấu số, nên các tài liệu đó không ký xong được. Nhờ bộ phận "
    "CNTT đặt LUUKY_SIGNING_SEAL_MODULE và LUUKY_SIGNING_SEAL_TOKEN.",
    "rules ask for the seal: set LUUKY_SIGNING_SEAL_MODULE, LUUKY_SIGNING_SEAL_TOKEN",
)
_NO_KEEPER = Finding(
    "sealing",
    "warning",
    "Chưa ai được giao giữ dấu nên không ai bấm đóng dấu được. Giao cho một người ở Quản trị → Tư cách ký, hoặc đặt "
    "LUUKY_SIGNING_SEAL_AUTOMATIC bằng 1 để dấu tự đóng.",
    "give somebody the capacity of keeping the seal, or set LUUKY_SIGNING_SEAL_AUTOMATIC to 1",
)
