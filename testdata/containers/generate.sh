#!/bin/sh
# Makes every container of this directory anew, with OpenSSL 3.0 or later and
# its legacy provider, in the directory that is given or this one. The
# passphrase is `open sesame` where none is named.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here}"
pass='pass:open sesame'
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
p12 empty-passphrase.p12 -passout pass:
p12 unicode.p12 -passout 'pass:pässwörd 日本'
p12 rc4.p12 -passout "$pass" -provider default -provider legacy -certpbe PBE-SHA1-RC4-128
openssl crl2pkcs7 -nocrl -certfile server.crt -certfile ca.crt -outform DER -out chain.p7b
: >index.tmp
printf '[ca]\ndefault_ca=x\n[x]\ndatabase=index.tmp\ndefault_md=sha256\ndefault_crl_days=20000\n' >ca.tmp
openssl ca -config ca.tmp -gencrl -keyfile ca.key -cert ca.crt -out crl.tmp 2>/dev/null
openssl crl2pkcs7 -in crl.tmp -certfile ca.crt -outform DER -out with-crl.p7b
rm -f ./*.tmp ./*.tmp.attr server.csr ca.key
