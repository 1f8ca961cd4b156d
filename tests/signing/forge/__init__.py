"""Signed files of every kind, good, bad and attacked, made in memory: an authority of its own (`authority.py`), what signs a PDF
with it (`signed.py`), what is done to signed files (`attacks.py`) and the list of all (`cases.py`).

Every name is invented. The files are made anew at each run, days and years before the present, and are no fixtures.
"""
