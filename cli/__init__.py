"""The command `luuky …`: a door like `api`. `main.py` maps each command to the function that does it."""
