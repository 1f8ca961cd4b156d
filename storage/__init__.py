"""The memory: database, object store, audit log, outbox, migrations.

Start with `store.py`: a `Store` hands out reading and writing transactions, and a `Transaction` offers the repositories
(`documents`, `pages`, `patients`, `people`, `signing`, `audit`, `events`, `outbox`, `batches`). `objects.py` keeps bytes under
their SHA-256. A move of a document, its audit entry, its event and its outbox row are one transaction (`documents.py: move`).
"""
