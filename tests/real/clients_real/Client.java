// SunJSSE with a key store of the certificates; jobs on standard input.
import java.io.*;
import java.net.Socket;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

class Client {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] job = line.split("\t");
            try {
                connect(Integer.parseInt(job[1]), Paths.get(job[2]), job[4]);
                System.out.println(job[0] + "\tok");
            } catch (Exception refused) {
                System.out.println(job[0] + "\tno\t" + String.valueOf(refused.getMessage()).replace('\n', ' '));
            }
        }
    }

    static void connect(int port, Path store, String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        int number = 0;
        String block = "";
        for (String line : Files.readAllLines(store)) {
            block += line + "\n";
            if (line.startsWith("-----END")) {
                try {
                    trusted.setCertificateEntry("a" + number++, factory.generateCertificate(new ByteArrayInputStream(block.getBytes())));
                } catch (CertificateException unreadable) {
                    // As keytool would: it is not in the store.
                }
                block = "";
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        try (Socket plain = new Socket("127.0.0.1", port);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
            socket.setSoTimeout(20000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }
}
