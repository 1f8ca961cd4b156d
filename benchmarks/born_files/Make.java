import java.io.File;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDTrueTypeFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.font.encoding.WinAnsiEncoding;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;

/** Makes files with the PDF libraries of Java: java Make.java LINES.txt OUT-PREFIX FONT.ttf SEAL.png */
public class Make {
    public static void main(String[] given) throws Exception {
        List<String> lines = Files.readAllLines(Path.of(given[0]));
        for (String way : new String[] {"type0", "whole", "truetype", "base14", "form", "picture"}) {
            pdfBox(lines, way, given[1] + "-pdfbox-" + way + ".pdf", given[2], given[3]);
        }
        openPdf(lines, given[1] + "-openpdf-h.pdf", given[2], com.lowagie.text.pdf.BaseFont.IDENTITY_H, true);
        openPdf(lines, given[1] + "-openpdf-win.pdf", given[2], "Cp1258", true);
        openPdf(lines, given[1] + "-openpdf-outside.pdf", given[2], "Cp1258", false);
    }

    private static void pdfBox(List<String> lines, String way, String out, String face, String seal) throws Exception {
        try (PDDocument document = new PDDocument()) {
            PDFont font = switch (way) {
                case "base14", "form" -> new PDType1Font(Standard14Fonts.FontName.HELVETICA);
                case "truetype" -> PDTrueTypeFont.load(document, new File(face), WinAnsiEncoding.INSTANCE);
                case "whole" -> PDType0Font.load(document, Files.newInputStream(Path.of(face)), false);
                default -> PDType0Font.load(document, new File(face));
            };
            boolean latin = way.equals("base14") || way.equals("form") || way.equals("truetype");
            for (int start = 0; start < lines.size(); start += 60) {
                PDPage page = new PDPage(PDRectangle.A4);
                document.addPage(page);
                try (PDPageContentStream pen = new PDPageContentStream(document, page)) {
                    pen.setFont(font, 9);
                    for (int n = start; n < Math.min(start + 60, lines.size()); n++) {
                        pen.beginText();
                        pen.newLineAtOffset(40, 800 - 12 * (n - start));
                        pen.showText(latin ? lines.get(n).replaceAll("[^\\x20-\\x7e]", "") : lines.get(n));
                        pen.endText();
                    }
                    if (way.equals("picture")) {
                        pen.drawImage(PDImageXObject.createFromFile(seal, document), 300, 80, 90, 90);
                        pen.setNonStrokingColor(0.1f, 0.8f, 0.7f, 0f);
                        pen.addRect(60, 60, 90, 40);
                        pen.fill();
                    }
                }
                if (way.equals("form") && start == 0) {
                    PDAcroForm form = new PDAcroForm(document);
                    document.getDocumentCatalog().setAcroForm(form);
                    PDResources resources = new PDResources();
                    resources.put(COSName.getPDFName("Helv"), font);
                    form.setDefaultResources(resources);
                    form.setDefaultAppearance("/Helv 10 Tf 0 g");
                    PDTextField field = new PDTextField(form);
                    field.setPartialName("ten");
                    field.getWidgets().get(0).setRectangle(new PDRectangle(60, 60, 160, 20));
                    field.getWidgets().get(0).setPage(page);
                    page.getAnnotations().add(field.getWidgets().get(0));
                    form.getFields().add(field);
                    field.setValue("Nguyen Van A");
                }
            }
            document.save(out);
        }
    }

    private static void openPdf(List<String> lines, String out, String face, String encoding, boolean inside) throws Exception {
        com.lowagie.text.Document document = new com.lowagie.text.Document();
        com.lowagie.text.pdf.PdfWriter.getInstance(document, new FileOutputStream(out));
        document.open();
        var font = com.lowagie.text.pdf.BaseFont.createFont(face, encoding, inside);
        for (String line : lines) {
            document.add(new com.lowagie.text.Paragraph(line, new com.lowagie.text.Font(font, 9)));
        }
        document.close();
    }
}
