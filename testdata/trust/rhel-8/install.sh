#!/bin/sh
# certcheck trust plan, rpm: installs the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
# Note: to distrust a certificate on this release, put it into /etc/pki/ca-trust/source/blacklist; the other spelling is silently ignored
# Note: running programs have already read the store: restart services and Java virtual machines
# Note: Tableau Server reads this store too (Tableau's pages; not run, and that it follows OpenSSL's rules is assumed): install the certificate on every node, then `tsm restart`
set -eu
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
umask 022
trap 'exit 1' HUP INT TERM

# A line for the person at the terminal.
say() { printf '%s\n' "$*"; }

# The end, with the reason.
stop() {
  printf 'certcheck: %s\n' "$*" >&2
  exit 1
}

warn() { printf 'certcheck: %s\n' "$*" >&2; }

# Programs without which nothing is begun.
need() {
  for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 ||
      stop "the program $program is not here; nothing was changed"
  done
}

# SHA-256 of the standard input, in hexadecimal digits.
sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256
  else
    openssl dgst -sha256 -r
  fi | cut -c 1-64
}

# The bytes behind the base64 on the standard input, which has no line breaks.
unbase64() {
  # macOS before 13 spells it -D.
  if [ "$(printf 'YQ==' | base64 -d 2>/dev/null)" = a ]; then
    base64 -d 2>/dev/null
  else
    openssl base64 -d -A 2>/dev/null
  fi
}

# bundle_holds FILE SHA256 LENGTH: whether a PEM section of FILE, decoded, is the
# certificate. LENGTH is that of its base64: other sections need no look.
bundle_holds() {
  [ -r "$1" ] || return 1
  awk -v length_wanted="$3" '
    /^-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/ { inside = 1; body = ""; next }
    /^-----END / { if (inside && length(body) == length_wanted) print body; inside = 0; next }
    inside { gsub(/[ \t\r]/, ""); body = body $0 }
  ' "$1" | {
    while IFS= read -r body; do
      if [ "$(printf '%s' "$body" | unbase64 | sha256)" = "$2" ]; then
        cat >/dev/null
        exit 0
      fi
    done
    exit 1
  }
}

# file_holds FILE SHA256: whether FILE is a plain file with exactly that content.
file_holds() { [ -f "$1" ] && [ "$(sha256 <"$1")" = "$2" ]; }

# fresh DIRECTORY: a name in it that nobody can know before, as $new. It is opened
# with `set -C`, which makes a file and follows no link, and gets its mode from the
# umask: nothing is done to the name afterwards but to rename it. It goes at the end.
fresh() {
  chance=$(od -An -N12 -tx1 /dev/urandom | tr -cd 0-9a-f)
  [ "${#chance}" = 24 ] || stop 'there is no /dev/urandom to make a name from'
  new=$1/.certcheck-new.$chance
  trap 'rm -f "$new"' EXIT
}

# sweep DIRECTORY: removes what a run left there that was killed.
sweep() {
  for left in "$1"/.certcheck-new.????????????????????????; do
    if [ -f "$left" ] || [ -L "$left" ]; then rm -f "$left"; fi
  done
}

# full FILE: the end, since FILE could not be written.
full() { stop "$1 was not written whole; is the disk full? Nothing was replaced"; }

# mask MODE: the umask with which a new file has that mode.
mask() { printf '%04o' "$((0777 & ~$1))"; }

# note RECORD LINE: adds a line to a record, in one move: a record is never cut.
note() {
  if [ "$(tail -n 1 "$1" 2>/dev/null)" = "$2" ]; then return 0; fi
  fresh "$(dirname "$1")"
  (
    umask 022
    set -C
    { if [ -e "$1" ]; then cat "$1" || exit 1; fi; printf '%s\n' "$2"; } >"$new"
  ) || full "$new"
  mv -f "$new" "$1" || full "$1"
}

# begin JOURNAL: notes that something is being changed until it says that it is done.
# Was an earlier run cut off, $unfinished is 1, and nothing is believed to be as it was.
begin() {
  unfinished=0
  if [ -d "$1" ]; then
    if [ -e "$1/unfinished" ]; then unfinished=1; fi
    note "$1/unfinished" 'a run has begun, and has not ended'
  fi
}

# finish JOURNAL: all is as it should be.
finish() { rm -f "$1/unfinished"; }

# no_links JOURNAL: nothing is begun with a journal that leads elsewhere.
no_links() {
  for record in "$1" "$1"/* "$1"/.[!.]*; do
    if [ -L "$record" ]; then stop "$record is a link; nothing was changed"; fi
  done
}

# keystore_holds KEYSTORE SHA256 LENGTH: whether a Java keystore holds the
# certificate, under whatever alias; without KEYSTORE, the runtime's own.
keystore_holds() {
  if [ -n "$1" ]; then
    set -- "$2" "$3" -keystore "$1"
  else
    set -- "$2" "$3" -cacerts
  fi
  wanted=$1
  length=$2
  shift 2
  listing=$(mktemp)
  keytool -list -rfc -storepass changeit "$@" >"$listing" 2>/dev/null </dev/null || :
  if bundle_holds "$listing" "$wanted" "$length"; then
    rm -f "$listing"
    return 0
  fi
  rm -f "$listing"
  return 1
}

# make_directory PATH: makes it and what is missing above it, and notes each before,
# so that what is empty in the end can go again.
make_directory() {
  [ -d "$1" ] && return 0
  make_directory "$(dirname "$1")"
  if [ -z "$journal" ] || ! grep -qxF "$1" "$journal/directories" 2>/dev/null; then
    made="$1
$made"
  fi
  if [ -n "$journal" ] && [ -d "$journal" ]; then note_directories "$journal"; fi
  mkdir "$1" || stop "$1 cannot be made"
  changed=1
}

# open_journal DIRECTORY: where it is written what undoing may touch.
open_journal() {
  journal=
  make_directory "$1"
  journal=$1
  note_directories "$1"
  begin "$1"
}

# note_directories JOURNAL: writes down the directories that were made since.
note_directories() {
  if [ -n "$made" ]; then
    fresh "$1"
    (
      umask 022
      set -C
      {
        printf '%s' "$made"
        if [ -e "$1/directories" ]; then cat "$1/directories" || exit 1; fi
      } >"$new"
    ) || full "$new"
    mv -f "$new" "$1/directories" || full "$1/directories"
    made=
  fi
}

# may_write FILE SHA256: nothing is begun if FILE is there and is something else.
may_write() {
  if [ -e "$1" ] || [ -L "$1" ]; then
    file_holds "$1" "$2" || stop "$1 exists and is something else; nothing was changed"
  fi
}

# put FILE MODE SHA256 RECORD: writes the standard input to FILE in one move,
# after it was written down in RECORD. A file that is there already is not ours.
put() {
  if [ -e "$1" ]; then
    file_holds "$1" "$3" || stop "$1 exists and is something else"
    cat >/dev/null
    say "there already: $1"
    return 0
  fi
  fresh "$(dirname "$1")"
  (umask "$(mask "$2")"; set -C; cat >"$new") || full "$new"
  file_holds "$new" "$3" || full "$new"
  # The record makes its own file beside itself.
  written=$new
  note "$4" "file $3 $1"
  new=$written
  trap 'rm -f "$new"' EXIT
  mv -f "$new" "$1" || full "$1"
  changed=1
  say "written: $1"
}

# whole BUNDLE: whether each of its sections has an end.
whole() {
  awk '/^-----BEGIN /{ open++; if (inside) bad = 1; inside = 1 }
    /^-----END /{ shut++; inside = 0 }
    END { exit !(open == shut && !bad && !inside) }' "$1"
}

complain() { [ "$quiet" = 1 ] || printf 'certcheck: not so: %s\n' "$*" >&2; }

# Checks the store's contents, never an exit status.
verify() {
  result=0
  if ! file_holds /etc/pki/ca-trust/source/anchors/certcheck-example-root-ca-0bb7fb95d303.pem b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46; then
    complain '/etc/pki/ca-trust/source/anchors/certcheck-example-root-ca-0bb7fb95d303.pem holds what the plan wrote'
    result=1
  fi
  if ! bundle_holds /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
    complain '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
    result=1
  fi
  if [ -e /etc/pki/ca-trust/extracted/java/cacerts ] && command -v keytool >/dev/null 2>&1; then
    if ! keystore_holds /etc/pki/ca-trust/extracted/java/cacerts 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1 1076; then
      complain 'the Java keystore /etc/pki/ca-trust/extracted/java/cacerts holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
      result=1
    fi
  fi
  return "$result"
}

main() {
  changed=0
  made=
  journal=
  quiet=1
  if [ ! -e /var/lib/certcheck/trust/unfinished ] && verify; then
    say 'nothing to do: it is installed, and the store holds it'
    return 0
  fi
  need update-ca-trust
  may_write /etc/pki/ca-trust/source/anchors/certcheck-example-root-ca-0bb7fb95d303.pem b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46
  no_links /var/lib/certcheck/trust
  sweep /etc/pki/ca-trust/source/anchors
  sweep /var/lib/certcheck/trust
  open_journal /var/lib/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # only the certificate, as clean PEM: CN=Example Root CA, O=Example Trust (needs root)
  put /etc/pki/ca-trust/source/anchors/certcheck-example-root-ca-0bb7fb95d303.pem 0644 b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46 /var/lib/certcheck/trust/rpm-certcheck-example-root-ca-0bb7fb95d303 <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
-----BEGIN CERTIFICATE-----
MIIDITCCAgmgAwIBAgIBATANBgkqhkiG9w0BAQsFADAyMRYwFAYDVQQKDA1FeGFt
cGxlIFRydXN0MRgwFgYDVQQDDA9FeGFtcGxlIFJvb3QgQ0EwHhcNMjAwMTAxMDAw
MDAwWhcNNDAwMTAxMDAwMDAwWjAyMRYwFAYDVQQKDA1FeGFtcGxlIFRydXN0MRgw
FgYDVQQDDA9FeGFtcGxlIFJvb3QgQ0EwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAw
ggEKAoIBAQDV/qmpBK+DxbEU9drz7aje8r3baqVdYwB5O2ANNOKC6upaSHIm0vys
ZJN8hcGacao4Ohhm5LuyYGY6gDY2SK5P3WwOhWQevkrsmAI6vBq45FeAvW6LyIZG
jCF9LjJD1l9wsO3Xg+UqSOEpvkd3X6isUiGCus44+A+UxT9hSXzHxq/EYecKynQ4
sMxTC6tJmJR9nDv2Gq/beGueddjbhsUeW4ENkY7pRrfMDoGVYyJYZHWaoYc8P4eo
SODPEZx/DOOMFTBJ3v6d3c4SvlP+XP2dnyTa6fEu/7pDFVkxXQ/FsVCWSURDio1y
oEW1HUBBC5ifjAISKJHGySXa+4sDZ+cxAgMBAAGjQjBAMA8GA1UdEwEB/wQFMAMB
Af8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBQvZEdYEOjAfFT+djc+iwsP+sk6
6jANBgkqhkiG9w0BAQsFAAOCAQEAqtaMGhskzY8ZwuP9NZhokYG0+2m3sfLb8z5b
aqEFxJt0y956ixuTZP8sMaqdFDiV0ULGGX7nR7BYv8eI1m8r+ViLkjkgzUyyhCpK
7IBIb8//9fGzEFP4XNmVQNxMLJM5sC7wVf/xOiQqZDID9loz8VBJF9PVZd9/VaLc
f2b2sXF6z7LXaVa3+i7eE60sdswdD4rJ7M+Ty1MzbORbFNCCGYp2wZMI3xCuYG65
IdCm/QFe0qQVlJGLlJO4yT/Zsov3ONq5gxVCbKlfewMLqxR3lRM4/rpggCAqeld6
JlN9UQZkVLeAQCpPyj3f9h8H30sunxCRmljME6Mq+e9g2Uq1lQ==
-----END CERTIFICATE-----
END-OF-FILE-WRITTEN-BY-CERTCHECK
  # writes the bundles for OpenSSL, GnuTLS and Java; its exit status is no proof, so the checks look at the result (needs root)
  if { [ "$changed" = 1 ] || ! verify; }; then
    update-ca-trust extract || warn 'that failed; the checks decide'
    changed=1
  fi
  note_directories /var/lib/certcheck/trust
  quiet=0
  verify || stop 'the store does not hold what was installed'
  finish /var/lib/certcheck/trust
  [ "$changed" = 1 ] || say 'nothing was changed'
  say 'installed, and the store holds it'
}

main
