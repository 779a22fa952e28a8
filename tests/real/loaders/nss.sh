#!/bin/sh
# Loads each file as NSS does: certutil -A. Arguments: files. Output as in
# openssl.py; NSS takes one certificate from a file.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v certutil >/dev/null || exit 3
certutil -N -d "sql:$folder" --empty-password
for path; do
    if certutil -A -d "sql:$folder" -n one -t ,, -i "$path" 2>/dev/null; then
        digest=$(certutil -L -d "sql:$folder" -n one -r | sha256sum | cut -c1-64)
        certutil -D -d "sql:$folder" -n one
        printf '%s\ttaken\t%s\n' "$path" "$digest"
    else
        printf '%s\trefused\t\n' "$path"
    fi
done
