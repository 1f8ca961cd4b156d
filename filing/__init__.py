"""Room 4, file: what kind of document this is, and whose.

`step.py` is what the belt calls, `review.py` what a person does where the belt is not certain, `arrange.py` how people put pages
together (`arranged.py` writes it, `carried.py` says what stays known). Everything else is values in,
values out: `examine.py` is the whole of it on a reading, the kind (`kinds.py`), the facts by label (`fields.py`) and what gives
pause (`people.py`); `matching.py` compares facts with the patient index and decides; `lookup.py` says what to ask the index for;
`patient_files.py` reads the hospital's own lists of patients and stays.
"""
