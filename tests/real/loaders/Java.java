// Loads each file as keytool does: CertificateFactory.generateCertificates.
// Arguments: files. Output as in openssl.py.
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

public class Java {
    public static void main(String[] paths) throws Exception {
        for (String path : paths) {
            List<String> seen = new ArrayList<>();
            try (var input = new ByteArrayInputStream(Files.readAllBytes(Path.of(path)))) {
                for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(input)) {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(one.getEncoded());
                    seen.add(HexFormat.of().formatHex(digest));
                }
            } catch (Exception error) {
                seen.clear();
            }
            System.out.println(path + "\t" + (seen.isEmpty() ? "refused" : "taken") + "\t" + String.join(",", seen));
        }
    }
}
