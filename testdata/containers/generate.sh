#!/bin/sh
# Makes every container of this directory anew, with OpenSSL 3.0 or later and
# its legacy provider, in the directory that is given or this one. The
# passphrase is `open sesame` where none is named.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here}"
pass='pass:open sesame'
echo 'open sesame' >passphrase.txt
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out server.key 2>/dev/null
openssl req -x509 -new -key ca.key -subj '/CN=Lab CA' -days 20000 -out ca.crt
openssl req -new -key server.key -subj '/CN=server.test' -out server.csr
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -set_serial 2 -days 20000 -out server.crt 2>/dev/null
p12() { # output, then pkcs12's arguments
    out=$1
    shift
    openssl pkcs12 -export -inkey server.key -in server.crt -certfile ca.crt -name 'Straße' "$@" -out "$out"
}
p12 modern.p12 -passout "$pass"
p12 legacy.p12 -passout "$pass" -legacy
p12 triple-des.p12 -passout "$pass" -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
p12 sha512.p12 -passout "$pass" -macalg sha512
p12 without-mac.p12 -passout "$pass" -nomac
p12 plain-certificates.p12 -passout "$pass" -certpbe NONE
p12 plain.p12 -passout "$pass" -keypbe NONE -certpbe NONE
p12 camellia.p12 -passout "$pass" -keypbe camellia-256-cbc -certpbe camellia-256-cbc
# Without Oracle's attribute, and with it: Java sees 0 entries, and 1.
openssl pkcs12 -export -nokeys -in ca.crt -passout "$pass" -out trust-openssl.p12
keytool -importcert -noprompt -alias ca -file ca.crt -storetype PKCS12 -storepass 'open sesame' -keystore trust-keytool.p12
p12 empty-passphrase.p12 -passout pass:
p12 unicode.p12 -passout 'pass:pässwörd 日本'
p12 rc4.p12 -passout "$pass" -provider default -provider legacy -certpbe PBE-SHA1-RC4-128
p12 blowfish.p12 -passout "$pass" -provider default -provider legacy -certpbe bf-cbc -keypbe camellia-256-cbc
# The code over modern.p12 with one bit turned over.
python3 -c "
d = bytearray(open('modern.p12', 'rb').read())
d[d.rindex(bytes.fromhex('0420')) + 2] ^= 1
open('changed.p12', 'wb').write(d)"
openssl crl2pkcs7 -nocrl -certfile server.crt -certfile ca.crt -outform DER -out chain.p7b
: >index.tmp
printf '[ca]\ndefault_ca=x\n[x]\ndatabase=index.tmp\ndefault_md=sha256\ndefault_crl_days=20000\n' >ca.tmp
openssl ca -config ca.tmp -gencrl -keyfile ca.key -cert ca.crt -out crl.tmp 2>/dev/null
openssl crl2pkcs7 -in crl.tmp -certfile ca.crt -outform DER -out with-crl.p7b
# Keystores by Java's keytool (17), and BER by NSS (3.87) and by OpenSSL's streaming writer.
if command -v keytool >/dev/null; then
    for type in jks jceks; do
        rm -f "java.$type"
        keytool -importcert -file ca.crt -alias lab-ca -keystore "java.$type" -storetype "$type" -storepass 'open sesame' -noprompt
        keytool -importkeystore -srckeystore modern.p12 -srcstoretype PKCS12 -srcstorepass 'open sesame' -srcalias 'straße' \
            -destkeystore "java.$type" -deststoretype "$type" -deststorepass 'open sesame' -destkeypass 'open sesame' -destalias server -noprompt
    done
    # Secret keys beside them; Debian's libbcprov-java for Bouncy Castle's two.
    bouncy=/usr/share/java/bcprov.jar
    cp java.jceks sealed.jceks
    keytool -genseckey -alias secret -keyalg AES -keysize 128 -keystore sealed.jceks -storetype JCEKS -storepass 'open sesame'
    printf 'word12\nword12\n' | keytool -importpass -alias pw -keystore sealed.jceks -storetype JCEKS -storepass 'open sesame'
    if [ -e "$bouncy" ]; then
        set -- -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath "$bouncy"
        for type in bks uber; do
            rm -f "bouncy.$type"
            keytool -importcert -file ca.crt -alias lab-ca -keystore "bouncy.$type" -storetype "$type" -storepass 'open sesame' -noprompt "$@"
            keytool -importkeystore -srckeystore modern.p12 -srcstoretype PKCS12 -srcstorepass 'open sesame' -srcalias 'straße' \
                -destkeystore "bouncy.$type" -deststoretype "$type" -deststorepass 'open sesame' -destkeypass 'open sesame' -destalias server -noprompt "$@"
            keytool -genseckey -alias secret -keyalg AES -keysize 128 -keystore "bouncy.$type" -storetype "$type" -storepass 'open sesame' -keypass 'open sesame' "$@"
        done
    fi
    rm -f trust.jks
    keytool -importcert -file ca.crt -alias lab-ca -keystore trust.jks -storetype jks -storepass changeit -noprompt
fi
if command -v pk12util >/dev/null; then
    rm -rf nss.tmp && mkdir nss.tmp && echo pw12345678 >nss.tmp/pw
    certutil -N -d sql:nss.tmp -f nss.tmp/pw
    pk12util -i modern.p12 -d sql:nss.tmp -k nss.tmp/pw -W 'open sesame'
    pk12util -o nss.p12 -n 'Straße' -d sql:nss.tmp -k nss.tmp/pw -W 'open sesame'
    rm -rf nss.tmp
fi
openssl cms -sign -in ca.crt -signer server.crt -inkey server.key -certfile ca.crt -outform DER -stream -nodetach -out streamed.p7b
# What CMS has besides certificates: an empty bundle, and messages.
openssl crl2pkcs7 -nocrl -out empty.p7b
echo message >message.tmp
openssl cms -encrypt -aes128 -in message.tmp -outform DER -out enveloped.p7m server.crt
openssl cms -digest_create -in message.tmp -outform DER -out digested.p7m
openssl cms -EncryptedData_encrypt -secretkey 000102030405060708090a0b0c0d0e0f -aes128 -in message.tmp -outform DER -out encrypted.p7m
openssl cms -data_create -in message.tmp -outform DER -out data.p7m
openssl cms -sign -in message.tmp -signer server.crt -inkey server.key -outform DER -nodetach -out signed.p7m
openssl cms -sign -in message.tmp -signer server.crt -inkey server.key -outform PEM -nocerts -out detached.p7s
printf '%s\n' asn1=SEQUENCE:c '[c]' t=OID:1.2.840.113549.1.9.16.1.2 x=EXPLICIT:0,SEQUENCE:s '[s]' v=INTEGER:0 >cms.tmp
openssl asn1parse -genconf cms.tmp -noout -out authenticated.p7m
rm -f ./*.tmp ./*.tmp.attr server.csr ca.key
# equal-halves.jceks was written by hand, and keytool 17 opens it: a key under one
# iteration and a salt of equal halves.
