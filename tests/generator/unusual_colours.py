"""Colours as programs write them: inks, spot colours, palettes, profiles. Part of `unusual.py`, which names them all."""

from __future__ import annotations

from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import Image, ImageCms

from tests.generator.unusual_parts import a_form, an_image, foot


def cmyk(pdf: Pdf) -> None:
    foot(pdf, b"0.1 0.8 0.7 0.05 k 60 60 80 30 re f 0.9 0.3 0 0.1 K 60 50 m 300 55 l S")


def cmykpicture(pdf: Pdf) -> None:
    raw = Image.radial_gradient("L").resize((8, 8)).convert("CMYK").tobytes()
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": an_image(pdf, raw, Name.DeviceCMYK)})


def cmyk_jpeg(pdf: Pdf) -> None:
    out = BytesIO()
    Image.radial_gradient("L").convert("CMYK").resize((64, 64)).save(out, "JPEG")
    stream = an_image(pdf, out.getvalue(), Name.DeviceCMYK, Filter=Name.DCTDecode)
    stream.Width = stream.Height = 64
    stream.Decode = Array([1, 0, 1, 0, 1, 0, 1, 0])
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": stream})


def cmyk_inlinepicture(pdf: Pdf) -> None:
    foot(pdf, b"80 0 0 30 60 60 cm BI /W 2 /H 1 /BPC 8 /CS /CMYK /F /AHx ID 00FF0000FF000000> EI")


def _tint(pdf: Pdf) -> Object:
    return pdf.make_indirect(Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0.1, 0.9, 0.2, 0], N=1))


def spot(pdf: Pdf) -> None:
    space = Array([Name.Separation, Name("/PANTONE 200 C"), Name.DeviceCMYK, _tint(pdf)])
    foot(pdf, b"/CS0 cs 0.8 scn 60 60 80 30 re f", ColorSpace={"CS0": space})


def inks(pdf: Pdf) -> None:
    tint = Stream(pdf, b"{ exch 0 0 }", FunctionType=4, Domain=[0, 1, 0, 1], Range=[0, 1] * 4)
    space = Array([Name.DeviceN, Array([Name.Cyan, Name("/Gold")]), Name.DeviceCMYK, pdf.make_indirect(tint)])
    foot(pdf, b"/CS0 cs 0.8 0.3 scn 60 60 80 30 re f", ColorSpace={"CS0": space})


def cmyk_palette(pdf: Pdf) -> None:
    space = Array([Name.Indexed, Name.DeviceCMYK, 1, String(b"\x00\xff\xff\x00\xff\x00\x00\x10")])
    picture = an_image(pdf, bytes([0, 1] * 32), space)
    foot(pdf, b"80 0 0 30 60 60 cm /Im0 Do", XObject={"Im0": picture})


def cmyk_shading(pdf: Pdf) -> None:
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 1, 1, 0], C1=[1, 0, 0, 0.2], N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=[60, 60, 200, 60], Function=function)
    foot(pdf, b"60 60 140 30 re W n /Sh0 sh", Shading={"Sh0": pdf.make_indirect(shading)})


def cmyk_tiles(pdf: Pdf) -> None:
    tile = Stream(pdf, b"0 1 1 0 k 0 0 4 4 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1)
    tile.BBox, tile.XStep, tile.YStep, tile.Resources = Array([0, 0, 8, 8]), 8, 8, Dictionary()
    foot(pdf, b"/Pattern cs /P0 scn 60 60 140 30 re f", Pattern={"P0": tile})


def cmykform(pdf: Pdf) -> None:
    foot(pdf, b"1 0 0 1 60 60 cm /Fm0 Do", XObject={"Fm0": a_form(pdf, b"0 1 1 0 k 0 0 80 30 re f", Resources=Dictionary())})


def cmyk_clear_group(pdf: Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
    form = a_form(pdf, b"0 1 1 0 k 0 0 80 30 re f 1 0 0 0 k 40 0 60 30 re f", Group=group, Resources=Dictionary())
    state = Dictionary(Type=Name.ExtGState, ca=0.5, BM=Name.Multiply)
    foot(pdf, b"/G0 gs 1 0 0 1 60 60 cm /Fm0 Do", XObject={"Fm0": form}, ExtGState={"G0": state})


def page_group_without_space(pdf: Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency)
    foot(pdf, b"/G0 gs 1 0 0 rg 60 60 80 30 re f", ExtGState={"G0": Dictionary(ca=0.5)})


def calibrated(pdf: Pdf) -> None:
    space = Array([Name.CalRGB, Dictionary(WhitePoint=[0.9505, 1, 1.089], Gamma=[2.2, 2.2, 2.2])])
    lab = Array([Name.Lab, Dictionary(WhitePoint=[0.9505, 1, 1.089], Range=[-100, 100, -100, 100])])
    content = b"/CS0 cs 0.2 0.5 0.8 sc 60 60 80 30 re f /CS1 cs 60 40 -20 sc 160 60 80 30 re f"
    foot(pdf, content, ColorSpace={"CS0": space, "CS1": lab})


def profile_missing_alternate(pdf: Pdf) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    foot(pdf, b"/CS0 cs 1 0.2 0.2 sc 60 60 80 30 re f", ColorSpace={"CS0": Array([Name.ICCBased, Stream(pdf, profile, N=3)])})


def profile_broken(pdf: Pdf) -> None:
    space = Array([Name.ICCBased, Stream(pdf, b"khong phai profile", N=3, Alternate=Name.DeviceRGB)])
    foot(pdf, b"/CS0 cs 1 0.2 0.2 sc 60 60 80 30 re f", ColorSpace={"CS0": space})


def printing_intent(pdf: Pdf) -> None:
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"))
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
