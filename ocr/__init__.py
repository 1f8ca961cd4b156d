"""Reads pages: straightens each page image, cleans a copy of it, recognises its words and says how good the scan is.

Doors: `read.py` (`read_page`: one picture in, one reading out), `preview.py` (the upright picture for screens), `fingerprint.py`
(the identity of a page's result), `step.py` (the belt's beat, page by page), `correct.py` (a person corrects words).
`engine.py` says what a recogniser is;
`recogniser.py` is our own (lines found by `lines.py`, read by the networks in `models/`), `tesseract.py` is another, `fusion.py`
both together. The picture that is kept is never changed: only the copy that is read.
"""
