"""`luuky verify FILE.pdf…`: judge the signatures of PDF files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import console, environment, exits
from domain.errors import Message, Refused
from domain.signatures import FileVerdict, Verdict
from pipeline import wiring_judges
from pipeline.reporting import write_report
from pipeline.verifying import Verifier
from signing.trust import TrustList, load_trust
from signing.wording import in_full

STATUS = {
    Verdict.PASSED: exits.DONE,
    Verdict.FAILED: exits.BAD,
    Verdict.UNDETERMINED: exits.UNDETERMINED,
    Verdict.UNSIGNED: exits.UNDETERMINED,
    Verdict.UNREADABLE: exits.REFUSED,
}


def verify(
    files: Annotated[list[Path], typer.Argument(help="PDF files.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False,
    trust: Annotated[
        Path | None, typer.Option(help="A folder of PEM or DER roots: only those are trusted, and no register.")
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Ask the authorities about revocation.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write a full report, PDF/A; of several files, one each into this folder.")
    ] = None,
) -> int:
    """Judge each file by the worst of its signatures."""
    only = None if trust is None else _only(trust)
    verifier = wiring_judges.verifier_for(environment.with_judge(environment.settings()), only, online=online)
    verdicts = [_judge(verifier, path) for path in files]
    reports = [verifier.report(path, verdict) for path, verdict in zip(files, verdicts, strict=True)]
    if as_json:
        console.print_json([{**one.as_json(), "report": more} for one, more in zip(verdicts, reports, strict=True)])
    else:
        for verdict in verdicts:
            console.out.print(f"{verdict.file}", markup=False)
            for language in ("vi", "en"):
                console.out.print("".join(f"  {one}\n" for one in in_full(verdict, language)), markup=False)
    if report is not None:
        _write(report, verdicts, reports)
    return exits.of_several(STATUS[verdict.verdict] for verdict in verdicts)


def _only(folder: Path) -> TrustList:
    """What a folder says is trusted. Raises Refused `trust_folder` for one without a root, `trust` for files that are none."""
    if folder.is_file():
        raise _no_roots(folder, "là tệp, không phải thư mục", "is a file, no folder")
    if not folder.is_dir():
        raise _no_roots(folder, "không có", "is not there")
    found = load_trust(folder)
    if found.others and not found.roots:
        raise _no_roots(folder, "chỉ có chứng thư trung gian, không có chứng thư gốc", "holds intermediates only and no root")
    if not found.roots:
        raise _no_roots(folder, "không chứa chứng thư nào", "holds no certificate")
    return found


def _no_roots(folder: Path, vi: str, en: str) -> Refused:
    return Refused(
        "trust_folder",
        f"Thư mục nêu ở --trust {vi}: {folder}. Chưa kiểm tra tệp nào. Nêu thư mục chứa chứng thư gốc (.pem, .crt, .cer, .der), "
        "hoặc bỏ --trust để dùng danh sách tin cậy của Lưu Ký.",
        f"The folder that --trust names {en}: {folder}. Nothing was judged. Name the folder that holds the roots (.pem, .crt, "
        ".cer, .der), or leave --trust out to use the trust list of Lưu Ký.",
    )


def _judge(verifier: Verifier, path: Path) -> FileVerdict:
    if not path.is_file():
        console.tell(Message("no_file", "Không thấy tệp này.", "There is no such file."), str(path))
        return FileVerdict(str(path), None, Verdict.UNREADABLE)
    return verifier.file(path)


def _write(place: Path, verdicts: list[FileVerdict], reports: list[dict[str, Any]]) -> None:
    """One report at `place`; of several files, or where it is a folder, `NAME-kiem-tra.pdf` in it. Raises Refused."""
    single = len(verdicts) == 1 and not place.is_dir()
    names: Counter[str] = Counter()
    try:
        if not single:
            place.mkdir(parents=True, exist_ok=True)
        for verdict, report in zip(verdicts, reports, strict=True):
            stem = Path(verdict.file).stem
            names[stem] += 1  # files of different folders may bear the same name: none takes the place of another
            again = f"-{names[stem]}" if names[stem] > 1 else ""
            write_report(verdict, report, place if single else place / f"{stem}-kiem-tra{again}.pdf")
    except OSError as error:
        raise Refused(
            "report",
            f"Không ghi được báo cáo vào {place}. Chọn nơi khác, hoặc kiểm tra quyền ghi và chỗ trống của đĩa.",
            f"The report cannot be written to {place}. Choose another place, or check write permission and free space.",
        ) from error
