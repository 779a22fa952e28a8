// What Java says: connections, key stores and files of certificates, one job a line.
import java.io.*;
import java.net.Socket;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

class Clients {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] job = line.split("\t", -1);
            StringBuilder text = new StringBuilder();
            try {
                answer(job);
            } catch (Exception refused) {
                String before = "";
                for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                    text.append(before).append(cause);
                    before = "\nCaused by: ";
                }
            }
            System.out.println(job[0] + "\t" + text.toString().replace("\n", "\\n"));
        }
    }

    static void answer(String[] job) throws Exception {
        switch (job[1]) {
            case "certificates" -> {
                try (InputStream in = Files.newInputStream(Path.of(job[2]))) {
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
                }
            }
            case "keystore" -> KeyStore.getInstance(job[2]).load(Files.newInputStream(Path.of(job[3])), job[4].toCharArray());
            default -> connect(Integer.parseInt(job[2]), Path.of(job[3]), job[4]);
        }
    }

    static void connect(int port, Path store, String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(store)) {
            int number = 0;
            for (java.security.cert.Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in))
                trusted.setCertificateEntry("a" + number++, one);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        try (Socket plain = new Socket("127.0.0.1", port);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
            socket.setSoTimeout(10000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
            socket.getInputStream().read();
        }
    }
}
