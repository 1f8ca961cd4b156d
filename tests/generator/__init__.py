"""Draws invented Vietnamese hospital papers, damages them as scanners do, writes them to files: pages whose every word is known.

Everything is made from a seed: the same seed gives the same persons, the same pages and (fonts being equal) the same bytes.
No person, number or chart is real.

    from random import Random
    from tests.generator import damage, files, forms, hostile, people

    rng = Random(7)
    person = people.invent(rng)                         # Person with .stays; `people.invent_many(rng, 50)` for an index
    form = forms.giay_ra_vien(person, person.stays[0], rng)    # or forms.ALL["to_dieu_tri"](…); forms.any_form(rng, person)
    form.title, form.code, form.fields                  # "Giấy ra viện", "01/BV-01" or None, {"ho_ten": …, "so_cccd": …}
    pages = form.pages(dpi=300, font="Noto Serif")      # list[Page]: .image (PIL "RGB"), .words (tuple[Printed]), .text, .dpi
    page = damage.skewed(pages[0], 1.4)                 # Page -> Page, boxes follow; also turned, grey, bitonal, noisy, faint,
                                                        # stamped, shaded, photographed; damage.ordinary(page, rng), damage.bad
    files.jpeg(page, path, quality=75)                  # one page: jpeg, png, webp, tiff_g4
    files.pdf(pages, path)                              # many pages: pdf (pictures only, JPEG or G4), tiff (g4 or jpeg)
    files.born_digital(form, path)                      # a PDF with real text in it, no picture
    hostile.MAKERS["encrypted"](path)                   # files no scanner made: see hostile.MAKERS for all names
    people.write_patients(persons, path); people.write_stays(persons, path)      # CSV as `luuky patients import` takes it

`python -m tests.generator OUT_DIR --seed N --documents N` writes a folder of scans with `patients.csv`, `stays.csv` and, beside
each scan, its truth as `NAME.json` (kind, fields, words with boxes).
"""
