// Loads each key as Java does without a keystore: KeyFactory with the file's
// bytes as PKCS#8. Arguments and output as in openssl.py; Java reads no PEM.
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;

public class Java {
    public static void main(String[] arguments) throws Exception {
        for (int index = 1; index + 1 < arguments.length; index += 2) {
            byte[] bytes = Files.readAllBytes(Path.of(arguments[index]));
            String verdict = "refused", said = "";
            for (String name : new String[] {"RSA", "RSASSA-PSS", "DSA", "EC", "EdDSA"}) {
                try {
                    KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(bytes));
                    verdict = "taken";
                    said = name;
                    break;
                } catch (Exception error) {
                    said = String.valueOf(error.getMessage()).replace("\n", " ");
                }
            }
            System.out.println(arguments[index] + "\t" + verdict + "\t" + said);
        }
    }
}
