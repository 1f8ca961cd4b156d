"""What the recogniser can write: one class of its output per character."""

from __future__ import annotations

_OF_THE_FIRST_MODEL = (
    "&1#@'()+,-./023456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz<>ÀÁ"
    "ÂÃÇÈÉÊÌÍÒÓÔÕÙÚÝàáâãçèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂể"
    "ỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ’“”;*$% "
)
_ADDED = '=!?"[]°²³±×µ≥≤–→•☐|^~…☑Ø½äöüÖÜαβγδ‰‘√§♀♂⁺⁻⁹'

CHARACTERS: tuple[str, ...] = (*_OF_THE_FIRST_MODEL, *_ADDED)
"""Class n of the network is `CHARACTERS[n - 1]`; class 0 is CTC's blank. The order is that of the weights: new
ones go to the end.

The first 222 (`trueocr` 0.1.1, Apache-2.0) hold every Vietnamese letter in both cases, the last of them the space; the others
are what hospital forms need besides: units, comparisons, check boxes, Greek letters, isotopes, names of foreign persons."""

_KNOWN = frozenset(CHARACTERS)


def capitals(text: str) -> str:
    """The text in capital letters, but for letters whose capital the recogniser cannot write (`µ`, `β`)."""
    return "".join(char.upper() if char.upper() in _KNOWN else char for char in text)
