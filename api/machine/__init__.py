"""JSON under `/api/v1`: `documents.py` and `search.py` for people's programs, `agent.py` for the doctors' agents, `events.py`."""
