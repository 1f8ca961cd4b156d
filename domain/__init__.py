"""The words: what a document, a page, a patient link and a signature are.

Plain values, standard library only. Every other package speaks in these words; none of them knows a database, a file or a tool.
Start with `documents.py` (the story of a document), then `pages.py` (what was read) and `findings.py` (what it means).
"""
