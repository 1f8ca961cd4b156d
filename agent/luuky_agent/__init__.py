"""The desk: runs on the doctor's computer, shows what will be signed, asks for the PIN, signs with the token, opens no port.

`main.py` is the command, `window.py` the window; both drive `batch.py`, which fetches a job (`server.py`), checks every document
against what is to be signed (`checking.py`), and signs it through a token that lives in a process of its own (`token.py`,
`token_process.py`).
"""
