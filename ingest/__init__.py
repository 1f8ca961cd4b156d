"""Accepts files: looks at what arrived, refuses what cannot be taken, keeps the original and cuts it into pages.

Doors: `inspect.py` (is this a file we can take, and of what nature), `pages.py` (one picture a page, the scanner's own bytes
where the file allows), `trailer.py` (has the whole file arrived), `accept.py` (keep it and begin its story), `step.py` (the
belt's beat). Everything is decided by content, never by a file's name. `inspect` and `pages` need no storage.
"""
