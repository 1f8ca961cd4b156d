"""How the recogniser learns: made-up hospital lines are written, drawn, damaged and read until the network reads them right.

Nothing here is needed to read a page; it is here so that anyone can train the recogniser anew, or on with a hospital's
own corrections.
"""
