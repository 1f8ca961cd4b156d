"""Numbers as hospitals write them: dates and times in every habit, identifiers, measurements, money, telephones.

Each habit is a format string with its weight; what it needs is drawn once and put in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

_Habits = Mapping[str, int]
_DAYS: _Habits = {
    "{d:02}/{m:02}/{y}": 38, "{d}/{m}/{y}": 10, "{d}/{m}/{yy:02}": 8, "{d:02}-{m:02}-{y}": 6, "{d:02}.{m:02}.{y}": 3,
    "{d}/{m}": 5, "ngày {d:02} tháng {m:02} năm {y}": 8, "ngày {d} tháng {m} năm {y}": 4, "Ngày {d:02}/{m:02}/{y}": 3,
    "{m:02}/{y}": 2, "{d:02} / {m:02} / {y}": 3, "{y}": 3, "{d}-{m}-{yy:02}": 2, "{y}-{m:02}-{d:02}": 2,
}  # fmt: skip
_CLOCKS: _Habits = {
    "{h}h{n:02}": 20, "{h:02}:{n:02}": 20, "{h}h": 8, "{h} giờ {n:02} phút": 10, "{h} giờ {n}": 6, "{h}h {n:02}'": 6,
    "{h:02}h{n:02}p": 4, "{h}g{n:02}": 5, "{h} giờ {n}'": 5, "{h:02}:{n:02}:{s:02}": 6, "{h:02} : {n:02}": 4, "{h}h{n:02}'": 6,
}  # fmt: skip
_MOMENTS: _Habits = {
    "{day}": 62, "{clock}": 14, "{clock} {day}": 5, "{day} {clock}": 5, "{clock}, {day}": 4, "{clock} - {day}": 4,
    "Hồi {clock} {day}": 3, "lúc {clock} {day}": 3,
}  # fmt: skip
_AGES: _Habits = {
    "{years} tuổi": 30, "{years}T": 8, "{years:02}": 10, "{years}t": 6, "{months} tháng": 10, "{days} ngày tuổi": 6,
    "{hours} giờ tuổi": 4, "{few} tuổi {months} tháng": 6, "{months}th": 4,
}  # fmt: skip
_CARDS: _Habits = {
    "{a}{k}{b}{c}{e}{f}": 40, "{a} {k} {b} {c} {e} {f}": 12, "{a}{k} {b} {c}{e}{f}": 8, "{c}{e}{f}": 16,
    "{a}{k}-{b}-{c}-{e}-{f}": 8, "{a}{k} {b} {c} {e}{f}": 8, "{a}{k} {b}{c}{e}{f}": 4,
}  # fmt: skip
_GROUPS = (
    "DN", "HX", "CH", "NN", "TK", "HC", "XK", "HT", "TB", "NO", "CT", "XB", "TN", "CS", "XN", "MS", "HD", "TE", "BT", "HN", "DT",
    "DK", "XD", "TS", "TC", "TQ", "TA", "TY", "HG", "LS", "PV", "HS", "SV", "GB", "GD", "CN", "CB", "CC", "CK", "CA", "BD",
)  # fmt: skip
_OFFICES = ("QĐ-BYT", "TT-BYT", "KH-BV", "GRV", "GCT-BV", "BV-KHTH", "QĐ-SYT", "BC-BV", "GCN", "TB-BHXH", "CV-BV", "BB-HC")
_SERIES = ("BN", "BA", "HS", "VV", "LT", "XN", "NT", "CC", "TN", "KB")
_FORMS = ("BV-01", "BV-01", "BV-02", "BV1", "BV2", "BV2", "BV.01", "BYT", "D.BV-01", "KCB")


def _habit(rng: Random, habits: _Habits) -> str:
    return rng.choices(tuple(habits), tuple(habits.values()))[0]


def _drawn(rng: Random, kinds: Mapping[Callable[[Random], str], int]) -> str:
    return rng.choices(tuple(kinds), tuple(kinds.values()))[0](rng)


def digits(rng: Random, count: int) -> str:
    """That many decimal digits."""
    return "".join(rng.choices("0123456789", k=count))


def decimal(rng: Random, low: float, high: float, places: int) -> str:
    """A number in the range, mostly with the decimal comma of the country."""
    return f"{rng.uniform(low, high):.{places}f}".replace(".", "," if rng.random() < 0.7 else ".")


def within(rng: Random, low: str, high: str) -> str:
    """A number between two written ones, with as many places and leading zeros as they have."""
    places = len(low.partition(".")[2])
    if places:
        return decimal(rng, float(low), float(high), places)
    return str(rng.randint(int(low), int(high))).zfill(len(low))


def number(rng: Random) -> str:
    """A count, a result, a pressure, a range, a share, a size, a fraction or a sum of money."""
    return _drawn(rng, _NUMBERS)


def _count(rng: Random) -> str:
    return str(int(10 ** rng.uniform(0, 3.2)))


def _result(rng: Random) -> str:
    return decimal(rng, 0, 10 ** rng.uniform(0, 3), rng.choice((1, 1, 2, 2, 3)))


def _bound(rng: Random) -> str:
    return rng.choice("<>≤≥±~") + rng.choice(("", " ")) + decimal(rng, 0, 50, rng.choice((0, 1, 2)))


def _share(rng: Random) -> str:
    return decimal(rng, 0, 100, rng.choice((0, 1))) + rng.choice(("%", "%", " %", "‰"))


def _fraction(rng: Random) -> str:
    return f"{rng.randint(1, 9)}/{rng.randint(2, 12)}"


def _padded(rng: Random) -> str:
    return f"{rng.randint(1, 60):02}"


def _size(rng: Random) -> str:
    sides = (str(rng.randint(1, 40)) for _ in range(rng.choice((2, 2, 3))))
    return rng.choice((" x ", "x", " × ")).join(sides) + rng.choice((" mm", " cm", "", "mm"))


def span(rng: Random) -> str:
    """A range such as a laboratory prints beside a result."""
    places = rng.choice((0, 0, 1, 1, 2))
    low = rng.uniform(0, 10 ** rng.uniform(0, 2.2))
    dash = rng.choice(("-", "-", " - ", " - ", "–", " – ", " ~ ", " đến "))
    text = f"{low:.{places}f}{dash}{low * rng.uniform(1.2, 4) + 1:.{places}f}"
    return text.replace(".", ",") if rng.random() < 0.6 else text


def pressure(rng: Random) -> str:
    """A blood pressure in mmHg."""
    high, low = (10 * rng.randint(*tens) + rng.choice((0, 0, 0, 5, rng.randint(0, 9))) for tens in ((8, 20), (4, 11)))
    return f"{high}/{low}"


def money(rng: Random) -> str:
    """An amount of đồng."""
    amount = f"{rng.randint(1, 40000) * rng.choice((100, 500, 1000)):,}".replace(",", rng.choice((".", ".", ",")))
    return amount + rng.choice(("", "đ", " đ", " đồng", "đ", " VNĐ", ",00"))


_NUMBERS: Mapping[Callable[[Random], str], int] = {
    _count: 30, _result: 24, pressure: 8, span: 10, _bound: 6, _share: 5, _fraction: 4, money: 6, _padded: 4, _size: 3,
}  # fmt: skip


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
    minute = rng.choice((0, 0, 15, 30, 45, rng.randint(0, 59)))
    return _habit(rng, _CLOCKS).format(h=rng.randint(0, 23), n=minute, s=rng.randint(0, 59))


def day(rng: Random) -> str:
    """A calendar day, births of a hundred years and stays of twenty."""
    year = rng.randint(2005, 2026) if rng.random() < 0.65 else rng.randint(1926, 2026)
    return _habit(rng, _DAYS).format(d=rng.randint(1, 31), m=rng.randint(1, 12), y=year, yy=year % 100)


def date(rng: Random) -> str:
    """A day, a time, or both."""
    return _habit(rng, _MOMENTS).format(clock=clock(rng), day=day(rng))


def age(rng: Random) -> str:
    """An age in years, months, days or hours."""
    drawn = {
        name: rng.randint(1, most) for name, most in (("years", 99), ("months", 72), ("days", 28), ("hours", 23), ("few", 9))
    }
    return _habit(rng, _AGES).format(**drawn)


def insurance(rng: Random) -> str:
    """A health insurance number: 15 places with letters in front, whole or in groups, or the ten digits of today."""
    pieces = {name: digits(rng, count) for name, count in (("b", 2), ("c", 3), ("e", 3), ("f", 4))}
    return _habit(rng, _CARDS).format(a=rng.choice(_GROUPS), k=rng.randint(1, 5), **pieces)


def citizen(rng: Random) -> str:
    """The twelve digits of a citizen card: province of birth, century and sex, year, number."""
    raw = f"0{rng.randint(1, 96):02}{rng.choice('01233')}{digits(rng, 8)}"
    return raw if rng.random() < 0.85 else " ".join((raw[:3], raw[3:6], raw[6:9], raw[9:]))


def form_code(rng: Random) -> str:
    """The code in the corner of a form, of both catalogues."""
    return f"{rng.randint(1, 55):02}/{rng.choice(_FORMS)}"


def identifier(rng: Random) -> str:
    """A number that stands for a person, a stay, a paper or a shelf."""
    return _drawn(rng, _IDENTIFIERS)


def _old_card(rng: Random) -> str:
    return digits(rng, 9)


def _admission(rng: Random) -> str:
    return f"{rng.randint(5, 26):02}{rng.choice(('.', '.', '', '-', '/'))}{digits(rng, 6)}"


def _of_the_year(rng: Random) -> str:
    return f"{digits(rng, rng.randint(2, 5))}/{rng.choice(('', '20'))}{rng.randint(5, 26):02}"


def _lettered(rng: Random) -> str:
    return rng.choice(_SERIES) + rng.choice(("", ".", "-")) + digits(rng, rng.randint(5, 10))


def _medical_code(rng: Random) -> str:
    return f"{rng.randint(1, 96):02}/{digits(rng, 3)}/{rng.randint(5, 26):02}/{digits(rng, 6)}"


def _starred(rng: Random) -> str:
    return f"*{digits(rng, rng.randint(6, 12))}*"


def _plain(rng: Random) -> str:
    return digits(rng, rng.choice((4, 6, 7, 8, 10, 13, 14)))


def _decision(rng: Random) -> str:
    return f"{rng.randint(1, 2999)}/{rng.choice(('', f'20{rng.randint(5, 26):02}/'))}{rng.choice(_OFFICES)}"


def _passport(rng: Random) -> str:
    return rng.choice("BCEKNP") + digits(rng, rng.choice((7, 8)))


def _shelf(rng: Random) -> str:
    return f"{rng.choice('ABCDEFGHK')}{rng.randint(1, 30)}.{rng.randint(1, 40):02}.{rng.randint(1, 99):02}"


_IDENTIFIERS: Mapping[Callable[[Random], str], int] = {
    citizen: 20, _old_card: 8, insurance: 20, _admission: 12, _of_the_year: 6, _lettered: 6, _medical_code: 4, _starred: 3,
    _plain: 6, _decision: 4, _passport: 3, form_code: 4, phone: 5, _shelf: 2,
}  # fmt: skip


def boxed(rng: Random) -> str:
    """Digits and letters that stand one per box."""
    return _drawn(rng, _BOXED).replace(" ", "").replace("-", "")


def _few(rng: Random) -> str:
    return digits(rng, rng.choice((2, 3, 4, 6, 8, 10)))


def _birth(rng: Random) -> str:
    return f"{rng.randint(1, 31):02}{rng.randint(1, 12):02}{rng.randint(1930, 2026)}"


def _icd_boxes(rng: Random) -> str:
    return rng.choice("ABCDEGHIJKLMNOPRSTZ") + digits(rng, 3)


def _ticked(rng: Random) -> str:
    return rng.choice("Xx12v")


_BOXED: Mapping[Callable[[Random], str], int] = {citizen: 20, insurance: 16, _few: 24, _birth: 12, _icd_boxes: 10, _ticked: 6}
