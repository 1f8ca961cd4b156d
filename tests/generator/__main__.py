"""`python -m tests.generator OUT_DIR --seed N --documents N`: a folder of invented scans with their truth and the index."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.generator import damage, files, forms, people
from tests.generator.draft import Form
from tests.generator.sheet import FONTS, Page

DAMAGES = {"clean": lambda page, _: page, "ordinary": damage.ordinary, "bad": damage.bad}


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--dpi", type=int, default=200)
    arguments = parser.parse_args()
    write_folder(arguments.out, Random(arguments.seed), arguments.documents, arguments.dpi)


def write_folder(out: Path, rng: Random, documents: int, dpi: int) -> None:
    """`documents` scans of persons with several papers each, `patients.csv`, `stays.csv`."""
    out.mkdir(parents=True, exist_ok=True)
    persons = people.invent_many(rng, max(3, documents // 3))
    for number in range(1, documents + 1):
        form = forms.any_form(rng, rng.choice(persons))
        level = rng.choice(tuple(DAMAGES))
        pages = [DAMAGES[level](page, rng) for page in form.pages(dpi, rng.choice(tuple(FONTS)))]
        path = _write(pages, out / f"{number:04d}_{form.slug}", rng)
        _write_truth(form, pages, path.with_suffix(".json"), level)
    people.write_patients(persons, out / "patients.csv")
    people.write_stays(persons, out / "stays.csv")


def _write(pages: Sequence[Page], stem: Path, rng: Random) -> Path:
    if len(pages) > 1 or rng.random() < 0.3:
        return files.pdf(pages, stem.with_suffix(".pdf"))
    if rng.random() < 0.2:
        return files.tiff([damage.bitonal(page) for page in pages], stem.with_suffix(".tif"))
    return files.jpeg(pages[0], stem.with_suffix(".jpg"))


def _write_truth(form: Form, pages: Sequence[Page], path: Path, level: str) -> None:
    truth = {
        "slug": form.slug, "title": form.title, "code": form.code, "patient_id": form.person.id, "level": level,
        "fields": form.fields,
        "pages": [{"text": page.text, "words": [{"text": w.text, "box": w.box} for w in page.words]} for page in pages],
    }  # fmt: skip
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
