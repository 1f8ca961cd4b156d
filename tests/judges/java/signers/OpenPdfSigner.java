package signers;

import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import java.io.FileOutputStream;
import java.util.Calendar;
import java.util.HashMap;
import java.util.Map;

/** Signs a PDF with OpenPDF, the heir of iText 4: STORE.p12 PASSWORD HOW IN OUT; HOW is `cms`, or `own`: what OpenPDF makes alone. */
public final class OpenPdfSigner {

    private static final int PLACE = 16384;

    public static void main(String[] args) throws Exception {
        Holder who = Holder.of(args[0], args[1]);
        PdfReader reader = new PdfReader(args[3]);
        try (FileOutputStream out = new FileOutputStream(args[4])) {
            PdfStamper stamper = PdfStamper.createSignature(reader, out, '\0', null, true);
            PdfSignatureAppearance look = stamper.getSignatureAppearance();
            look.setVisibleSignature(new Rectangle(72, 100, 250, 150), 1, "Ky");
            if (args[2].equals("own")) {
                look.setCrypto(who.key(), who.chain(), null, PdfSignatureAppearance.WINCER_SIGNED);
                stamper.close();
            } else {
                outside(who, look);
            }
        }
    }

    private static void outside(Holder who, PdfSignatureAppearance look) throws Exception {
        look.setCrypto(null, who.chain(), null, PdfSignatureAppearance.SELF_SIGNED);
        look.setSignDate(Calendar.getInstance());
        PdfSignature dictionary = new PdfSignature(PdfName.ADOBE_PPKLITE, PdfName.ADBE_PKCS7_DETACHED);
        dictionary.setDate(new PdfDate(look.getSignDate()));
        look.setCryptoDictionary(dictionary);
        look.preClose(new HashMap<>(Map.of(PdfName.CONTENTS, PLACE * 2 + 2)));
        byte[] made = who.cms(look.getRangeStream().readAllBytes());
        byte[] padded = new byte[PLACE];
        System.arraycopy(made, 0, padded, 0, made.length);
        PdfDictionary update = new PdfDictionary();
        update.put(PdfName.CONTENTS, new PdfString(padded).setHexWriting(true));
        look.close(update);
    }
}
