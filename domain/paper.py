"""Sheets of paper, in inches, shorter side first (ISO 216)."""

A3, A4, A5 = (11.69, 16.54), (8.27, 11.69), (5.83, 8.27)
