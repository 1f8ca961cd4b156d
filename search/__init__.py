"""Find: keep the index of all pages and answer questions, within the asker's rights.

`index.py` is the idea; `tantivy.py` (embedded) and `elastic.py` (a cluster) are the tools. Both take the same words
(`analysis.py`), hold the same entries (`entries.py`) and answer the same conditions (`conditions.py`, `asking.py`), so that they
agree to the last page. `pages_of.py` makes what is indexed from what was read and filed; `hits.py` finds the matches on a page.
"""
