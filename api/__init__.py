"""The doors for people and machines: HTTP, the seven screens, and what the doctors' agents ask.

`app.py` makes the application from what it is handed (`services.py`); `desk.py` is what every request works with: the person,
their rights, the store, the language. `screens/` holds one file per screen, `machine/` the JSON under `/api/v1`, `views/` turns
stored values into what a screen shows. `problems.py` is the one place that knows status codes.
"""
