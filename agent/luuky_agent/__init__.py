"""The desk: runs on the doctor's computer, shows what will be signed, asks for the PIN, signs with the token, opens no port.

`main.py` is the command, `window.py` the window (`listing.py`, `sheet.py`, `side.py`; `painter.py` draws the pages, `pace.py`
pauses); both drive `batch.py`, which fetches a job (`server.py`, `job.py`), checks every document against what is to be signed
(`checking.py`), and signs it. Keys (`keys.py` is the idea) are found by their certificate (`drawer.py`); tokens live in processes
of their own (`token.py`, `token_process.py`). `outbox.py` keeps what was signed until the server has it.
"""
