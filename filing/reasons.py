"""Why a person is asked, in both languages. No sentence holds a patient's data."""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import Message

NO_NAME = Message("no_name", "Không đọc được họ tên người bệnh trên giấy.", "No patient name could be read on the paper.")
NO_CANDIDATE = Message(
    "no_candidate",
    "Không có ai trong danh mục người bệnh khớp với giấy này. Hãy kiểm tra họ tên, số giấy tờ hoặc nhập thêm người bệnh.",
    "Nobody in the patient index fits this paper. Check name and numbers, or add the patient.",
)
NAME_ONLY = Message(
    "name_only",
    "Chỉ có họ tên giống; không có số giấy tờ nào khớp. Hãy so sánh rồi xác nhận.",
    "Only the name is alike; no identifier agrees. Compare, then confirm.",
)
NAMESAKES = Message(
    "namesakes",
    "Có nhiều người bệnh trùng họ tên. Hãy chọn đúng người.",
    "Several patients bear this name. Choose the right one.",
)
IDENTIFIER_DIFFERS = Message(
    "identifier_differs",
    "Một số giấy tờ trên giấy khác với danh mục; có thể đọc nhầm chữ số hoặc là người khác.",
    "An identifier on the paper differs from the index: a misread digit, or another person.",
)
IDENTIFIER_SHARED = Message(
    "identifier_shared",
    "Có người khác trong danh mục mang cùng số giấy tờ này. Hãy chọn đúng người và sửa danh mục.",
    "Another patient of the index has the same identifier. Choose the right one and correct the index.",
)
CONFLICT = Message(
    "conflict",
    "Các số trên giấy thuộc về những người bệnh khác nhau trong danh mục.",
    "The numbers on the paper belong to different patients of the index.",
)
RULED_NUMBER = Message(
    "ruled_number",
    "Số giấy tờ khớp nhưng đọc không rõ, phải đọc lại theo quy tắc của số; không có ngày sinh xác nhận. Hãy so với ảnh quét.",
    "The identifier that agrees was unclear and read again by its rule; no date of birth confirms it. Compare with the scan.",
)
NAME_DIFFERS = Message(
    "name_differs",
    "Số giấy tờ khớp nhưng họ tên khác. Hãy kiểm tra đây có phải cùng một người.",
    "An identifier agrees but the name differs. Check whether it is the same person.",
)
BIRTH_DIFFERS = Message(
    "birth_differs", "Ngày sinh trên giấy khác với danh mục.", "The date of birth on the paper differs from the index."
)
SEX_DIFFERS = Message("sex_differs", "Giới tính trên giấy khác với danh mục.", "The sex on the paper differs from the index.")
NEWBORN = Message(
    "newborn",
    "Giấy của trẻ sơ sinh ghi theo tên mẹ. Hãy chọn hồ sơ của trẻ, không phải của mẹ.",
    "A newborn's paper that bears the mother's name. Choose the child's record, not the mother's.",
)
KIND_UNKNOWN = Message(
    "kind_unknown", "Không nhận ra loại giấy tờ. Hãy chọn loại.", "The kind of paper was not recognised. Choose the kind."
)
HANDWRITTEN = Message(
    "handwritten",
    "Họ tên hoặc số giấy tờ viết tay; máy đọc chữ viết tay chưa chắc. Hãy so sánh với ảnh rồi xác nhận.",
    "The name or an identifier is handwritten, which is not read with certainty. Compare with the picture, then confirm.",
)

NOT_IN_INDEX = Message(
    "not_in_index",
    "Người duyệt xác nhận danh mục chưa có người bệnh này. Giấy chờ đến khi nhập thêm người bệnh.",
    "A person confirmed that the index lacks this patient. The paper waits until the patient is imported.",
)
TAKEN_BACK = Message("taken_back", "Đã hoàn tác; hãy duyệt lại.", "Taken back; decide again.")
PAGES_CAME_IN = Message(
    "pages_came_in",
    "Có trang mới được đưa vào sau khi đã xác nhận người bệnh hoặc sửa thông tin. Hãy xem các trang rồi xác nhận lại.",
    "Pages came in after the patient was confirmed or facts were corrected. Look at the pages, then confirm again.",
)
PAGES_WENT = Message(
    "pages_went",
    "Một số trang đã được lấy ra; các trang còn lại chưa đủ để chắc chắn là của người bệnh đã xác nhận. Hãy xác nhận lại.",
    "Pages were taken out; what is left does not prove the patient who was confirmed. Confirm again.",
)
CONFIRMED_BEFORE = Message(
    "confirmed_before",
    "Một người đã xác nhận người bệnh trước khi xếp lại trang; các trang còn lại không có gì khác.",
    "A person confirmed the patient before the pages were arranged; nothing on them says otherwise.",
)

_FACTS = {
    "citizen_id": ("số CCCD/CMND", "citizen number"),
    "insurance_id": ("số thẻ BHYT", "insurance number"),
    "record_number": ("mã người bệnh", "patient code"),
    "admission_number": ("số vào viện", "admission number"),
    "archive_number": ("số lưu trữ", "archive number"),
}


def linked(facts: Iterable[str]) -> Message:
    """On what a document was linked without a person."""
    names = [_FACTS[fact] for fact in facts]
    vi, en = (", ".join(name[side] for name in names) for side in (0, 1))
    return Message("linked", f"Khớp họ tên và {vi}.", f"Name and {en} agree.")
