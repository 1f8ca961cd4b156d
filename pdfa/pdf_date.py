"""Dates as PDF writes them."""

from __future__ import annotations

from datetime import datetime


def pdf_date(moment: datetime) -> str:
    """ISO 32000-1, 7.9.4."""
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
