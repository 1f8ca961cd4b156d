"""JSON under `/api/v1`: `agent.py` for the doctors' agents, all else for people's programs."""
