"""What stands on the papers: sentences, diagnoses, drugs and results, all invented for this purpose."""

from __future__ import annotations

from random import Random

AUTHORITY = "SỞ Y TẾ TỈNH BÌNH AN"
HOSPITAL = "BỆNH VIỆN ĐA KHOA HUYỆN SÔNG MÂY"
PLACE = "Sông Mây"

DIAGNOSES = (
    ("Viêm phổi cộng đồng", "J18.9"),
    ("Viêm phế quản cấp", "J20.9"),
    ("Tăng huyết áp vô căn", "I10"),
    ("Đái tháo đường típ 2", "E11.9"),
    ("Viêm dạ dày cấp", "K29.1"),
    ("Nhiễm khuẩn đường tiết niệu", "N39.0"),
    ("Suy tim độ II", "I50.9"),
    ("Rối loạn tiền đình", "H81.9"),
    ("Thoái hóa cột sống thắt lưng", "M47.8"),
    ("Tiêu chảy nhiễm khuẩn", "A09"),
)
SURGICAL = (("Viêm ruột thừa cấp", "K35.8"), ("Sỏi túi mật", "K80.2"), ("Thoát vị bẹn phải", "K40.9"))
OPERATIONS = ("Nội soi cắt ruột thừa", "Nội soi cắt túi mật", "Mổ mở phục hồi thành bụng")
STEPS = (
    "Người bệnh nằm ngửa, gây mê nội khí quản, sát khuẩn vùng mổ.",
    "Đặt trocar 10 mm ở rốn, bơm hơi ổ bụng áp lực 12 mmHg.",
    "Quan sát thấy tổn thương sưng viêm, có giả mạc, ổ bụng ít dịch trong.",
    "Bóc tách, kẹp cắt mạch máu, lấy bệnh phẩm gửi giải phẫu bệnh.",
    "Kiểm tra cầm máu kỹ, lau sạch ổ bụng, đếm đủ gạc và dụng cụ.",
    "Đóng các lỗ trocar, băng vô khuẩn, người bệnh ổn định về phòng hồi tỉnh.",
)
SENTENCES = (
    "Người bệnh tỉnh, tiếp xúc tốt, da niêm mạc hồng, không phù.",
    "Ho khạc đờm trắng, khó thở nhẹ khi gắng sức, không đau ngực.",
    "Phổi thông khí đều hai bên, nghe ít ran ẩm ở đáy phổi phải.",
    "Tim đều, tần số 84 chu kỳ/phút, không nghe tiếng thổi bệnh lý.",
    "Bụng mềm, gan lách không sờ thấy, không có phản ứng thành bụng.",
    "Sốt nhẹ 38,2 °C từ tối hôm trước, đã dùng thuốc hạ sốt.",
    "Ăn uống kém, ngủ ít, đại tiện bình thường, tiểu vàng trong.",
    "Trước đó khoảng một tuần đã điều trị tại trạm y tế xã nhưng không đỡ.",
    "Tiền sử tăng huyết áp bảy năm, dùng thuốc không thường xuyên.",
    "Không ghi nhận dị ứng thuốc và thức ăn, gia đình chưa có ai mắc bệnh tương tự.",
    "Hút thuốc lá nhiều năm, mỗi ngày nửa gói, đã bỏ được hai năm.",
    "Cơ lực tứ chi bình thường, phản xạ gân xương đều hai bên.",
    "Đồng tử hai bên đều, phản xạ ánh sáng dương tính, cổ mềm.",
    "Siêu âm bụng không thấy hình ảnh bất thường, dịch ổ bụng không có.",
    "Điện tâm đồ nhịp xoang, trục trung gian, không có rối loạn nhịp.",
    "Tiên lượng dè dặt, cần theo dõi sát mạch, huyết áp và nhịp thở.",
    "Dùng kháng sinh phổ rộng, hạ sốt, long đờm, bù nước và điện giải.",
)
CHEST = (
    "Bóng tim không to, cung động mạch chủ bình thường.",
    "Hình ảnh đám mờ không đồng nhất vùng đáy phổi phải.",
    "Góc sườn hoành hai bên sáng, không thấy tràn dịch.",
    "Khung xương thành ngực không thấy tổn thương.",
)
TREATMENTS = ("Kháng sinh, hạ sốt, long đờm", "Hạ áp, lợi tiểu, chế độ ăn nhạt", "Bù dịch, men tiêu hóa, kháng sinh đường uống")
ADVICE = (
    "Uống thuốc đúng theo đơn, ăn nhạt, hạn chế rượu bia.",
    "Giữ ấm cơ thể, uống nhiều nước, vận động nhẹ nhàng.",
    "Tái khám sau mười ngày hoặc khi sốt cao, khó thở.",
    "Nghỉ ngơi, tránh lao động nặng trong một tháng.",
)
DRUGS = (
    "Amoxicilin 500 mg", "Paracetamol 500 mg", "Acetylcystein 200 mg", "Amlodipin 5 mg", "Omeprazol 20 mg",
    "Cefotaxim 1 g", "Metformin 850 mg", "Natri clorid 0,9% 500 ml", "Vitamin C 500 mg",
)  # fmt: skip
DOSES = ("Uống sáng 1 viên sau ăn", "Ngày uống 2 lần, mỗi lần 1 viên", "Uống tối 1 viên trước khi ngủ")
CARE = (
    "Đo dấu hiệu sinh tồn", "Thực hiện thuốc theo y lệnh", "Hướng dẫn tập thở sâu", "Lấy máu xét nghiệm",
    "Thay băng vết thương", "Động viên người bệnh", "Vệ sinh cá nhân, thay ga giường",
)  # fmt: skip
VITALS = ("Mạch", "Nhiệt độ", "Huyết áp", "Nhịp thở", "Cân nặng")
TESTS = (
    ("Glucose", 3.9, 6.4, "mmol/L"),
    ("Ure", 2.5, 7.5, "mmol/L"),
    ("Creatinin", 53.0, 120.0, "µmol/L"),
    ("AST (GOT)", 5.0, 37.0, "U/L"),
    ("ALT (GPT)", 5.0, 40.0, "U/L"),
    ("Cholesterol toàn phần", 3.9, 5.2, "mmol/L"),
    ("Natri", 135.0, 145.0, "mmol/L"),
    ("Kali", 3.5, 5.0, "mmol/L"),
)


def measured(rng: Random, low: float, high: float) -> str:
    """A result in or near the normal range, with a decimal comma."""
    return f"{rng.uniform(low * 0.8, high * 1.3):.1f}".replace(".", ",")


def vital_signs(rng: Random) -> tuple[str, ...]:
    """Pulse, temperature, blood pressure, breathing, weight."""
    return (
        f"{rng.randint(62, 110)} lần/phút",
        f"{rng.uniform(36.5, 39.2):.1f} °C".replace(".", ","),
        f"{rng.randint(10, 16)}0/{rng.randint(6, 9)}0 mmHg",
        f"{rng.randint(16, 26)} lần/phút",
        f"{rng.randint(42, 75)} kg",
    )
