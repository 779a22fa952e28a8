#!/bin/sh
# certcheck trust plan, nss: installs the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=server.example.test, O=Example
#     a self-signed end-entity certificate
#     SHA-256 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3
# Note: close the browser first, and restart it afterwards; Fedora's Firefox reads p11-kit's store instead
# Note: policies.json (Certificates.Install) also installs certificates in Firefox, without a database
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

# database_holds DIRECTORY NICKNAME SHA256: whether an NSS database holds the
# certificate under that nickname.
database_holds() {
  # -a appends more certificates of the same name: the first counts.
  [ "$(certutil -L -d "sql:$1" -n "$2" -r 2>/dev/null | sha256)" = "$3" ]
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

# entry RECORD WORDS: writes down that an entry of a store is about to be made.
entry() { note "$1" "entry $2"; }

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
  if [ -e /home/ada/.pki/nssdb/cert9.db ]; then
    if ! database_holds /home/ada/.pki/nssdb certcheck-example-root-ca-0bb7fb95d303 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
      complain 'the database in /home/ada/.pki/nssdb holds certcheck-example-root-ca-0bb7fb95d303'
      result=1
    fi
  fi
  if [ -e /home/ada/.pki/nssdb/cert9.db ]; then
    if ! database_holds /home/ada/.pki/nssdb certcheck-server-example-test-588fe6afc4f8 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
      complain 'the database in /home/ada/.pki/nssdb holds certcheck-server-example-test-588fe6afc4f8'
      result=1
    fi
  fi
  if [ -e /home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db ]; then
    if ! database_holds /home/ada/.mozilla/firefox/abcd1234.default-release certcheck-example-root-ca-0bb7fb95d303 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
      complain 'the database in /home/ada/.mozilla/firefox/abcd1234.default-release holds certcheck-example-root-ca-0bb7fb95d303'
      result=1
    fi
  fi
  if [ -e /home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db ]; then
    if ! database_holds /home/ada/.mozilla/firefox/abcd1234.default-release certcheck-server-example-test-588fe6afc4f8 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
      complain 'the database in /home/ada/.mozilla/firefox/abcd1234.default-release holds certcheck-server-example-test-588fe6afc4f8'
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
  if [ ! -e /home/ada/.local/state/certcheck/trust/unfinished ] && verify; then
    say 'nothing to do: it is installed, and the store holds it'
    return 0
  fi
  no_links /home/ada/.local/state/certcheck/trust
  sweep /home/ada/.local/state/certcheck/trust
  open_journal /home/ada/.local/state/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # one certificate at a time, since certutil imports only the first: CN=Example Root CA, O=Example Trust
  if [ -e /home/ada/.pki/nssdb/cert9.db ] && ! database_holds /home/ada/.pki/nssdb certcheck-example-root-ca-0bb7fb95d303 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
    entry /home/ada/.local/state/certcheck/trust/nss-certcheck-example-root-ca-0bb7fb95d303-0 '/home/ada/.pki/nssdb certcheck-example-root-ca-0bb7fb95d303'
    certutil -A -d sql:/home/ada/.pki/nssdb -t C,, -n certcheck-example-root-ca-0bb7fb95d303 -a <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
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
    changed=1
  fi
  # one certificate at a time, since certutil imports only the first: CN=server.example.test, O=Example
  if [ -e /home/ada/.pki/nssdb/cert9.db ] && ! database_holds /home/ada/.pki/nssdb certcheck-server-example-test-588fe6afc4f8 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
    entry /home/ada/.local/state/certcheck/trust/nss-certcheck-server-example-test-588fe6afc4f8-0 '/home/ada/.pki/nssdb certcheck-server-example-test-588fe6afc4f8'
    certutil -A -d sql:/home/ada/.pki/nssdb -t P,, -n certcheck-server-example-test-588fe6afc4f8 -a <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
-----BEGIN CERTIFICATE-----
MIIDZDCCAkygAwIBAgICIBkwDQYJKoZIhvcNAQELBQAwMDEQMA4GA1UECgwHRXhh
bXBsZTEcMBoGA1UEAwwTc2VydmVyLmV4YW1wbGUudGVzdDAeFw0yNjA2MDEwMDAw
MDBaFw0yNzA2MDEwMDAwMDBaMDAxEDAOBgNVBAoMB0V4YW1wbGUxHDAaBgNVBAMM
E3NlcnZlci5leGFtcGxlLnRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQC4bqfqsD0drGP2O0bMCtB7rivULnYhQDDVhtEeeea3l+XBn7KOsDL8rX4W
02TxI6nRptRkn6WP+vLn7+6C6AJju6dUIG07PzTtNoIVInkkML07FnykvbLXZUDv
sQDGVIh7ufJFXV5wuZYa2wuOLHFvXaresJ68CcVu97YcNLImjzQv9tEPWpg2jENH
diKmcXBcEDuvM3z5rRYIj2J0Z4NOKqO77MvJEeMyH10Yga++ceWKljT1BrX//72j
pKguFBsmJZYi0k65GGFi6XCShZ2wkKYdPK3hNGLxtPNVBdCDJ0ENGJ97DU/5ZD1t
cAy5pEtYXlS4VeEsQhuyQ3qw31VVAgMBAAGjgYcwgYQwDAYDVR0TAQH/BAIwADAO
BgNVHQ8BAf8EBAMCBaAwHQYDVR0OBBYEFPq2j73hNfZugg5plaHrvhSk8x23MBMG
A1UdJQQMMAoGCCsGAQUFBwMBMDAGA1UdEQQpMCeCE3NlcnZlci5leGFtcGxlLnRl
c3SCEHd3dy5leGFtcGxlLnRlc3QwDQYJKoZIhvcNAQELBQADggEBAK+kUKS3LKIt
7kkPZP8hbDIPQUTHmGb+D3z85dA/JJ0dCGaEH7ByKR0UP4n7XvJmFgRc1SVxVPyg
S+PyeXV6kCWT44h1a6tE5L7Ny1SfBEyvQe6QpUXWN3C3D1Ao7J5V/xcaQ+3O24ky
UKrMe5ohmOG0OS3QOObBFAtlV8ZmYvEy3I27E8BUxTNHKBymyj7bE7/lOQzJ1sCk
41fzsLWWQCWvgrNAGUt3UPC1jts/R8jkhO1EEWt38s2D8VDoRdLvCPYelgWMmO+P
Yujnz/cRtWnW5pjFM9c1AU1SR5UzSa/Y2sFchzS7afDZ2AuvqLboFY9TGlkpywyo
hxDfLNgKNEE=
-----END CERTIFICATE-----
END-OF-FILE-WRITTEN-BY-CERTCHECK
    changed=1
  fi
  # one certificate at a time, since certutil imports only the first: CN=Example Root CA, O=Example Trust
  if [ -e /home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db ] && ! database_holds /home/ada/.mozilla/firefox/abcd1234.default-release certcheck-example-root-ca-0bb7fb95d303 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
    entry /home/ada/.local/state/certcheck/trust/nss-certcheck-example-root-ca-0bb7fb95d303-1 '/home/ada/.mozilla/firefox/abcd1234.default-release certcheck-example-root-ca-0bb7fb95d303'
    certutil -A -d sql:/home/ada/.mozilla/firefox/abcd1234.default-release -t C,, -n certcheck-example-root-ca-0bb7fb95d303 -a <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
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
    changed=1
  fi
  # one certificate at a time, since certutil imports only the first: CN=server.example.test, O=Example
  if [ -e /home/ada/.mozilla/firefox/abcd1234.default-release/cert9.db ] && ! database_holds /home/ada/.mozilla/firefox/abcd1234.default-release certcheck-server-example-test-588fe6afc4f8 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
    entry /home/ada/.local/state/certcheck/trust/nss-certcheck-server-example-test-588fe6afc4f8-1 '/home/ada/.mozilla/firefox/abcd1234.default-release certcheck-server-example-test-588fe6afc4f8'
    certutil -A -d sql:/home/ada/.mozilla/firefox/abcd1234.default-release -t C,, -n certcheck-server-example-test-588fe6afc4f8 -a <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
-----BEGIN CERTIFICATE-----
MIIDZDCCAkygAwIBAgICIBkwDQYJKoZIhvcNAQELBQAwMDEQMA4GA1UECgwHRXhh
bXBsZTEcMBoGA1UEAwwTc2VydmVyLmV4YW1wbGUudGVzdDAeFw0yNjA2MDEwMDAw
MDBaFw0yNzA2MDEwMDAwMDBaMDAxEDAOBgNVBAoMB0V4YW1wbGUxHDAaBgNVBAMM
E3NlcnZlci5leGFtcGxlLnRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQC4bqfqsD0drGP2O0bMCtB7rivULnYhQDDVhtEeeea3l+XBn7KOsDL8rX4W
02TxI6nRptRkn6WP+vLn7+6C6AJju6dUIG07PzTtNoIVInkkML07FnykvbLXZUDv
sQDGVIh7ufJFXV5wuZYa2wuOLHFvXaresJ68CcVu97YcNLImjzQv9tEPWpg2jENH
diKmcXBcEDuvM3z5rRYIj2J0Z4NOKqO77MvJEeMyH10Yga++ceWKljT1BrX//72j
pKguFBsmJZYi0k65GGFi6XCShZ2wkKYdPK3hNGLxtPNVBdCDJ0ENGJ97DU/5ZD1t
cAy5pEtYXlS4VeEsQhuyQ3qw31VVAgMBAAGjgYcwgYQwDAYDVR0TAQH/BAIwADAO
BgNVHQ8BAf8EBAMCBaAwHQYDVR0OBBYEFPq2j73hNfZugg5plaHrvhSk8x23MBMG
A1UdJQQMMAoGCCsGAQUFBwMBMDAGA1UdEQQpMCeCE3NlcnZlci5leGFtcGxlLnRl
c3SCEHd3dy5leGFtcGxlLnRlc3QwDQYJKoZIhvcNAQELBQADggEBAK+kUKS3LKIt
7kkPZP8hbDIPQUTHmGb+D3z85dA/JJ0dCGaEH7ByKR0UP4n7XvJmFgRc1SVxVPyg
S+PyeXV6kCWT44h1a6tE5L7Ny1SfBEyvQe6QpUXWN3C3D1Ao7J5V/xcaQ+3O24ky
UKrMe5ohmOG0OS3QOObBFAtlV8ZmYvEy3I27E8BUxTNHKBymyj7bE7/lOQzJ1sCk
41fzsLWWQCWvgrNAGUt3UPC1jts/R8jkhO1EEWt38s2D8VDoRdLvCPYelgWMmO+P
Yujnz/cRtWnW5pjFM9c1AU1SR5UzSa/Y2sFchzS7afDZ2AuvqLboFY9TGlkpywyo
hxDfLNgKNEE=
-----END CERTIFICATE-----
END-OF-FILE-WRITTEN-BY-CERTCHECK
    changed=1
  fi
  note_directories /home/ada/.local/state/certcheck/trust
  quiet=0
  verify || stop 'the store does not hold what was installed'
  finish /home/ada/.local/state/certcheck/trust
  [ "$changed" = 1 ] || say 'nothing was changed'
  say 'installed, and the store holds it'
}

main
