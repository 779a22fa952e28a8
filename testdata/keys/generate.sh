#!/bin/sh
# Makes every key of this directory anew, with OpenSSL 3.0 or later, in the
# directory that is given or this one. They are keys of tests: their secrets
# are public, and their passphrase is `open sesame`.
#
# The legacy provider writes the outdated schemes; where OpenSSL lacks it (or
# a curve), the files that need it are left as they are, and named.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here}"
umask 077
pass='pass:open sesame'

gen() { # name, then genpkey's arguments
    name=$1
    shift
    openssl genpkey -quiet "$@" -out "$name.pem" 2>/dev/null || openssl genpkey "$@" -out "$name.pem" 2>/dev/null
    openssl pkey -in "$name.pem" -pubout -out "$name.pub"
}

# --- plain keys, PKCS#8, with their public keys as OpenSSL derives them
for bits in 512 1024 2048 3072 4096 8192; do
    gen "rsa$bits" -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits"
done
gen rsa2048-other -algorithm RSA -pkeyopt rsa_keygen_bits:2048
gen rsa2048-e3 -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3
gen rsa2048-three-primes -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3
gen rsa4096-four-primes -algorithm RSA -pkeyopt rsa_keygen_bits:4096 -pkeyopt rsa_keygen_primes:4
gen rsapss2048 -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
gen rsapss2048-sha256 -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
    -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32
for curve in P-224 P-256 P-384 P-521 secp256k1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 secp160r1; do
    gen "ec-$curve" -algorithm EC -pkeyopt "ec_paramgen_curve:$curve"
done
gen ec-P-256-explicit -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit
for name in ed25519 ed448 x25519 x448; do
    gen "$name" -algorithm "$name"
done
for size in 1024:160 2048:224 2048:256 3072:256; do
    p=${size%:*} q=${size#*:}
    openssl genpkey -genparam -algorithm DSA -pkeyopt "dsa_paramgen_bits:$p" \
        -pkeyopt "dsa_paramgen_q_bits:$q" -out parameters.tmp 2>/dev/null
    gen "dsa$p-$q" -paramfile parameters.tmp
    rm parameters.tmp
done

# --- other forms of the same keys
openssl rsa -in rsa2048.pem -traditional -out rsa2048.pkcs1.pem 2>/dev/null
openssl rsa -in rsa2048-three-primes.pem -traditional -out rsa2048-three-primes.pkcs1.pem 2>/dev/null
openssl rsa -in rsa2048.pem -RSAPublicKey_out -out rsa2048.pkcs1.pub 2>/dev/null
openssl dsa -in dsa2048-256.pem -out dsa2048-256.traditional.pem 2>/dev/null
openssl dsa -in dsa1024-160.pem -out dsa1024-160.traditional.pem 2>/dev/null
for curve in P-256 P-384 P-521 secp256k1 brainpoolP256r1; do
    openssl ec -in "ec-$curve.pem" -out "ec-$curve.sec1.pem" 2>/dev/null
done
openssl ec -in ec-P-256.pem -conv_form compressed -out ec-P-256-compressed.sec1.pem 2>/dev/null
openssl ec -in ec-P-256.pem -no_public -out ec-P-256-no-public.sec1.pem 2>/dev/null
for curve in P-256 P-384 P-521 secp256k1; do
    openssl ec -in "ec-$curve.pem" -conv_form compressed -pubout -out "ec-$curve-compressed.pub" 2>/dev/null
    openssl ec -in "ec-$curve.pem" -conv_form hybrid -pubout -out "ec-$curve-hybrid.pub" 2>/dev/null
done
{ openssl ecparam -name prime256v1; cat ec-P-256.sec1.pem; } >ec-P-256-parameters-in-front.pem

# --- encrypted PKCS#8: PBES2
enc() { # input, output, then pkcs8's arguments
    in=$1 out=$2
    shift 2
    openssl pkcs8 -provider default -provider legacy -topk8 -in "$in" -passout "$pass" "$@" -out "$out" 2>/dev/null ||
        { echo "not made anew: $out" >&2; rm -f "$out.tmp"; }
}
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des3 des-cbc rc2-cbc bf-cbc camellia-256-cbc aria-256-cbc; do
    enc ec-P-256.pem "encrypted-pbes2-$cipher.pem" -v2 "$cipher"
done
for prf in hmacWithSHA1 hmacWithSHA224 hmacWithSHA256 hmacWithSHA384 hmacWithSHA512 hmacWithMD5; do
    enc ec-P-256.pem "encrypted-pbes2-$prf.pem" -v2 aes-256-cbc -v2prf "$prf"
done
enc ec-P-256.pem encrypted-pbes2-iterations-100000.pem -v2 aes-256-cbc -iter 100000
enc ec-P-256.pem encrypted-pbes2-scrypt.pem -scrypt
enc ec-P-256.pem encrypted-pbes2-scrypt-small.pem -scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 2
enc rsa2048.pem encrypted-pbes2-rsa2048.pem -v2 aes-256-cbc
enc rsa2048.pem encrypted-pbes2-sm4-cbc.pem -v2 sm4-cbc

# --- encrypted PKCS#8: PBES1 and PKCS#12 PBE
for scheme in PBE-MD5-DES PBE-SHA1-DES PBE-MD5-RC2-64 PBE-SHA1-RC2-64 PBE-SHA1-RC4-128 PBE-SHA1-RC4-40 \
    PBE-SHA1-3DES PBE-SHA1-2DES PBE-SHA1-RC2-128 PBE-SHA1-RC2-40; do
    enc ec-P-256.pem "encrypted-$scheme.pem" -v1 "$scheme"
done

# --- traditional encryption
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des-ede3-cbc des-ede-cbc des-cbc rc2-cbc bf-cbc camellia-128-cbc aes-256-cfb; do
    openssl rsa -provider default -provider legacy -in rsa1024.pem -traditional "-$cipher" \
        -passout "$pass" -out "encrypted-dek-$cipher.pem" 2>/dev/null || echo "not made anew: encrypted-dek-$cipher.pem" >&2
done
openssl ec -in ec-P-256.pem -aes256 -passout "$pass" -out encrypted-dek-ec.pem 2>/dev/null
openssl dsa -in dsa1024-160.pem -aes256 -passout "$pass" -out encrypted-dek-dsa.pem 2>/dev/null

# --- requests
openssl req -new -key rsa2048.pem -subj '/C=DE/O=Lab/CN=server.test' \
    -addext 'subjectAltName=DNS:server.test,DNS:*.server.test,IP:192.0.2.7' -out rsa2048.csr
openssl req -new -key ec-P-256.pem -subj '/CN=server.test' -out ec-P-256.csr
openssl req -new -key ed25519.pem -subj '/CN=server.test' -out ed25519.csr
# Keys that are named: SM2, Diffie-Hellman in both forms. SLH-DSA and ML-KEM are
# made by generate_post_quantum.mjs; GOST, the exponents 1 and 2^80+k over the
# primes of rsa2048, and a SEC 1 key whose curve stands in front of it alone were
# written by hand, element by element.
openssl genpkey -algorithm SM2 -out sm2.pem && openssl pkey -in sm2.pem -pubout -out sm2.pub
openssl genpkey -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem
openssl genpkey -algorithm DHX -pkeyopt group:dh_2048_256 -out dhx.pem
