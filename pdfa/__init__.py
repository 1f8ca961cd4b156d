"""Bind: pages, words and facts become one PDF/A-2u, and an independent judge says whether it is one.

Doors: `bind.bind` puts scanned pages and their words together; `convert.convert` turns a PDF that has text or vectors of its
own into an archival one; `validator.Validator` is the judge, by `verapdf` or `pikepdf_check`; `step` is what the belt calls.
What a file says of itself is a `record`, made of what is known by `recorded`, written by `xmp` and drawn on the page by `mark`.
Everything here takes values and files; nothing asks the clock, so the same input gives the same bytes.
"""
