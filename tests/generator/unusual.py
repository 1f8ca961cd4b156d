"""What programs write into PDF files beside plain text and pictures, one oddity each: `CHANGES` names them all.

Each takes an open file with text on its first page and changes it. What is drawn in addition is drawn at the foot of that page.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

from pikepdf import Array, Dictionary, Name, NumberTree, OutlineItem, Pdf, Stream, String
from PIL import Image

from tests.generator import unusual_colours
from tests.generator.unusual_parts import a_form, all_fonts, an_image, annotate, foot

Change = Callable[[Pdf], None]


# Graphics state and content


def transfer(pdf: Pdf) -> None:
    state = Dictionary(
        Type=Name.ExtGState, TR=Name.Identity, TR2=Name.Default, HT=Dictionary(HalftoneType=1, Frequency=60, Angle=45)
    )
    state.HT.SpotFunction, state.HT.HalftoneName = Name.Round, String("x")
    foot(pdf, b"/G0 gs 60 60 80 30 re f", ExtGState={"G0": state})


def overprint(pdf: Pdf) -> None:
    state = Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
    foot(pdf, b"/G0 gs 0.1 0.8 0.7 0 k 60 60 80 30 re f", ExtGState={"G0": state})


def odd_blend(pdf: Pdf) -> None:
    foot(pdf, b"/G0 gs 1 0 0 rg 60 60 80 30 re f", ExtGState={"G0": Dictionary(BM=Name.Compatible, ca=0.5)})


def odd_intent(pdf: Pdf) -> None:
    foot(pdf, b"/Khac ri 1 0 0 rg 60 60 80 30 re f")


def unknown_operator(pdf: Pdf) -> None:
    foot(pdf, b"BX 1 2 khac EX 1 0 0 rg 60 60 80 30 re f")


def deep_states(pdf: Pdf) -> None:
    foot(pdf, b"q " * 40 + b"1 0 0 rg 60 60 80 30 re f " + b"Q " * 40)


def unbalanced(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q q q 1 0 0 rg 60 60 80 30 re f")


def large_numbers(pdf: Pdf) -> None:
    foot(pdf, b"1 0 0 rg 60 60 80 30 re f 9999999999 99999 m 0.000000000000001 5 l n")


def soft_mask(pdf: Pdf) -> None:
    mask = an_image(pdf, bytes(range(0, 256, 4)), Name.DeviceGray, Interpolate=True)
    picture = an_image(pdf, b"\xff\x00\x00" * 64, Name.DeviceRGB, SMask=mask, Interpolate=True, Intent=Name.Perceptual)
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def alternates(pdf: Pdf) -> None:
    other = pdf.make_indirect(an_image(pdf, b"\x00" * 64, Name.DeviceGray))
    picture = an_image(pdf, b"\x80" * 64, Name.DeviceGray)
    picture.Alternates = Array([Dictionary(Image=other, DefaultForPrinting=True)])
    picture.OPI = Dictionary()
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def inline_interpolated(pdf: Pdf) -> None:
    foot(pdf, b"80 0 0 30 60 60 cm BI /W 2 /H 1 /BPC 8 /CS /G /I true /F /AHx ID 00FF> EI")


def sixteen_bits(pdf: Pdf) -> None:
    picture = an_image(pdf, bytes(range(128)), Name.DeviceGray)
    picture.BitsPerComponent = 16
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def lzw(pdf: Pdf) -> None:
    picture = an_image(pdf, bytes.fromhex("800B6050220C0C8501"), Name.DeviceGray, Filter=Name.LZWDecode)
    picture.Width, picture.Height = 9, 1
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def _jpx(mode: str) -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").convert(mode).resize((64, 64)).save(out, "JPEG2000")
    return out.getvalue()


def jpeg2000(pdf: Pdf) -> None:
    picture = an_image(pdf, _jpx("RGB"), Name.DeviceRGB, Filter=Name.JPXDecode)
    picture.Width = picture.Height = 64
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def jpeg2000_bare(pdf: Pdf) -> None:
    jp2 = _jpx("RGB")
    picture = an_image(pdf, jp2[jp2.index(b"\xff\x4f\xff\x51") :], Name.DeviceRGB, Filter=Name.JPXDecode)
    picture.Width = picture.Height = 64
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def postscript(pdf: Pdf) -> None:
    form = a_form(pdf, b"1 0 0 rg 0 0 80 30 re f", Resources=Dictionary(), PS=Stream(pdf, b"showpage"), Subtype2=Name.PS)
    foot(pdf, b"1 0 0 1 60 60 cm /Fm0 Do", XObject={"Fm0": form})


def stream_outside(pdf: Pdf) -> None:
    picture = an_image(pdf, b"\x80" * 64, Name.DeviceGray)
    pdf.Root.PieceInfo = Dictionary(
        App=Dictionary(Private=pdf.make_indirect(Stream(pdf, b"", F=String("o.bin"), FFilter=Name.Crypt)))
    )
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


# Pages


def rotated(pdf: Pdf) -> None:
    pdf.pages[0].obj.Rotate = 90


def cropped(pdf: Pdf) -> None:
    pdf.pages[0].obj.CropBox = Array([30, 40, 500, 700])
    pdf.pages[0].obj.TrimBox = Array([20, 20, 510, 720])


def shifted(pdf: Pdf) -> None:
    box = pdf.pages[0].mediabox
    pdf.pages[0].obj.MediaBox = Array([-50, -70, float(box[2]) + 50, float(box[3]) + 70])


def user_unit(pdf: Pdf) -> None:
    pdf.pages[0].obj.UserUnit = 2


def swapped_box(pdf: Pdf) -> None:
    box = pdf.pages[0].mediabox
    pdf.pages[0].obj.MediaBox = Array([box[2], box[3], box[0], box[1]])


def tiny_page(pdf: Pdf) -> None:
    pdf.add_blank_page().obj.MediaBox = Array([0, 0, 2, 2])


def huge_page(pdf: Pdf) -> None:
    pdf.add_blank_page().obj.MediaBox = Array([0, 0, 20000, 300])


def presentation(pdf: Pdf) -> None:
    pdf.pages[0].obj.Trans = Dictionary(S=Name.Wipe)
    pdf.pages[0].obj.PresSteps = Dictionary(Type=Name.NavNode)
    pdf.pages[0].obj.Thumb = an_image(pdf, b"\x00\xff\xff\x00" * 64, Name.DeviceCMYK)
    pdf.Root.Requirements = Array([Dictionary(Type=Name.Requirement, S=Name.EnableJavaScripts)])


def labels_and_outline(pdf: Pdf) -> None:
    labels = NumberTree.new(pdf)
    labels[0] = Dictionary(S=Name.r, P=String("Phụ lục "))
    pdf.Root.PageLabels = labels.obj
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Kết quả xét nghiệm", 0))


# Layers


def layers(pdf: Pdf) -> None:
    shown, hidden = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("Con dấu", "Nháp"))
    config = Dictionary(
        OFF=Array([hidden]), AS=Array([Dictionary(Event=Name.View, OCGs=Array([shown]), Category=Array([Name.View]))])
    )
    pdf.Root.OCProperties = Dictionary(OCGs=Array([shown, hidden]), D=config)
    content = b"/OC /L0 BDC 1 0 0 rg 60 60 80 30 re f EMC /OC /L1 BDC 0 0 1 rg 160 60 80 30 re f EMC"
    foot(pdf, content, Properties={"L0": shown, "L1": hidden})


def layer_views(pdf: Pdf) -> None:
    layers(pdf)
    groups = pdf.Root.OCProperties.OCGs
    pdf.Root.OCProperties.D.Name = String("Xem")
    pdf.Root.OCProperties.D.Order = Array([groups[0]])
    pdf.Root.OCProperties.Configs = Array([Dictionary(), Dictionary(Name=String("Xem")), Dictionary(Name=String("Xem"))])


# Annotations


def links(pdf: Pdf) -> None:
    uri = Dictionary(S=Name.URI, URI=String("https://example.invalid/"))
    annotate(pdf, Dictionary(Subtype=Name.Link, A=uri), Dictionary(Subtype=Name.Link, A=uri, F=2, Border=[0, 0, 1]))


def markup(pdf: Pdf) -> None:
    quad = Array([60, 90, 160, 90, 60, 60, 160, 60])
    kinds = (Name.Highlight, Name.Underline, Name.StrikeOut, Name.Squiggly)
    annotate(pdf, *(Dictionary(Subtype=kind, QuadPoints=quad, C=[1, 1, 0]) for kind in kinds))


def shapes(pdf: Pdf) -> None:
    annotate(
        pdf,
        Dictionary(Subtype=Name.Square, C=[1, 0, 0], IC=[1, 1, 0.8], BS=Dictionary(W=2)),
        Dictionary(Subtype=Name.Circle, C=[0, 0, 1], CA=0.5),
        Dictionary(Subtype=Name.Line, L=[60, 60, 160, 90], C=[0, 0.5, 0]),
        Dictionary(Subtype=Name.Ink, InkList=Array([Array([60, 60, 100, 90, 160, 60])]), C=[0.5, 0, 0.5]),
        Dictionary(Subtype=Name.Polygon, Vertices=[60, 60, 100, 90, 160, 60], C=[0, 0, 0]),
        Dictionary(Subtype=Name.PolyLine, Vertices=[60, 60, 100, 90, 160, 60], C=[0, 0, 0]),
    )


def notes(pdf: Pdf) -> None:
    popup = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=[200, 60, 300, 120], F=28))
    annotate(pdf, Dictionary(Subtype=Name.Text, Contents=String("Ghi chú của bác sĩ"), Popup=popup, F=28))
    pdf.pages[0].obj.Annots.append(popup)


def free_text(pdf: Pdf) -> None:
    annotate(pdf, Dictionary(Subtype=Name.FreeText, Contents=String("Đã kiểm tra"), DA=String("/Helv 10 Tf 1 0 0 rg"), F=4))


def stamp(pdf: Pdf) -> None:
    look = a_form(pdf, b"1 0 0 RG 4 w 4 4 92 32 re S", Resources=Dictionary())
    annotate(
        pdf,
        Dictionary(Subtype=Name.Stamp, Name=Name.Approved, AP=Dictionary(N=look, D=look, R=look), F=4),
        Dictionary(Subtype=Name.Stamp, Name=Name.Draft, Rect=[200, 60, 300, 100], F=4),
    )


def hidden_notes(pdf: Pdf) -> None:
    look = a_form(pdf, b"0 1 0 rg 0 0 100 40 re f", Resources=Dictionary())
    annotate(pdf, *(Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=look), F=flags) for flags in (2, 32, 1)))


def odd_kinds(pdf: Pdf) -> None:
    look = a_form(pdf, b"0 1 0 rg 0 0 100 40 re f", Resources=Dictionary())
    annotate(
        pdf,
        *(
            Dictionary(Subtype=kind, AP=Dictionary(N=look), F=4)
            for kind in (Name.Watermark, Name.PrinterMark, Name.TrapNet, Name("/X"))
        ),
    )


def media(pdf: Pdf) -> None:
    kinds = (Name.Movie, Name.Sound, Name.Screen, Name.RichMedia, Name("/3D"))
    annotate(pdf, *(Dictionary(Subtype=kind, F=4) for kind in kinds))


# What acts


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def scripts(pdf: Pdf) -> None:
    pdf.Root.OpenAction = _script()
    pdf.pages[0].obj.AA = Dictionary(O=_script())
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(_script())])))


def launch(pdf: Pdf) -> None:
    annotate(pdf, Dictionary(Subtype=Name.Link, F=4, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))))


def attached(pdf: Pdf) -> None:
    pdf.attachments["ket-qua.csv"] = b"a,b\n1,2\n"


# Forms


def _field(kind: Name, name: str, **more: object) -> Dictionary:
    return Dictionary(
        {"/Subtype": Name.Widget, "/FT": kind, "/T": String(name), "/F": 4, **{f"/{key}": v for key, v in more.items()}}
    )


def _with_form(pdf: Pdf, *fields: Dictionary, **more: object) -> None:
    annotate(pdf, *fields)
    widgets = list(pdf.pages[0].obj.Annots.as_list())[-len(fields) :]
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    resources = Dictionary(Font=Dictionary(Helv=pdf.make_indirect(helvetica)))
    entries = {f"/{key}": value for key, value in more.items()}
    pdf.Root.AcroForm = Dictionary({"/Fields": Array(widgets), "/DR": resources, "/DA": String("/Helv 10 Tf 0 g"), **entries})


def empty_fields(pdf: Pdf) -> None:
    _with_form(pdf, _field(Name.Tx, "ten"), _field(Name.Ch, "khoa", Opt=Array([String("Nội")])), NeedAppearances=True)


def filled_undrawn(pdf: Pdf) -> None:
    _with_form(pdf, _field(Name.Tx, "ten", V=String("Nguyen Van A")), NeedAppearances=True)


def filled_undrawn_vietnamese(pdf: Pdf) -> None:
    _with_form(pdf, _field(Name.Tx, "ten", V=String("Nguyễn Thị Hường")), NeedAppearances=True)


def filled_lines_undrawn(pdf: Pdf) -> None:
    value = String("Tăng huyết áp.\nĐái tháo đường típ 2; theo dõi đường huyết mỗi ngày hai lần.")
    _with_form(pdf, _field(Name.Tx, "chan_doan", V=value, Ff=4096, Rect=Array([60, 40, 300, 110])), NeedAppearances=True)


def filled_choice_undrawn(pdf: Pdf) -> None:
    options = Array([String("Nội"), Array([String("n2"), String("Ngoại tổng hợp")])])
    _with_form(pdf, _field(Name.Ch, "khoa", V=String("n2"), Opt=options, Ff=1 << 17), NeedAppearances=True)


def ticked(pdf: Pdf) -> None:
    on = a_form(pdf, b"0 0 1 rg 0 0 100 40 re f", Resources=Dictionary())
    off = a_form(pdf, b"", Resources=Dictionary())
    states = Dictionary(N=Dictionary(Yes=on, Off=off), D=Dictionary(Yes=on))
    _with_form(
        pdf, _field(Name.Btn, "dong_y", V=Name.Yes, AS=Name.Yes, AP=states), _field(Name.Btn, "khong", AS=Name.Off, AP=states)
    )


def ticked_undrawn(pdf: Pdf) -> None:
    _with_form(pdf, _field(Name.Btn, "dong_y", V=Name.Yes, AS=Name.Yes, MK=Dictionary(CA=String("4"))), NeedAppearances=True)


def signature_wanted(pdf: Pdf) -> None:
    _with_form(pdf, _field(Name.Sig, "ky"), SigFlags=0)


# Fonts


def no_unicode(pdf: Pdf) -> None:
    for font in all_fonts(pdf):
        if Name.ToUnicode in font:
            del font[Name.ToUnicode]


def no_cid_map(pdf: Pdf) -> None:
    for font in all_fonts(pdf):
        if font.get(Name.CIDToGIDMap) == Name.Identity:
            del font[Name.CIDToGIDMap]


def wrong_cid_set(pdf: Pdf) -> None:
    for font in all_fonts(pdf):
        if Name.FontDescriptor in font and str(font.Subtype).startswith("/CIDFont"):
            font.FontDescriptor.CIDSet = pdf.make_stream(b"\x80")


def wrong_widths(pdf: Pdf) -> None:
    for font in all_fonts(pdf):
        if Name.W in font:
            for run in font.W.as_list():
                if isinstance(run, Array):
                    for place in range(len(run)):
                        run[place] = int(run[place]) + 3


def latin_font_name(pdf: Pdf) -> None:
    for font in all_fonts(pdf):
        font.BaseFont = Name("/ABCDEF+" + "Ten-rat-dai-" * 12)


def missing_glyph(pdf: Pdf) -> None:
    fonts = pdf.pages[0].resources.Font
    foot(pdf, b"BT %b 10 Tf 60 60 Td <0000> Tj ET" % next(iter(fonts.keys())).encode())


def base_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    foot(pdf, b"BT /F99 10 Tf 60 60 Td (Ket qua 12,5) Tj ET", Font={"F99": pdf.make_indirect(font)})


def symbol_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    foot(pdf, b"BT /F99 10 Tf 60 60 Td (4) Tj ET", Font={"F99": pdf.make_indirect(font)})


def truetype_outside(pdf: Pdf) -> None:
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.TimesNewRoman, Flags=32, FontBBox=[-500, -300, 2000, 1000])
    descriptor.update({"/ItalicAngle": 0, "/Ascent": 900, "/Descent": -200, "/CapHeight": 700, "/StemV": 80})
    widths = Array([500] * 224)
    font = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.TimesNewRoman, FirstChar=32, LastChar=255, Widths=widths
    )
    font.Encoding, font.FontDescriptor = Name.WinAnsiEncoding, pdf.make_indirect(descriptor)
    foot(pdf, b"BT /F99 10 Tf 60 60 Td (Ket qua 12,5) Tj ET", Font={"F99": pdf.make_indirect(font)})


def drawn_font(pdf: Pdf) -> None:
    square = Stream(pdf, b"600 0 0 0 500 500 d1 0 0 500 500 re f")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 600, 600], FontMatrix=[0.001, 0, 0, 0.001, 0, 0])
    font.update({"/FirstChar": 65, "/LastChar": 65, "/Widths": Array([600]), "/CharProcs": Dictionary(A=square)})
    font.Encoding = Dictionary(Type=Name.Encoding, Differences=[65, Name.A])
    foot(pdf, b"BT /F99 10 Tf 60 60 Td (AAA) Tj ET", Font={"F99": pdf.make_indirect(font)})


def unused_fonts(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].add_resource(pdf.make_indirect(font), Name.Font, Name.Unused)


def hidden_base_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    foot(pdf, b"BT 3 Tr /F99 10 Tf 60 60 Td (an) Tj ET", Font={"F99": pdf.make_indirect(font)})


# The file as a whole


def broken_metadata(pdf: Pdf) -> None:
    pdf.Root.Metadata = Stream(pdf, b"<x:xmpmeta", Type=Name.Metadata, Subtype=Name.XML)
    pdf.docinfo[Name.CreationDate] = String("hom qua")


def object_metadata(pdf: Pdf) -> None:
    pdf.pages[0].obj.Metadata = pdf.make_indirect(Stream(pdf, b"<?xpacket", Type=Name.Metadata, Subtype=Name.XML))


def long_values(pdf: Pdf) -> None:
    pdf.Root.PieceInfo = Dictionary({"/" + "n" * 200: Dictionary(A=String("x" * 40_000), B=3_000_000_000)})


def permissions(pdf: Pdf) -> None:
    pdf.Root.Extensions = Dictionary(ADBE=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=8))
    pdf.Root.Version = Name("/2.0")


def bad_trees(pdf: Pdf) -> None:
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, RoleMap=Dictionary(P=Name.Q, Q=Name.P)))
    pdf.Root.MarkInfo = Dictionary(Marked=True, Suspects=True)
    pdf.Root.Lang = String("")


def compressed_twice(pdf: Pdf) -> None:
    content = pdf.pages[0].Contents.read_bytes() if not isinstance(pdf.pages[0].Contents, Array) else b""
    if content:
        pdf.pages[0].obj.Contents = Stream(
            pdf, zlib.compress(zlib.compress(content)), Filter=[Name.FlateDecode, Name.FlateDecode]
        )


CHANGES: dict[str, Change] = {
    name: thing
    for home in (vars(unusual_colours), globals())
    for name, thing in list(home.items())
    if callable(thing) and thing.__module__ == home["__name__"] and not name.startswith("_")
}
