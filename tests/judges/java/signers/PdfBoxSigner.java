package signers;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.Calendar;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;

/** Signs a PDF with Apache PDFBox: STORE.p12 PASSWORD SUBFILTER IN OUT. */
public final class PdfBoxSigner {

    public static void main(String[] args) throws Exception {
        Holder who = Holder.of(args[0], args[1]);
        PDSignature signature = new PDSignature();
        signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        signature.setSubFilter(COSName.getPDFName(args[2]));
        signature.setName("BS");
        signature.setSignDate(Calendar.getInstance());
        try (PDDocument document = Loader.loadPDF(new File(args[3]));
                OutputStream out = new FileOutputStream(args[4])) {
            document.addSignature(signature, content -> {
                try {
                    return who.cms(content.readAllBytes());
                } catch (GeneralSecurityException wrong) {
                    throw new IOException(wrong);
                }
            });
            document.saveIncremental(out);
        }
    }
}
