#!/bin/sh
# Loads each key as NSS does: pk12util -i. Arguments and output as in
# openssl.py; NSS reads keys from PKCS#12 only.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v pk12util >/dev/null || exit 3
certutil -N -d "sql:$folder" --empty-password
passphrase=$1
shift
while [ $# -gt 1 ]; do
    if said=$(pk12util -i "$1" -d "sql:$folder" -W "$passphrase" 2>&1); then
        printf '%s\ttaken\t\n' "$1"
    else
        printf '%s\trefused\t%s\n' "$1" "$(printf %s "$said" | tr '\n\t' '  ')"
    fi
    shift 2
done
