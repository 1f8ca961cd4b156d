"""Step 1, notice: a scan has landed in a watched folder and is complete.

`watcher.py` looks at once on an event, and every few seconds, because network shares send no events; `claim.py` takes a file
exactly once across processes and lays aside, in a visible place, what is not wanted; `settings.py` reads the profiles.
"""
