"""Random Vietnamese syllables by the rules of the spelling, so that a reader must look at each mark and cannot guess.

A syllable is an onset, a rhyme and a tone. The bare letters are drawn first and the hat and tone second: `thong`, `thông`,
`thống` and `thòng` are equally likely, whatever the language prefers. Spelling: c/k/q, g/gh and ng/ngh by the vowel; `oa`, `oe`,
`uy` carry the tone on the first letter in the old style (hòa) and on the second in the new (hoà); after p, t, c, ch only sắc and
nặng sound.
"""

from __future__ import annotations

import unicodedata
from random import Random

from domain.text import nfc


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ONSETS = ("", *_listed("b c ch d đ g gi h kh l m n ng nh ph r s t th tr v x p"))
RHYMES = _listed(
    """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm
    ên ênh êp êt êu i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot oong ô ôc ôi ôm
    ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt ư ưc ưi ưm ưng ưt ưu ưa ươc ươi
    ươm ươn ương ươp ươt ươu y oa oac oach oai oan oang oanh oat oay oăc oăm oăn oăng oăt oe oen oeo oet uân uâng uât
    uây uê uêch uênh uy uya uych uyên uyêt uynh uyt uyu uơ""",
)
_NO_TONE, _GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
TONES = (_NO_TONE, _GRAVE, _HOOK, _TILDE, _ACUTE, _DOT)
_STOPPED = (_ACUTE, _DOT)
_SPLIT_STYLE = ("oa", "oe", "uy")
_GLIDES = {"oa", "oă", "oe", "uâ", "uê", "uy", "uơ"}
_GLIDES_SPARED = 0.5  # a quarter of all rhymes glide, of the words on paper far fewer
_HATTED = "ăâêôơư"
_VOWELS = "aeiouy" + _HATTED
_FOREIGN_ONSETS = _listed("b br c cl d dr f fl g gl h j k kl l m n p pr ph q r s st t tr v w x z th")
_FOREIGN_VOWELS = _listed("a e i o u y a e i o ae eu io ia")
_FOREIGN_CODAS = ("", "", "", *_listed("n l r m x s c f t d b"))
_FOREIGN_ENDS = _listed(
    "in ol on am at id il an ic ium ate ine one zole xin cillin mycin pril sartan statin dipin floxacin lac fen"
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
    group = rng.choice(_GROUPS)
    if _glides(group[0]) and rng.random() < _GLIDES_SPARED:
        group = rng.choice(_GROUPS)
    rhyme = rng.choice(group)
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
    if onset == "c" and _glides(rhyme):
        return "qu" + _toned(rhyme[1:], tone, new_style=new_style)
    if onset == "gi" and rhyme[0] == "i":
        return "g" + _toned(rhyme, tone, new_style=new_style)
    if onset == "" and rhyme[0] == "i" and len(rhyme) > 1 and rhyme[1] == "ê":
        rhyme = "y" + rhyme[1:]
    if rhyme[0] in "ieêy":
        onset = {"c": "k", "g": "gh", "ng": "ngh"}.get(onset, onset)
    return onset + _toned(rhyme, tone, new_style=new_style)


def _glides(rhyme: str) -> bool:
    return rhyme[:2] in _GLIDES


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
