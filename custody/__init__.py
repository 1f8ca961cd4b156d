"""Step 8, keep: fixity, retention, legal hold, destruction, archival packages, renewal.

For now: `step.py` writes a document's manifest (what it consists of, under which fingerprints) when its story ends well, and
`fixity.py` reads everything kept again and compares it with its fingerprint.
"""
