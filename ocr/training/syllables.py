"""Random Vietnamese syllables by the rules of the spelling, so that a reader must look at each mark and cannot guess.

A syllable is an onset, a rhyme and a tone. The bare letters are drawn first and the hat and tone second: `thuy`, `thuý`, `thuỷ` and
`thưy` are equally likely, whatever the language prefers. Spelling: c/k/q, g/gh and ng/ngh by the vowel; `oa`, `oe`, `uy` carry the
tone on the first letter in the old style (hòa) and on the second in the new (hoà); after p, t, c, ch only sắc and nặng sound.
"""

from __future__ import annotations

import unicodedata
from random import Random

from domain.text import nfc

ONSETS = tuple(" b c ch d đ g gi h kh l m n ng nh ph r s t th tr v x p".split(" "))
RHYMES = tuple(
    """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên ênh
    êp êt êu i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm
    ơn ơp ơt u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt ư ưc ưi ưm ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu y oa oac
    oach oai oan oang oanh oat oay oăc oăm oăn oăng oăt oe oen oeo oet uân uâng uât uây uê uêch uênh uy uya uych uyên uyêt uynh uyt
    uyu uơ""".split(),
)
_NO_TONE, _GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
TONES = (_NO_TONE, _GRAVE, _HOOK, _TILDE, _ACUTE, _DOT)
_STOPPED = (_ACUTE, _DOT)
_SPLIT_STYLE = ("oa", "oe", "uy")
_HATTED = "ăâêôơư"
_VOWELS = "aeiouy" + _HATTED
_FOREIGN_ONSETS = "b br c cl d dr f fl g gl h j k kl l m n p pr ph q r s st t tr v w x z th".split()
_FOREIGN_VOWELS = "a e i o u y a e i o ae eu io ia".split()
_FOREIGN_CODAS = ["", "", "", *"n l r m x s c f t d b".split()]
_FOREIGN_ENDS = (
    "in ol on am at id il an ic ium ate ine one zole xin cillin mycin pril sartan statin dipin floxacin lac fen".split()
)


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _groups() -> tuple[tuple[str, ...], ...]:
    groups: dict[str, list[str]] = {}
    for rhyme in RHYMES:
        groups.setdefault(_bare(rhyme), []).append(rhyme)
    return tuple(tuple(group) for group in groups.values())


_GROUPS = _groups()


def syllable(rng: Random) -> str:
    """One syllable in small letters, by the rules."""
    rhyme = rng.choice(rng.choice(_GROUPS))
    tones = _STOPPED if rhyme.endswith(("c", "ch", "p", "t")) else TONES
    return spell(rng.choice(ONSETS), rhyme, rng.choice(tones), new_style=rng.random() < 0.35)


def odd_syllable(rng: Random) -> str:
    """One that can be said but that the rules do not allow: any tone on any rhyme, any onset spelled as it is."""
    rhyme = rng.choice(RHYMES)
    return rng.choice(ONSETS) + _toned(rhyme, rng.choice(TONES), new_style=rng.random() < 0.5)


def foreign(rng: Random) -> str:
    """A word shaped like the international names of drugs and persons, in small letters."""
    parts = [
        rng.choice(_FOREIGN_ONSETS) + rng.choice(_FOREIGN_VOWELS) + rng.choice(_FOREIGN_CODAS)
        for _ in range(rng.choice((1, 1, 2)))
    ]
    return "".join(parts) + rng.choice(_FOREIGN_ENDS)


def spell(onset: str, rhyme: str, tone: str, *, new_style: bool) -> str:
    """Put the parts together as the spelling wants them; `tone` is a combining mark or empty. The result is NFC."""
    gliding = len(rhyme) > 1 and rhyme[0] in "ou" and (rhyme[:2] in {"oa", "oă", "oe", "uâ", "uê", "uy", "uơ"})
    if onset == "c" and gliding:
        return "qu" + _toned(rhyme[1:], tone, new_style=new_style)
    if onset == "gi" and rhyme[0] == "i":
        return "g" + _toned(rhyme, tone, new_style=new_style)
    if onset == "" and rhyme[0] == "i" and len(rhyme) > 1 and rhyme[1] == "ê":
        rhyme = "y" + rhyme[1:]
    if rhyme[0] in "ieêy":
        onset = {"c": "k", "g": "gh", "ng": "ngh"}.get(onset, onset)
    return onset + _toned(rhyme, tone, new_style=new_style)


def _toned(rhyme: str, tone: str, *, new_style: bool) -> str:
    at = _bearer(rhyme, new_style=new_style)
    return nfc(rhyme[: at + 1] + tone + rhyme[at + 1 :])


def _bearer(rhyme: str, *, new_style: bool) -> int:
    """Which letter of the rhyme carries the tone."""
    hatted = [at for at, char in enumerate(rhyme) if char in _HATTED]
    if hatted:
        return hatted[-1]
    vowels = [at for at, char in enumerate(rhyme) if char in _VOWELS]
    if len(vowels) < len(rhyme):
        return vowels[-1]
    return 1 if len(vowels) == 3 or (new_style and rhyme in _SPLIT_STYLE) else 0
