"""Numbers as hospitals write them: dates and times in every habit, identifiers, measurements, money, telephones."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_GROUPS = "DN HX CH NN TK HC XK HT TB NO CT XB TN CS XN MS HD TE BT HN DT DK XD TS TC TQ TA TY HG LS PV HS SV GB GD CN CB CC CK CA BD".split()
_OFFICES = ("QĐ-BYT", "TT-BYT", "KH-BV", "GRV", "GCT-BV", "BV-KHTH", "QĐ-SYT", "BC-BV", "GCN", "TB-BHXH", "CV-BV", "BB-HC")


def digits(rng: Random, count: int) -> str:
    """That many decimal digits."""
    return "".join(rng.choices("0123456789", k=count))


def decimal(rng: Random, low: float, high: float, places: int) -> str:
    """A number in the range, mostly with the decimal comma of the country."""
    return f"{rng.uniform(low, high):.{places}f}".replace(".", "," if rng.random() < 0.7 else ".")


def within(rng: Random, low: str, high: str) -> str:
    """A number between two written ones, with as many places as they have."""
    places = len(low.partition(".")[2])
    if places:
        return decimal(rng, float(low), float(high), places)
    return str(rng.randint(int(low), int(high))).zfill(len(low))


def number(rng: Random) -> str:
    """A count, a result, a pressure, a range, a share, a power, a fraction or a sum of money."""
    kinds: tuple[tuple[int, Callable[[], str]], ...] = (
        (30, lambda: str(int(10 ** rng.uniform(0, 3.2)))),
        (24, lambda: decimal(rng, 0, 10 ** rng.uniform(0, 3), rng.choice((1, 1, 2, 2, 3)))),
        (8, lambda: pressure(rng)),
        (10, lambda: span(rng)),
        (6, lambda: f"{rng.choice('<>≤≥±~')}{rng.choice(('', ' '))}{decimal(rng, 0, 50, rng.choice((0, 1, 2)))}"),
        (5, lambda: decimal(rng, 0, 100, rng.choice((0, 1))) + rng.choice(("%", " %"))),
        (4, lambda: f"{rng.randint(1, 9)}/{rng.randint(2, 12)}"),
        (6, lambda: money(rng)),
        (4, lambda: f"{rng.randint(1, 60):02d}"),
        (
            3,
            lambda: (
                f"{rng.randint(1, 40)} x {rng.randint(1, 40)}"
                + rng.choice(("", f" x {rng.randint(1, 40)}"))
                + rng.choice((" mm", " cm", ""))
            ),
        ),
    )
    return rng.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()


def span(rng: Random) -> str:
    """A range such as a laboratory prints beside a result."""
    places = rng.choice((0, 0, 1, 1, 2))
    low = rng.uniform(0, 10 ** rng.uniform(0, 2.2))
    dash = rng.choice(("-", "-", " - ", " - ", "–", " – ", "÷", " đến ")).replace("÷", "~")
    comma = "," if rng.random() < 0.6 else "."
    return f"{low:.{places}f}{dash}{low * rng.uniform(1.2, 4) + 1:.{places}f}".replace(".", comma)


def pressure(rng: Random) -> str:
    """A blood pressure in mmHg."""
    systolic = rng.randint(8, 20) * 10 + rng.choice((0, 0, 0, 5, rng.randint(0, 9)))
    return f"{systolic}/{rng.randint(4, 11) * 10 + rng.choice((0, 0, 0, 5, rng.randint(0, 9)))}"


def money(rng: Random) -> str:
    """An amount of đồng."""
    amount = f"{rng.randint(1, 40000) * rng.choice((100, 500, 1000)):,}".replace(",", rng.choice((".", ".", ",")))
    return amount + rng.choice(("", "đ", " đ", " đồng", "đ", " VNĐ", ",00"))


def phone(rng: Random) -> str:
    """A mobile or fixed number, in groups or not."""
    raw = "0" + rng.choice("3579") + digits(rng, 8) if rng.random() < 0.8 else f"02{digits(rng, 2)}3{digits(rng, 6)}"
    style = rng.random()
    if style < 0.6:
        return raw
    mark = rng.choice((" ", ".", ".", "-"))
    return mark.join((raw[:4], raw[4:7], raw[7:])) if style < 0.9 else f"({raw[:4]}) {raw[4:]}"


def clock(rng: Random) -> str:
    """A time of day."""
    hour, minute = rng.randint(0, 23), rng.choice((0, 0, 15, 30, 45, rng.randint(0, 59)))
    return rng.choice((
        f"{hour}h{minute:02d}", f"{hour}h{minute:02d}", f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d}", f"{hour}h",
        f"{hour} giờ {minute:02d} phút", f"{hour} giờ {minute}", f"{hour}h {minute:02d}'", f"{hour:02d}h{minute:02d}p", f"{hour}g{minute:02d}",
        f"{hour} giờ {minute}'", f"{hour:02d}:{minute:02d}:{rng.randint(0, 59):02d}", f"{hour:02d} : {minute:02d}",
    ))  # fmt: skip


def day(rng: Random) -> str:
    """A calendar day, births of a hundred years and stays of twenty."""
    year = rng.randint(2005, 2026) if rng.random() < 0.65 else rng.randint(1926, 2026)
    d, m = rng.randint(1, 31), rng.randint(1, 12)
    return rng.choices(
        (
            f"{d:02d}/{m:02d}/{year}", f"{d}/{m}/{year}", f"{d}/{m}/{year % 100:02d}", f"{d:02d}-{m:02d}-{year}", f"{d:02d}.{m:02d}.{year}",
            f"{d}/{m}", f"ngày {d:02d} tháng {m:02d} năm {year}", f"ngày {d} tháng {m} năm {year}", f"Ngày {d:02d}/{m:02d}/{year}", f"{m:02d}/{year}",
            f"{d:02d} / {m:02d} / {year}", f"{year}", f"{d}-{m}-{year % 100:02d}", f"{year}-{m:02d}-{d:02d}",
        ),
        (38, 10, 8, 6, 3, 5, 8, 4, 3, 2, 3, 3, 2, 2),
    )[0]  # fmt: skip


def date(rng: Random) -> str:
    """A day, a time, or both."""
    style = rng.random()
    if style < 0.62:
        return day(rng)
    if style < 0.76:
        return clock(rng)
    return rng.choice((
        f"{clock(rng)} {day(rng)}", f"{day(rng)} {clock(rng)}", f"{clock(rng)}, {day(rng)}", f"{clock(rng)} ngày {day(rng)}",
        f"Hồi {clock(rng)} ngày {day(rng)}", f"{clock(rng)} - {day(rng)}", f"lúc {clock(rng)} {day(rng)}",
    )).replace("ngày ngày", "ngày").replace("ngày Ngày", "ngày")  # fmt: skip


def age(rng: Random) -> str:
    """An age in years, months, days or both."""
    return rng.choice((
        f"{rng.randint(1, 99)} tuổi", f"{rng.randint(1, 99)} tuổi", f"{rng.randint(1, 99)}T", f"{rng.randint(1, 99):02d}", f"{rng.randint(1, 72)} tháng",
        f"{rng.randint(1, 28)} ngày tuổi", f"{rng.randint(1, 9)} tuổi {rng.randint(1, 11)} tháng", f"{rng.randint(1, 23)} giờ tuổi", f"{rng.randint(20, 90)}t",
    ))  # fmt: skip


def insurance(rng: Random) -> str:
    """A health insurance number: 15 places with letters in front, whole or in groups, or the ten digits of today."""
    head, tail = rng.choice(_GROUPS) + rng.choice("12345"), digits(rng, 12)
    return rng.choices(
        (
            head + tail, f"{head[:2]} {head[2]} {tail[:2]} {tail[2:5]} {tail[5:8]} {tail[8:]}", f"{head} {tail[:2]} {tail[2:]}", tail[2:],
            f"{head}-{tail[:2]}-{tail[2:5]}-{tail[5:8]}-{tail[8:]}", f"{head} {tail[:2]} {tail[2:5]} {tail[5:]}", f"{head[:2]}{head[2]} {tail}",
        ),
        (40, 12, 8, 16, 8, 8, 4),
    )[0]  # fmt: skip


def citizen(rng: Random) -> str:
    """The twelve digits of a citizen card: province of birth, century and sex, year, number."""
    raw = f"0{rng.randint(1, 96):02d}{rng.choice('01233')}{digits(rng, 8)}"
    return raw if rng.random() < 0.85 else " ".join((raw[:3], raw[3:6], raw[6:9], raw[9:]))


def identifier(rng: Random) -> str:
    """A number that stands for a person, a stay, a paper or a shelf."""
    year = rng.randint(5, 26)
    kinds: tuple[tuple[int, Callable[[], str]], ...] = (
        (20, lambda: citizen(rng)),
        (8, lambda: digits(rng, 9)),
        (20, lambda: insurance(rng)),
        (12, lambda: f"{year:02d}{rng.choice(('.', '.', '', '-', '/'))}{digits(rng, 6)}"),
        (6, lambda: f"{digits(rng, rng.randint(2, 5))}/{rng.choice((f'{year:02d}', f'20{year:02d}'))}"),
        (
            6,
            lambda: (
                f"{rng.choice(('BN', 'BA', 'HS', 'VV', 'LT', 'XN', 'NT', 'CC', 'TN', 'KB'))}{rng.choice(('', '.', '-'))}{digits(rng, rng.randint(5, 10))}"
            ),
        ),
        (4, lambda: f"{rng.randint(1, 96):02d}/{digits(rng, 3)}/{year:02d}/{digits(rng, 6)}"),
        (4, lambda: f"*{digits(rng, rng.randint(6, 12))}*"),
        (6, lambda: digits(rng, rng.choice((4, 6, 7, 8, 10, 13, 14)))),
        (4, lambda: f"{rng.randint(1, 2999)}/{rng.choice((f'20{year:02d}/', ''))}{rng.choice(_OFFICES)}"),
        (4, lambda: f"{rng.choice('BCEKNP')}{digits(rng, rng.choice((7, 8)))}"),
        (5, lambda: form_code(rng)),
        (5, lambda: phone(rng)),
        (2, lambda: f"{rng.choice('ABCDEFGHK')}{rng.randint(1, 30)}.{rng.randint(1, 40):02d}.{rng.randint(1, 99):02d}"),
    )
    return rng.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()


def form_code(rng: Random) -> str:
    """The code in the corner of a form, of both catalogues."""
    return f"{rng.randint(1, 55):02d}/{rng.choice(('BV-01', 'BV-01', 'BV-02', 'BV1', 'BV2', 'BV2', 'BV.01', 'BYT', 'D.BV-01', 'KCB'))}"


def boxed(rng: Random) -> str:
    """Digits and letters that stand one per box."""
    return rng.choices(
        (
            citizen(rng).replace(" ", ""), insurance(rng).replace(" ", "").replace("-", ""), digits(rng, rng.choice((2, 3, 4, 6, 8, 10))),
            f"{rng.randint(1, 31):02d}{rng.randint(1, 12):02d}{rng.randint(1930, 2026)}", f"{rng.choice('ABCDEGHIJKLMNOPRSTZ')}{digits(rng, 2)}{rng.choice('0123456789')}",
            rng.choice(("X", "x", "1", "2", "v")), f"{rng.randint(5, 26):02d}{digits(rng, 6)}",
        ),
        (20, 16, 24, 12, 10, 6, 12),
    )[0]  # fmt: skip
