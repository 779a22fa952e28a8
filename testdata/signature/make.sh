#!/bin/sh
# Makes self-signed certificates of every signature algorithm that is
# computed, with OpenSSL 3. Keys are thrown away; nothing here is secret.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
make() { # name, digest, then the arguments of genpkey
    name=$1 digest=$2
    shift 2
    openssl genpkey "$@" -out "$keys/key" 2>/dev/null
    options=
    case $name in
    *pss*-salt20) options="-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20 -sigopt rsa_mgf1_md:$digest" ;;
    *pss*) options="-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1 -sigopt rsa_mgf1_md:$digest" ;;
    esac
    flag="-$digest"
    [ "$digest" = none ] && flag=
    # shellcheck disable=SC2086
    openssl req -x509 -new -key "$keys/key" $flag $options -subj "/CN=$name" -days 36500 -outform DER -out "$name.der"
}
for digest in md5 sha1 sha224 sha256 sha384 sha512; do
    make "rsa2048-$digest" "$digest" -algorithm RSA -pkeyopt rsa_keygen_bits:2048
    make "rsa1024-$digest" "$digest" -algorithm RSA -pkeyopt rsa_keygen_bits:1024
done
for digest in sha1 sha224 sha256 sha384 sha512; do
    make "rsa2048-pss-$digest" "$digest" -algorithm RSA -pkeyopt rsa_keygen_bits:2048
    for curve in P-256 P-384 P-521; do
        make "ec-$curve-$digest" "$digest" -algorithm EC -pkeyopt "ec_paramgen_curve:$curve"
    done
done
make rsa1024-pss-sha256 sha256 -algorithm RSA -pkeyopt rsa_keygen_bits:1024
make rsa2048-pss-sha256-salt20 sha256 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
make pss-key-sha256 sha256 -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
make ed25519 none -algorithm ED25519
for size in 1024:160 2048:224 2048:256 3072:256; do
    p=${size%:*} q=${size#*:}
    openssl genpkey -genparam -algorithm DSA -pkeyopt "dsa_paramgen_bits:$p" -pkeyopt "dsa_paramgen_q_bits:$q" -out "$keys/parameters" 2>/dev/null
    for digest in sha1 sha256; do
        make "dsa$p-$q-$digest" "$digest" -paramfile "$keys/parameters"
    done
done
