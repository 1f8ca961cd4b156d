package judges;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.service.http.commons.TimestampDataLoader;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Signs a PDF as the EU's Digital Signature Service does: STORE.p12 PASSWORD LEVEL IN OUT [TSA]. LEVEL is B, T, LT or LTA. */
public final class DssSigner {

    public static void main(String[] args) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(args[0])) {
            store.load(in, args[1].toCharArray());
        }
        String alias = store.aliases().nextElement();
        List<CertificateToken> chain = new ArrayList<>();
        for (Certificate one : store.getCertificateChain(alias)) chain.add(new CertificateToken((X509Certificate) one));
        PrivateKey key = (PrivateKey) store.getKey(alias, args[1].toCharArray());

        PAdESSignatureParameters how = new PAdESSignatureParameters();
        how.setSignatureLevel(SignatureLevel.valueOf("PAdES_BASELINE_" + args[2]));
        how.setDigestAlgorithm(DigestAlgorithm.SHA256);
        how.setSigningCertificate(chain.get(0));
        how.setCertificateChain(chain);

        PAdESService service = new PAdESService(verifier(chain.get(chain.size() - 1), args.length > 5));
        if (args.length > 5) service.setTspSource(new OnlineTSPSource(args[5], new TimestampDataLoader()));
        DSSDocument plain = new FileDocument(args[3]);
        SignatureAlgorithm algorithm =
                SignatureAlgorithm.getAlgorithm(EncryptionAlgorithm.forKey(key), DigestAlgorithm.SHA256);
        Signature signature = Signature.getInstance(algorithm.getJCEId());
        signature.initSign(key);
        signature.update(service.getDataToSign(plain, how).getBytes());
        service.signDocument(plain, how, new SignatureValue(algorithm, signature.sign())).save(args[4]);
    }

    private static CommonCertificateVerifier verifier(CertificateToken root, boolean online) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(root);
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        if (online) {
            verifier.setOcspSource(new OnlineOCSPSource());
            verifier.setCrlSource(new OnlineCRLSource());
        }
        return verifier;
    }
}
