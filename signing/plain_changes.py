"""What was changed in a file after a signature, in plain words: rule 7, what the library's comparison of revisions says of it."""

from __future__ import annotations

from typing import Final

from signing.plain_rows import FAILED, OPEN, PASSED, Rows

_CHANGED = ("Sau chữ ký này, tệp bị thêm hoặc sửa nội dung.", "After this signature something was added to the file or changed.")
_PAGES = (
    "Sau chữ ký này, có trang bị thêm, bớt, thay hoặc đổi thứ tự.",
    "After this signature pages were added, taken out, replaced or put in another order.",
)
_SHOWN = (
    "Sau chữ ký này, chữ hoặc hình trên trang bị thay hoặc bị vẽ thêm.",
    "After this signature words or pictures on a page were replaced, or something was painted over them.",
)
_MOVED = (
    "Sau chữ ký này, một ô hoặc một chú thích trên trang bị dời chỗ hay đổi kích thước.",
    "After this signature a field or an annotation was moved on its page, or made larger or smaller.",
)
_NOTES = (
    "Sau chữ ký này, có chú thích bị thêm hoặc bị xóa trên trang.",
    "After this signature annotations were added to a page or deleted.",
)
_FREED = ("Sau chữ ký này, một phần của tệp bị xóa.", "After this signature a part of the file was deleted.")
_METADATA = (
    "Sau chữ ký này, phần mô tả của tệp (metadata) bị sửa.",
    "After this signature the metadata of the file was changed.",
)
_FIELDS = (
    "Sau chữ ký này, có ô của biểu mẫu bị thêm hoặc bị xóa.",
    "After this signature fields of the form were added or deleted.",
)
_EVIDENCE = (
    "Sau chữ ký này, phần chứa bằng chứng (DSS) bị sửa hoặc có thứ lạ.",
    "After this signature the part that holds evidence (DSS) was changed, or something foreign was put there.",
)
CHANGES: Final[Rows] = (
    (
        PASSED,
        "NONE",
        "Sau chữ ký này tệp không thay đổi gì.",
        "Nothing was added to the file after this signature.",
    ),
    (
        PASSED,
        "LTA_UPDATES",
        "Sau chữ ký này, nội dung không thay đổi: chỉ thêm bằng chứng, dấu thời gian hoặc giờ lưu tệp.",
        "The content did not change after this signature: only evidence, timestamps or the time of saving were added.",
    ),
    (
        PASSED,
        "FORM_FILLING",
        "Sau chữ ký này, chỉ thêm chữ ký, bằng chứng, dấu thời gian hoặc điền vào ô mà người ký cho phép điền.",
        "After this signature came only signatures, evidence, timestamps, or what the signer allowed to be filled in.",
    ),
    (
        PASSED,
        ".*",
        "Sau chữ ký này chỉ có những thay đổi mà người ký cho phép.",
        "After this signature came only changes that the signer allows.",
    ),
    (
        FAILED,
        "filled in: (?P<fields>.*)",
        "Sau chữ ký này, ô của biểu mẫu bị điền khi không được phép, hoặc hiện ra khác với điều đã điền: “{fields}”.",
        "After this signature a field was filled in without permission, or shows what is not its value: “{fields}”.",
    ),
    (
        OPEN,
        "filled in: (?P<fields>.*)",
        "Sau chữ ký này, ô của biểu mẫu được điền như đã cho phép, nhưng chưa biết chữ hiện ra có đúng điều đã điền: “{fields}”.",
        "After this signature a field was filled in as was allowed, but whether it shows its value cannot be told: “{fields}”.",
    ),
    *(
        (
            verdict,
            "what came after the signature cannot be read",
            "Phần thêm vào sau chữ ký này không đọc được, nên không biết nó thay đổi những gì.",
            "What came after this signature cannot be read, so that nobody knows what it changes.",
        )
        for verdict in (FAILED, OPEN)
    ),
    (
        FAILED,
        "suspicious: All fields are to be drawn anew",
        "Sau chữ ký này, tệp bắt phần mềm đọc vẽ lại mọi ô của biểu mẫu, nên chữ hiện ra có thể khác lúc ký.",
        "After this signature viewers are told to draw all fields anew, so that they may not show what the signer saw.",
    ),
    (
        FAILED,
        "suspicious: Fonts of the form are others.*",
        "Sau chữ ký này, phông chữ của biểu mẫu bị thay, nên chữ hiện ra có thể khác lúc ký.",
        "After this signature fonts of the form were replaced, so that they may not show what the signer saw.",
    ),
    (
        FAILED,
        "suspicious: Field (?P<field>.*) was hidden",
        "Sau chữ ký này, ô “{field}” bị làm hiện ra; lúc ký nó bị ẩn, người ký không thấy.",
        "After this signature the field “{field}” was shown; it was hidden, so that the signer did not see it.",
    ),
    (
        FAILED,
        "suspicious: Field (?P<field>.*) shows something, and nobody signed there",
        "Sau chữ ký này, ô ký “{field}” hiện chữ hoặc hình lên trang mà không có ai ký ở đó.",
        "After this signature the field “{field}” shows something on a page, and nobody signed there.",
    ),
    (
        FAILED,
        "suspicious: .*because the form field (?P<field>.*) is locked.*",
        "Sau chữ ký này, ô “{field}” bị sửa dù đã bị khóa khi ký.",
        "After this signature the field “{field}” was changed, though it was locked when it was signed.",
    ),
    (
        FAILED,
        "suspicious: .*only allowed after an approval signature.*",
        "Sau chữ ký chứng nhận này có thêm một ô ký mới, điều mà nó không cho phép.",
        "A new field to sign in came after this certification, which does not allow it.",
    ),
    (
        FAILED,
        "suspicious: Value of signature field (?P<field>.*?) .*",
        "Sau chữ ký này, ô ký “{field}” nhận một chữ ký không phải là chữ ký mới.",
        "After this signature the field “{field}” was given what is no new signature.",
    ),
    (
        FAILED,
        "suspicious: Nonstandard signature coverage level",
        "Chữ ký không bao trùm trọn phần của nó (xem quy tắc 6), nên không so được với những gì đến sau.",
        "The signature does not cover all of its part (see rule 6), so that what came later cannot be compared with it.",
    ),
    (FAILED, "suspicious: Unexpected change to page tree structure.*", *_PAGES),
    (FAILED, "suspicious: Values for dict key /(Pages|Kids|Count) differ.*", *_PAGES),
    (FAILED, "suspicious: Values for dict key /(Contents|Resources) differ.*", *_SHOWN),
    (FAILED, "suspicious: Values for dict key /Rect differ.*", *_MOVED),
    (FAILED, "suspicious: (The newly added annotations|Annotations) .*", *_NOTES),
    (FAILED, "suspicious: The refs .* were freed.*", *_FREED),
    (FAILED, "suspicious: (/Metadata|XML entities|Metadata does not|.*Metadata XML).*", *_METADATA),
    (FAILED, "suspicious: (Fields .* were deleted|More form fields added).*", *_FIELDS),
    (FAILED, "suspicious: .*(DSS|VRI).*", *_EVIDENCE),
    (FAILED, "suspicious: .*", *_CHANGED),
    (
        FAILED,
        ".*",
        "Sau chữ ký này có thay đổi mà người ký không cho phép.",
        "After this signature came a change that the signer does not allow.",
    ),
)
