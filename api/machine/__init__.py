"""JSON under `/api/v1`: `documents.py`, `words.py` and `search.py` for people's programs, `agent.py` for the doctors' agents."""
