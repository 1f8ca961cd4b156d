"""Step 6, sign: prepared fields, a signature whose key never leaves the doctor's token, timestamps, proof for decades.

Signing is two halves with a person between them. `prepare.py` opens a job for a doctor's agent: each document gets a revision
with an empty hole, and what is to be signed travels to the desk. `complete.py` takes the signature values back, checks them and
fills the holes (B-T), or `finish.py` does later, if no time stamp can be had at once. `desk.py` holds both halves in one hand for
the doors. `step.py` is what the belt calls: it makes the fields of a bound document and asks for signatures, and
proves signed documents for decades (B-LTA); `renew.py` puts the next time stamp on a proof before the last one ends.
`verify.py` judges any signed file, `wording.py` says the verdict in plain words.
Who makes the values, and how an approval waits, is `keys.py`; `providers.py` knows them by name: the seal in this server, and
signing services far away. Everything else is values in, values out: files, bytes and certificates, without any storage.
"""
