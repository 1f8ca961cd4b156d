"""The order: carries a document along the belt. The only package that knows which step follows which.

`flow.py` is the table of steps; `steps.py` runs one of them in three beats; `retries.py` says how an error is answered;
`relay.py` hands work to the queue after the commit; `dispatcher.py` is the one process that relays, sweeps, indexes and seals;
`worker.py` and `wiring.py` choose the tools; `belt.py` carries documents inside one process when nothing else runs.
"""
