"""The shapes of the numbers that name a person, and of days: what can be checked without asking anybody.

Citizen number (NĐ 137/2015, TT 07/2016/TT-BCA): `PPP G YY NNNNNN`: place, century and sex (0, 1: 1900s man, woman; 2, 3: 2000s;
and so on), two digits of the birth year, serial. It has no check digit; before it, identity cards had 9 digits.
Insurance card (QĐ 1351/QĐ-BHXH): two letters, level 1-5, province, and the ten digits of the insured; since 01/04/2021 those ten
digits alone.
"""

from __future__ import annotations

import re

CITIZEN_SHAPE, OLD_CITIZEN_SHAPE = re.compile(r"\d{12}"), re.compile(r"\d{9}")
CARD_SHAPE, INSURED_SHAPE = re.compile(r"[A-Z]{2}[1-5]\d{12}"), re.compile(r"\d{10}")
LAST_PROVINCE = 96
"""Citizen numbers begin with 001 to this; other places are births abroad."""
GROUPS = frozenset({
    "DN", "HX", "CH", "NN", "TK", "HC", "XK", "HT", "TB", "NO", "CT", "XB", "TN", "CS", "QN", "CA", "CY", "XN", "MS", "CC",
    "CK", "CB", "KC", "HD", "TE", "BT", "HN", "DT", "DK", "XD", "TS", "TC", "TQ", "TA", "TY", "HG", "LS", "PV", "CN", "HS",
    "SV", "GB", "GD", "LH",
})  # fmt: skip
"""The groups of insured persons that begin a card's number. New ones appear: a soft check only."""
EARLIEST, LATEST = 1850, 2100
"""Years of dates on a hospital's papers."""


def of_a_province(citizen_id: str) -> bool:
    """Whether a 12-digit number begins with a province of Vietnam; else a birth abroad, or a misread digit."""
    return 1 <= int(citizen_id[:3]) <= LAST_PROVINCE
