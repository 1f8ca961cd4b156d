from datetime import date
from pathlib import Path
from random import Random

import pytest

from domain.errors import Refused
from domain.patients import Patient, Stay
from filing.patient_files import parse_patient_file
from tests.generator import people

HEAD = "patient_id,ma_bn,ho_ten,ngay_sinh,gioi,so_cccd,so_cmnd,ma_the_bhyt,dia_chi,dien_thoai"
ROW = 'P1,BN01,Phan Thị Thủy,24/09/1977,Nữ,042177319489,183456789,GD3424877840801,"Thôn 7, Hà Tĩnh",0352604684'
THUY = Patient(
    "P1", "Phan Thị Thủy", date(1977, 9, 24), 1977, "Nữ", "042177319489", "183456789", "GD3424877840801", "Thôn 7, Hà Tĩnh",
    "0352604684", record_number="BN01",
)  # fmt: skip


def one(head: str, row: str) -> Patient:
    read = parse_patient_file(f"{head}\n{row}\n".encode())
    assert read.problems == ()
    return read.patients[0]


def refused(head: str, row: str) -> str:
    read = parse_patient_file(f"{head}\n{row}\n".encode())
    assert (read.patients, read.stays) == ((), ())
    assert read.problems[0].line == 2
    return read.problems[0].message.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_list_of_patients_is_read_in_every_encoding_and_delimiter(encoding: str, delimiter: str, ending: str) -> None:
    text = f"{HEAD}{ending}{ROW.replace('Thôn 7, Hà', 'Thôn 7; Hà')}{ending}"
    address = "Thôn 7; Hà Tĩnh"
    if delimiter != ",":
        text = text.replace(",", delimiter).replace("Thôn 7; Hà", "Thôn 7, Hà")
        address = "Thôn 7, Hà Tĩnh"
    read = parse_patient_file(text.encode(encoding))
    assert read.kind == "patients"
    assert read.problems == ()
    assert (read.patients[0].name, read.patients[0].address, read.patients[0].citizen_id) == (THUY.name, address, THUY.citizen_id)


def test_every_column_comes_to_its_place() -> None:
    assert one(HEAD, ROW) == THUY


def test_a_list_of_stays_is_told_apart_by_its_columns() -> None:
    read = parse_patient_file(
        b"patient_id,so_vao_vien,so_luu_tru,ngay_vao,ngay_ra,ma_khoa\nP1,4567/19,19.001234,201903010820,2019-03-09,K01\n"
    )
    assert read.kind == "stays"
    assert read.stays == (Stay("P1", "4567/19", "19001234", date(2019, 3, 1), date(2019, 3, 9), "K01"),)


@pytest.mark.parametrize(
    ("headings", "unknown"),
    [
        ("Mã BN,Họ và tên,Ngày sinh,Giới tính,Ghi chú", ("Ghi chú",)),
        ("MA_NB;HOTEN;NGAYSINH;GIOI_TINH;x", ("x",)),
        ("Patient ID\tFull name\tDate of birth\tSex\tRemark", ("Remark",)),
        ("mã người bệnh,Họ tên người bệnh (in hoa),Ngày tháng năm sinh,Phái,STT", ("STT",)),
    ],
)
def test_headings_are_known_in_both_languages_with_or_without_tones(headings: str, unknown: tuple[str, ...]) -> None:
    delimiter = next(char for char in ",;\t" if char in headings)
    row = delimiter.join(("BN1", "Lê Văn An", "03/11/1980", "Nam", "abc"))
    read = parse_patient_file(f"{headings}\n{row}".encode())
    assert read.unknown_columns == unknown
    assert list(read.mapping.values()) == ["id", "name", "birth_date", "sex"]
    assert read.patients == (Patient("BN1", "Lê Văn An", date(1980, 11, 3), 1980, "Nam"),)


def test_lines_above_the_headings_are_passed_over_and_counted() -> None:
    read = parse_patient_file("sep=,\nDANH SÁCH NGƯỜI BỆNH\n\nma_bn,ho_ten\nBN1,Lê Văn An\n,Không mã\n".encode())
    assert [patient.id for patient in read.patients] == ["BN1"]
    assert [(problem.line, problem.message.code) for problem in read.problems] == [(6, "no_id_or_name")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("03/11/1980", (date(1980, 11, 3), 1980)),
        ("3-11-1980", (date(1980, 11, 3), 1980)),
        ("1980-11-03", (date(1980, 11, 3), 1980)),
        ("19801103", (date(1980, 11, 3), 1980)),
        ("198011030000", (date(1980, 11, 3), 1980)),
        ("03/11/1980 00:00:00", (date(1980, 11, 3), 1980)),
        ("1980", (None, 1980)),
        ("00/00/1980", (None, 1980)),
        ("198000000000", (None, 1980)),
        ("", (None, None)),
        ("NULL", (None, None)),
    ],
)
def test_dates_of_birth_are_read_as_hospitals_write_them(cell: str, expected: tuple[date | None, int | None]) -> None:
    patient = one("ma_bn,ho_ten,ngay_sinh", f"BN1,Lê Văn An,{cell}")
    assert (patient.birth_date, patient.birth_year) == expected


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("42177319489", "042177319489"),
        ("1177319489", "001177319489"),
        ("042 177 319 489", "042177319489"),
        ("'042177319489", "042177319489"),
    ],
)
def test_zeros_lost_in_a_spreadsheet_are_restored_and_noted(cell: str, number: str) -> None:
    read = parse_patient_file(f"ma_bn,ho_ten,so_cccd\nBN1,Lê Văn An,{cell}\n".encode())
    assert read.patients[0].citizen_id == number
    assert [note.line for note in read.notes] == ([2] if len(cell) < 12 else [])


def test_old_and_new_citizen_numbers_come_to_their_places_whatever_the_column() -> None:
    swapped = one("ma_bn,ho_ten,so_cccd,so_cmnd", "BN1,Lê Văn An,183456789,042177319489")
    assert (swapped.citizen_id, swapped.old_citizen_id) == ("042177319489", "183456789")


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("so_cccd", "4.21773E+10", "scientific"),
        ("so_cccd", "12345", "bad_citizen_id"),
        ("ma_the_bhyt", "XYZ", "bad_insurance_id"),
        ("ngay_sinh", "31/02/1980", "bad_date"),
        ("ngay_sinh", "03/11/80", "bad_date"),
        ("gioi", "khác", "bad_sex"),
        ("ho_ten", "", "no_id_or_name"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_line(column: str, cell: str, code: str) -> None:
    head = "ma_bn,ho_ten" if column == "ho_ten" else f"ma_bn,ho_ten,{column}"
    row = f"BN1,{cell}" if column == "ho_ten" else f"BN1,Lê Văn An,{cell}"
    assert refused(head, row) == code


def test_reasons_never_repeat_what_the_row_holds() -> None:
    read = parse_patient_file("ma_bn,ho_ten,so_cccd\nBN1,Lê Văn An,12345\n".encode())
    assert not any(word in str(read.problems[0].message) for word in ("12345", "BN1", "Lê Văn An"))


def test_stays_whose_dates_are_reversed_or_unreadable_are_refused() -> None:
    head = "ma_bn,so_vao_vien,ngay_vao,ngay_ra"
    assert refused(head, "BN1,1,2019-03-09,2019-03-01") == "dates_reversed"
    assert refused(head, "BN1,1,9.3E+10,") == "scientific"
    assert refused(head, "BN1,1,tháng ba,") == "bad_date"
    assert refused(head, ",1,2019-03-09,") == "no_id"


def test_one_patient_listed_twice_is_taken_once_and_said() -> None:
    read = parse_patient_file("ma_bn,ho_ten\nBN1,Lê Văn An\nBN1,Lê Văn Bình\n".encode())
    assert [patient.name for patient in read.patients] == ["Lê Văn An"]
    assert [(problem.line, problem.message.code) for problem in read.problems] == [(3, "doubled")]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "no_columns"), (b"a,b,c\n1,2,3", "no_columns"), ("họ tên,mã bn".encode("cp1258", "replace") + b"\xff", "encoding")],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as error:
        parse_patient_file(data)
    assert error.value.message.code == code


def test_the_lists_of_the_generator_are_read_without_a_problem(tmp_path: Path) -> None:
    persons = people.invent_many(Random(1), 40)
    people.write_patients(persons, tmp_path / "patients.csv")
    people.write_stays(persons, tmp_path / "stays.csv")
    patients = parse_patient_file((tmp_path / "patients.csv").read_bytes())
    stays = parse_patient_file((tmp_path / "stays.csv").read_bytes())
    assert (len(patients.patients), patients.problems, patients.unknown_columns) == (40, (), ())
    assert (len(stays.stays), stays.problems) == (sum(len(person.stays) for person in persons), ())
    assert {(p.citizen_id, p.birth_date, p.sex) for p in patients.patients} == {(p.citizen_id, p.born, p.sex) for p in persons}


def test_twenty_thousand_rows_are_all_taken() -> None:
    rows = "\n".join(f"BN{n},Lê Văn An,{1 + n % 28:02d}/11/1980,{42077000000 + n}" for n in range(20_000))
    read = parse_patient_file(f"ma_bn,ho_ten,ngay_sinh,so_cccd\n{rows}".encode())
    assert (len(read.patients), len(read.notes), len(read.problems)) == (20_000, 20_000, 0)
