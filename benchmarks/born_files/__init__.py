"""Invented PDF files of every producer at hand, for `benchmarks.born`: what a hospital's programs print, and what goes wrong.

`producers.py` lists them; each makes its files in a folder of its own, from `papers.py` (the texts) or from files made before.
A producer whose program is not installed makes none.
"""
