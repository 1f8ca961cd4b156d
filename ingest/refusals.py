"""Every reason for which a file is not taken, and every note about one that is, as sentences."""

from __future__ import annotations

from domain.errors import Message, Refused, Unreadable
from ingest.settings import IngestSettings


def empty() -> Unreadable:
    """No byte in it."""
    return Unreadable("empty", "Tệp rỗng. Hãy quét hoặc sao chép lại.", "The file is empty. Scan or copy it again.")


def truncated() -> Unreadable:
    """The end is missing."""
    return Unreadable(
        "truncated",
        "Tệp bị thiếu phần cuối, có thể sao chép chưa xong. Hãy sao chép hoặc quét lại.",
        "The end of the file is missing, it may have been copied half-way. Copy or scan it again.",
    )


def foreign() -> Unreadable:
    """Not a kind we read, whatever its name says."""
    return Unreadable(
        "foreign",
        "Nội dung tệp không phải PDF, TIFF, JPEG, PNG, HEIC, AVIF, WebP, JPEG 2000 hay BMP. Hãy quét lại hoặc lưu sang dạng PDF.",
        "The content is not PDF, TIFF, JPEG, PNG, HEIC, AVIF, WebP, JPEG 2000 or BMP. Scan it again or save it as PDF.",
    )


def broken() -> Unreadable:
    """Damaged beyond repair."""
    return Unreadable(
        "broken",
        "Tệp bị hỏng và không sửa được. Hãy quét lại.",
        "The file is damaged beyond repair. Scan it again.",
    )


def broken_page(number: int) -> Unreadable:
    """The same of one page: a document without it would be a lie."""
    return Unreadable(
        "broken_page",
        f"Ảnh của trang {number} bị hỏng và không sửa được; các trang khác chưa bị mất. Hãy quét lại trang này rồi làm lại tệp.",
        f"The picture of page {number} is damaged beyond repair, no other is lost. Scan this page again and make the file anew.",
    )


def rare_coding(kind: str) -> Refused:
    """Sound, as it seems, but of a coding that this program does not know."""
    return Refused(
        "rare_coding",
        f"Ảnh được nén theo một kiểu {kind} hiếm gặp, chương trình không đọc được. Hãy lưu lại thành JPEG hoặc PDF thông thường.",
        f"The picture is coded in a rare kind of {kind} that cannot be read. Save it as an ordinary JPEG, TIFF or PDF.",
    )


def deadly() -> Unreadable:
    """Ends or holds up for ever the process that opens it."""
    return Unreadable(
        "deadly",
        "Tệp làm chương trình mở nó dừng đột ngột hoặc chạy mãi không xong, nên không được nhận. Hãy quét hoặc xuất lại tệp.",
        "The file makes the program that opens it stop, or go on for ever, and is not taken. Scan it again, or export it again.",
    )


def deadly_page(number: int) -> Unreadable:
    """The same of one page: without its picture it cannot go into a document, and a document without it would be a lie."""
    return Unreadable(
        "deadly_page",
        f"Trang {number} làm chương trình mở nó dừng đột ngột hoặc chạy mãi không xong. Hãy quét lại trang này rồi làm lại tệp.",
        f"Page {number} makes the program that opens it stop, or go on for ever. Scan this page again, and make the file anew.",
    )


def no_pages() -> Unreadable:
    """Sound, but nothing in it."""
    return Unreadable("no_pages", "Tệp không có trang nào. Hãy quét lại.", "The file has no page. Scan it again.")


def animated() -> Refused:
    """A film, not a page."""
    return Refused(
        "animated",
        "Tệp là ảnh động nhiều khung hình. Hãy lưu từng trang thành ảnh riêng hoặc một tệp PDF.",
        "The picture is animated. Save each page as a picture of its own, or all in one PDF.",
    )


def encrypted() -> Refused:
    """Locked, be it against changes only: PDF/A forbids encryption, and unlocking it is for its owner to do."""
    return Refused(
        "encrypted",
        "Tệp PDF được khóa bằng mật khẩu. Hãy lưu lại một bản không khóa rồi đưa vào.",
        "The PDF is locked with a password. Save a copy without the lock and bring that.",
    )


def xfa() -> Refused:
    """A dynamic form."""
    return Refused(
        "xfa",
        "Tệp là biểu mẫu động (XFA), các trang chỉ hiện ra trong Adobe Reader. Hãy in ra PDF rồi đưa vào.",
        "The file is a dynamic form (XFA) whose pages only Adobe Reader shows. Print it to a PDF and bring that.",
    )


def too_large(settings: IngestSettings) -> Refused:
    """More bytes than allowed."""
    most = settings.most_bytes // 1_000_000
    return Refused(
        "too_large",
        f"Tệp lớn hơn giới hạn {most} MB. Hãy chia nhỏ hoặc quét với độ phân giải thấp hơn.",
        f"The file is larger than the limit of {most} MB. Split it or scan at a lower resolution.",
    )


def too_many_pages(settings: IngestSettings) -> Refused:
    """More pages than allowed."""
    return Refused(
        "too_many_pages",
        f"Tệp có nhiều hơn {settings.most_pages} trang. Hãy chia thành nhiều tệp.",
        f"The file has more than {settings.most_pages} pages. Split it into several files.",
    )


def bomb(settings: IngestSettings) -> Refused:
    """A picture or sheet whose pixels would fill the memory."""
    most = settings.most_pixels // 1_000_000
    return Refused(
        "bomb",
        f"Tệp có ảnh lớn hơn {most} triệu điểm ảnh. Hãy quét lại với độ phân giải thấp hơn.",
        f"The file holds a picture of more than {most} million pixels. Scan it again at a lower resolution.",
    )


def swollen(most: int) -> Refused:
    """Instructions or fonts that fill the memory once they are unpacked."""
    return Refused(
        "bomb",
        f"Tệp PDF có phần giải nén ra hơn {most // 1_000_000} MB. Hãy in tệp ra một PDF mới rồi đưa vào.",
        f"A part of the PDF is more than {most // 1_000_000} MB once it is unpacked. Print it to a new PDF and bring that.",
    )


def endless() -> Refused:
    """Drawing it would never end."""
    return Refused(
        "bomb",
        "Tệp PDF có hình lồng nhau vô tận nên không vẽ ra được. Hãy in tệp ra một PDF mới rồi đưa vào.",
        "The PDF has drawings within drawings without end and cannot be drawn. Print it to a new PDF and bring that.",
    )


def overpainted() -> Refused:
    """Drawing it would take many minutes."""
    return Refused(
        "bomb",
        "Tệp PDF có trang vẽ chồng quá nhiều ảnh lên nhau nên không vẽ ra được. Hãy lưu trang đó thành ảnh rồi đưa vào.",
        "A page of the PDF has too many pictures over one another to be drawn. Save that page as a picture and bring that.",
    )


REPAIRED = Message(
    "repaired",
    "Cấu trúc tệp PDF có lỗi và đã được đọc theo cách sửa lỗi; bản gốc giữ nguyên. Hãy kiểm tra đủ trang.",
    "The structure of the PDF is damaged and was read by repair; the original is kept. Check that no page is missing.",
)
LEFT_OVER = Message(
    "left_over",
    "Tệp TIFF có phần dữ liệu không thuộc trang nào; bản gốc giữ nguyên. Hãy kiểm tra đủ trang.",
    "The TIFF holds data that belongs to no page; the original is kept. Check that no page is missing.",
)
JAVASCRIPT = Message(
    "javascript",
    "Tệp PDF có chứa mã JavaScript; mã không được chạy và không được đưa vào bản lưu trữ.",
    "The PDF holds JavaScript; it was not run and does not go into the archived document.",
)
LAUNCH = Message(
    "launch",
    "Tệp PDF có lệnh mở chương trình khác; lệnh không được chạy và không được đưa vào bản lưu trữ.",
    "The PDF wants to start a program; it was not started and this does not go into the archived document.",
)
ATTACHMENTS = Message(
    "attachments",
    "Tệp PDF có tệp đính kèm; chúng không nằm trong bản lưu trữ. Khi đưa vào kho, mỗi tệp thành một tài liệu riêng.",
    "The PDF carries attached files; they do not go into the archived document. In the store each becomes a document of its own.",
)
SCANNER_TEXT = Message(
    "scanner_text",
    "Lớp chữ ẩn do máy quét tạo ra không được dùng; các trang được nhận dạng lại.",
    "The hidden text made by the scanner is not used; the pages are read anew.",
)
