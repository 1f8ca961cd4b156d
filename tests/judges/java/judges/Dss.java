package judges;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlObjectModification;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxDefaultObjectFactory;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.aia.DefaultAIASource;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Judges PAdES signatures by the EU's Digital Signature Service; no network unless asked, and then this machine's only. */
public final class Dss extends Judge {

    /** Checks of what came after a signature. DSS's own policy lets a repainted page pass with a warning. */
    private static final String LATER_CHANGES =
            "<(UndefinedChanges|PdfVisualDifference|PdfAnnotationOverlap|DocMDP|FieldMDP|SigFieldLock) Level=\"WARN\"";

    private final CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    private boolean strict;
    private boolean online;
    private int visualPages = 10;
    private Date at;
    private Date asOf;
    private ValidationPolicy policy;

    public static void main(String[] args) {
        new Dss().runAndExit(args);
    }

    @Override
    String usage() {
        return """
                usage: Dss [--trust DIR] [--strict] [--visual-pages N] [--online] [--at TIME] [--timeout SECONDS] FILE... | -
                  --trust DIR       trust every certificate in DIR, PEM or DER; may be repeated
                  --strict          later changes of what was signed are a failure, not a warning
                  --visual-pages N  compare the look of documents of up to N pages (10); 0 is much faster
                  --online          fetch CRL, OCSP and issuers by HTTP from this machine only
                  --at TIME         judge as of TIME, such as 2035-01-31T00:00:00Z""";
    }

    @Override
    boolean option(String name, Deque<String> rest) throws Exception {
        switch (name) {
            case "--trust" -> trust(Path.of(value(name, rest)));
            case "--strict" -> strict = true;
            case "--online" -> online = true;
            case "--visual-pages" -> visualPages = Integer.parseInt(value(name, rest));
            case "--at" -> at = Date.from(Instant.parse(value(name, rest)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void trust(Path folder) throws IOException, CertificateException {
        CertificateFactory x509 = CertificateFactory.getInstance("X.509");
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(p -> p.toString().matches(".*\\.(pem|crt|cer|der)")).sorted().toList()) {
                try (InputStream in = Files.newInputStream(path)) {
                    for (Certificate certificate : x509.generateCertificates(in)) {
                        trusted.addCertificate(new CertificateToken((X509Certificate) certificate));
                    }
                }
            }
        }
        if (trusted.getCertificates().isEmpty()) throw new IllegalArgumentException("no certificate in " + folder);
    }

    @Override
    void prepare() throws IOException {
        try (InputStream in = Dss.class.getResourceAsStream("/policy/constraint.xml")) { // the default one, inside DSS
            String xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (strict) xml = xml.replaceAll(LATER_CHANGES, "<$1 Level=\"FAIL\"");
            policy = ValidationPolicyLoader.fromValidationPolicy(
                    new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))).create();
        }
    }

    @Override
    void asOf(String time) {
        asOf = time == null ? at : Date.from(Instant.parse(time));
    }

    @Override
    Map<String, Object> blank() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("signatures", List.of());
        answer.put("timestamps", List.of());
        return answer;
    }

    @Override
    boolean good(Map<String, Object> verdict) {
        List<?> signatures = (List<?>) verdict.get("signatures");
        return !signatures.isEmpty()
                && signatures.stream().allMatch(s -> "TOTAL_PASSED".equals(((Map<?, ?>) s).get("indication")));
    }

    @Override
    Map<String, Object> verdict(File file) {
        PDFDocumentValidator validator = new PDFDocumentValidator(new FileDocument(file));
        validator.setCertificateVerifier(verifier());
        validator.setPdfObjFactory(pdfbox());
        validator.setLocale(Locale.ENGLISH);
        validator.setEnableEtsiValidationReport(false);
        if (asOf != null) validator.setValidationTime(asOf);
        Reports reports = validator.validateDocument(policy);
        DiagnosticData data = reports.getDiagnosticData();
        SimpleReport report = reports.getSimpleReport();
        return Map.of(
                "signatures", data.getSignatures().stream().map(s -> signature(s, report, file.length())).toList(),
                "timestamps", data.getTimestampList().stream().map(t -> timestamp(t, report, file.length())).toList());
    }

    /** Nearly all the time of a validation goes into drawing each page twice for each signature. */
    private PdfBoxDefaultObjectFactory pdfbox() {
        DefaultPdfDifferencesFinder differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(visualPages);
        PdfBoxDefaultObjectFactory factory = new PdfBoxDefaultObjectFactory();
        factory.setPdfDifferencesFinder(differences);
        return factory;
    }

    /** A fresh one per file. The AIA source it is born with would use the network: it is always replaced. */
    private CertificateVerifier verifier() {
        CertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(online ? new DefaultAIASource(new LoopbackLoader(null)) : null);
        if (online) {
            verifier.setCrlSource(new OnlineCRLSource(new LoopbackLoader(null)));
            verifier.setOcspSource(new OnlineOCSPSource(new LoopbackLoader("application/ocsp-request")));
        }
        return verifier;
    }

    private static Map<String, Object> signature(SignatureWrapper signature, SimpleReport report, long fileSize) {
        String id = signature.getId();
        PDFRevisionWrapper revision = signature.getPDFRevision();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("field", revision == null ? null : revision.getFirstFieldName());
        row.put("subfilter", revision == null ? null : revision.getSubFilter());
        row.put("level", report.getSignatureFormat(id).toString().replace('_', '-'));
        row.put("indication", text(report.getIndication(id)));
        row.put("sub_indication", text(report.getSubIndication(id)));
        row.put("signed_by", report.getSignedBy(id));
        row.put("signing_time", time(report.getSigningTime(id)));
        row.put("best_signature_time", time(report.getBestSignatureTime(id)));
        row.put("errors", texts(report.getAdESValidationErrors(id)));
        row.put("warnings", texts(report.getAdESValidationWarnings(id)));
        row.put("intact", signature.isSignatureIntact() && signature.isSignatureValid());
        row.put("scope", signature.getSignatureScopes().stream().map(s -> text(s.getScope())).toList());
        row.put("covers_whole_file", coversWholeFile(revision, fileSize));
        row.put("docmdp", revision == null ? null : text(revision.getDocMDPPermissions()));
        row.put("modifications", modifications(revision));
        return row;
    }

    private static Map<String, Object> timestamp(TimestampWrapper timestamp, SimpleReport report, long fileSize) {
        String id = timestamp.getId();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("type", timestamp.getType().name());
        row.put("indication", text(report.getIndication(id)));
        row.put("sub_indication", text(report.getSubIndication(id)));
        row.put("time", time(timestamp.getProductionTime()));
        row.put("errors", texts(report.getAdESValidationErrors(id)));
        row.put("covers_whole_file", coversWholeFile(timestamp.getPDFRevision(), fileSize));
        return row;
    }

    /** Null for a timestamp inside a signature, which has no byte range of its own. */
    private static Boolean coversWholeFile(PDFRevisionWrapper revision, long fileSize) {
        if (revision == null || revision.getSignatureByteRange() == null) return null;
        List<BigInteger> range = revision.getSignatureByteRange();
        return range.size() == 4 && range.get(0).signum() == 0
                && range.get(2).add(range.get(3)).equals(BigInteger.valueOf(fileSize));
    }

    /** What later revisions changed, in DSS's own sorting. A changed Info dictionary appears nowhere. */
    private static Map<String, Object> modifications(PDFRevisionWrapper revision) {
        Map<String, Object> found = new LinkedHashMap<>();
        if (revision == null) return found;
        found.put("extension", changes(revision.getPdfExtensionChanges()));
        found.put("signature_or_form_fill", changes(revision.getPdfSignatureOrFormFillChanges()));
        found.put("annotation", changes(revision.getPdfAnnotationChanges()));
        found.put("undefined", changes(revision.getPdfUndefinedChanges()));
        found.put("pages_with_visual_difference", revision.getPdfVisualDifferenceConcernedPages());
        found.put("pages_with_annotation_overlap", revision.getPdfAnnotationsOverlapConcernedPages());
        found.put("pages_added_or_removed", revision.getPdfPageDifferenceConcernedPages());
        found.values().removeIf(values -> ((List<?>) values).isEmpty());
        return found;
    }

    private static List<String> changes(List<XmlObjectModification> objects) {
        return objects.stream().map(change -> change.getAction() + " " + change.getValue()).toList();
    }

    private static List<String> texts(List<Message> messages) {
        return messages.stream().map(Message::getValue).toList();
    }

    private static String text(Object value) {
        if (value == null) return null;
        return value instanceof Enum<?> constant ? constant.name() : value.toString();
    }

    private static String time(Date date) {
        return date == null ? null : date.toInstant().toString();
    }
}
