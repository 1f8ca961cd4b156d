"""The real servers tests run against, each in its own temporary folder on free ports, gone when the tests are.

`server.py` is what they share; `postgresql.py`, `elasticsearch.py` and `rabbitmq.py` know one server each; `fixtures.py` hands
them to pytest, one per session; `fetch` downloads what no distribution packages.
"""
