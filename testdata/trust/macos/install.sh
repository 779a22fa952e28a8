#!/bin/sh
# certcheck trust plan, macos: installs the following.
#   CN=Example Root CA, O=Example Trust
#     a root
#     SHA-256 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1
#   CN=Example Issuing CA, O=Example Trust
#     an intermediate
#     SHA-256 ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc
#   CN=server.example.test, O=Example
#     a self-signed end-entity certificate
#     SHA-256 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3
# Note: since macOS 11 root alone is not enough: a dialog asks for an administrator's password at each change of trust. Over ssh and in CI it fails (`The authorization was denied since no user interaction was possible`): let an MDM install the .mobileconfig instead
# Note: Keychain Access' "New Certificate Preference" is about S/MIME, and has no effect on trust
# Note: below an added root, a server certificate may be valid for at most 825 days; a server certificate that is itself trusted has no such limit
# Note: Tableau Desktop and Prep read the system's keychain (Tableau's pages; not run): restart them
# Note: Java, Node, Python.org's Python and Homebrew's OpenSSL do not read keychains; restart running programs
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

# keychain_holds KEYCHAIN SHA256: whether a keychain of macOS holds the certificate.
keychain_holds() {
  security find-certificate -a -Z "$1" 2>/dev/null |
    tr '[:upper:]' '[:lower:]' | grep -q "^sha-256 hash: $2\$"
}

# keychain_trusts SHA1: whether the administrator's trust settings of macOS speak
# of the certificate.
keychain_trusts() {
  settings=$(mktemp)
  security trust-settings-export -d "$settings" >/dev/null 2>&1 || :
  if grep -qi "<key>$1</key>" "$settings"; then
    rm -f "$settings"
    return 0
  fi
  rm -f "$settings"
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
  if ! file_holds /usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46; then
    complain '/usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem holds what the plan wrote'
    result=1
  fi
  if ! keychain_holds /Library/Keychains/System.keychain 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1; then
    complain '/Library/Keychains/System.keychain holds the certificate 0bb7fb95d30383c79e7f02394ef4b0639d0f0507210923a4a04d3898b1d1f7b1'
    result=1
  fi
  if ! keychain_trusts CECD4E81AA61C13972538EBA936F086BF86FBDAA; then
    complain 'the trust settings contain CECD4E81AA61C13972538EBA936F086BF86FBDAA'
    result=1
  fi
  if ! file_holds /usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem 80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd; then
    complain '/usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem holds what the plan wrote'
    result=1
  fi
  if ! keychain_holds /Library/Keychains/System.keychain ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc; then
    complain '/Library/Keychains/System.keychain holds the certificate ee3ebe7542866cade097e3a1ac2439335a641ad7cc00bd8216ad4b8321ed97fc'
    result=1
  fi
  if ! keychain_trusts F909591325070C6E0C0DED4F29B2CE51B356403C; then
    complain 'the trust settings contain F909591325070C6E0C0DED4F29B2CE51B356403C'
    result=1
  fi
  if ! file_holds /usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem 1f3f8709e210d6b1dbb0918ee7430de87fc4349d092763a2189fb19754e20435; then
    complain '/usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem holds what the plan wrote'
    result=1
  fi
  if ! keychain_holds /Library/Keychains/System.keychain 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3; then
    complain '/Library/Keychains/System.keychain holds the certificate 588fe6afc4f828f9464e8b5f2470d0ad725352d44b1966b447b19046bc8e01e3'
    result=1
  fi
  if ! keychain_trusts 27E90C35831C67E61917C3323454418124238E56; then
    complain 'the trust settings contain 27E90C35831C67E61917C3323454418124238E56'
    result=1
  fi
  return "$result"
}

main() {
  changed=0
  made=
  journal=
  quiet=1
  if [ ! -e /var/db/certcheck/trust/unfinished ] && verify; then
    say 'nothing to do: it is installed, and the store holds it'
    return 0
  fi
  need security
  may_write /usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46
  may_write /usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem 80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd
  may_write /usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem 1f3f8709e210d6b1dbb0918ee7430de87fc4349d092763a2189fb19754e20435
  may_write /usr/local/share/certcheck/certcheck-8592a9b0222d.mobileconfig 06bbe0aeef58725ed61d7ee873687f6443ae179fe856ed16d143bd15960763fd
  no_links /var/db/certcheck/trust
  sweep /usr/local/share/certcheck
  sweep /var/db/certcheck/trust
  open_journal /var/db/certcheck/trust
  [ "$unfinished" = 0 ] || changed=1
  # for the certificates' own files (needs root)
  make_directory /usr/local/share/certcheck
  # `security` accepts one certificate per call, to install and to undo: CN=Example Root CA, O=Example Trust (needs root)
  put /usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem 0644 b019703b8f2b642a76afc3fb5338a47a978cefe25ddac5be17a8b01af3956c46 /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303 <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
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
  # adds the certificate to the system's keychain and trusts it for TLS; an administrator must confirm it (needs root)
  if ! keychain_trusts CECD4E81AA61C13972538EBA936F086BF86FBDAA; then
    entry /var/db/certcheck/trust/macos-certcheck-example-root-ca-0bb7fb95d303 CECD4E81AA61C13972538EBA936F086BF86FBDAA
    security add-trusted-cert -d -r trustRoot -p ssl -p basic -k /Library/Keychains/System.keychain /usr/local/share/certcheck/certcheck-example-root-ca-0bb7fb95d303.pem || warn 'that failed; the checks decide'
    changed=1
  fi
  # `security` accepts one certificate per call, to install and to undo: CN=Example Issuing CA, O=Example Trust (needs root)
  put /usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem 0644 80fde7324454eecb843da2eb383476264f13b3c70e9f0792e238f54224e84ffd /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286 <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
-----BEGIN CERTIFICATE-----
MIIDSTCCAjGgAwIBAgICEAEwDQYJKoZIhvcNAQELBQAwMjEWMBQGA1UECgwNRXhh
bXBsZSBUcnVzdDEYMBYGA1UEAwwPRXhhbXBsZSBSb290IENBMB4XDTIyMDEwMTAw
MDAwMFoXDTM1MDEwMTAwMDAwMFowNTEWMBQGA1UECgwNRXhhbXBsZSBUcnVzdDEb
MBkGA1UEAwwSRXhhbXBsZSBJc3N1aW5nIENBMIIBIjANBgkqhkiG9w0BAQEFAAOC
AQ8AMIIBCgKCAQEAqkpiq9RMxx8D4Ig7Bi35gItRbj8W1w+1AI5D4AHKSnO93M3p
kZ/0RY+V7KG8lEHfE6Eo6J2TZc/3LXpOuw6CmS7dyRvTAaQkbv6Z3i2nok6t2awb
+DKlwXXcbgZ1jnKejG/1i4q9/NZLIDxoWbvWU64ro9+eRQPR6HJcU2/XmKMqzrhb
L6HcyQY/xabl6oKEXbIPzssaSOBnW+rFr2sxb9z4vHepj4G6JSg1MW4SnsGTmXqn
OTMUUBPxcGMu3AA4aG9dkVpqMeVMbIXEjL6yZI/0K4x/Mu8zrcLzdiDI+baqEM6j
kMqydApoG9kgu1KylCkimCYe+AV+FlNcZm3ZhQIDAQABo2YwZDASBgNVHRMBAf8E
CDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQU7qJfBf2Ge8lfrX4h
4VaOKcVNQiswHwYDVR0jBBgwFoAUL2RHWBDowHxU/nY3PosLD/rJOuowDQYJKoZI
hvcNAQELBQADggEBAGOH6QtH0uxUIANZVXi2bh/4VAxjflJqugEi/9tLnlEfVm8G
BIl3cWYqSEuypFn2nGCV5CPw9oISmLQUrwaouRg8fAYkaBsqHqxxWX1pjP6howzF
PWsvsJbX8QrxbNCz0nlpREU6HHY1/SiT5BUJxvyS7FROB+lD6h5AT3XbP2nPR/va
8yba8RmxuqctBKbcMdQuvKHV5k/TZ6Su/TUcJkbGFjeZRAeqhDTejFDei910eZWM
/B+oANXdZ++blNsJOWVHFOLYFtF5fhV1EHbE/PY1Hfjk6/+qq94zMBf3xnCex4wy
cVN0UVuDm8ka5SNaMJ0KismNoG9/QUF0LKnHXvw=
-----END CERTIFICATE-----
END-OF-FILE-WRITTEN-BY-CERTCHECK
  # adds the certificate to the system's keychain and trusts it for TLS; an administrator must confirm it (needs root)
  if ! keychain_trusts F909591325070C6E0C0DED4F29B2CE51B356403C; then
    entry /var/db/certcheck/trust/macos-certcheck-example-issuing-ca-ee3ebe754286 F909591325070C6E0C0DED4F29B2CE51B356403C
    security add-trusted-cert -d -r trustAsRoot -p ssl -p basic -k /Library/Keychains/System.keychain /usr/local/share/certcheck/certcheck-example-issuing-ca-ee3ebe754286.pem || warn 'that failed; the checks decide'
    changed=1
  fi
  # `security` accepts one certificate per call, to install and to undo: CN=server.example.test, O=Example (needs root)
  put /usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem 0644 1f3f8709e210d6b1dbb0918ee7430de87fc4349d092763a2189fb19754e20435 /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8 <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
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
  # adds the certificate to the system's keychain and trusts it for TLS; an administrator must confirm it (needs root)
  if ! keychain_trusts 27E90C35831C67E61917C3323454418124238E56; then
    entry /var/db/certcheck/trust/macos-certcheck-server-example-test-588fe6afc4f8 27E90C35831C67E61917C3323454418124238E56
    security add-trusted-cert -d -r trustRoot -p ssl -p basic -k /Library/Keychains/System.keychain /usr/local/share/certcheck/certcheck-server-example-test-588fe6afc4f8.pem || warn 'that failed; the checks decide'
    changed=1
  fi
  # the same as a configuration profile, for an MDM or for System Settings; it is written, not installed (needs root)
  put /usr/local/share/certcheck/certcheck-8592a9b0222d.mobileconfig 0644 06bbe0aeef58725ed61d7ee873687f6443ae179fe856ed16d143bd15960763fd /var/db/certcheck/trust/macos-certcheck-8592a9b0222d <<'END-OF-FILE-WRITTEN-BY-CERTCHECK'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key>
      <string>com.apple.security.root</string>
      <key>PayloadIdentifier</key>
      <string>certcheck-8592a9b0222d.certcheck-example-root-ca-0bb7fb95d303</string>
      <key>PayloadUUID</key>
      <string>0BB7FB95-D303-83C7-8E7F-02394EF4B063</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadDisplayName</key>
      <string>certcheck-example-root-ca-0bb7fb95d303</string>
      <key>PayloadCertificateFileName</key>
      <string>certcheck-example-root-ca-0bb7fb95d303.cer</string>
      <key>PayloadContent</key>
      <data>
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
      </data>
    </dict>
    <dict>
      <key>PayloadType</key>
      <string>com.apple.security.pkcs1</string>
      <key>PayloadIdentifier</key>
      <string>certcheck-8592a9b0222d.certcheck-example-issuing-ca-ee3ebe754286</string>
      <key>PayloadUUID</key>
      <string>EE3EBE75-4286-8CAD-8097-E3A1AC243933</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadDisplayName</key>
      <string>certcheck-example-issuing-ca-ee3ebe754286</string>
      <key>PayloadCertificateFileName</key>
      <string>certcheck-example-issuing-ca-ee3ebe754286.cer</string>
      <key>PayloadContent</key>
      <data>
        MIIDSTCCAjGgAwIBAgICEAEwDQYJKoZIhvcNAQELBQAwMjEWMBQGA1UECgwNRXhh
        bXBsZSBUcnVzdDEYMBYGA1UEAwwPRXhhbXBsZSBSb290IENBMB4XDTIyMDEwMTAw
        MDAwMFoXDTM1MDEwMTAwMDAwMFowNTEWMBQGA1UECgwNRXhhbXBsZSBUcnVzdDEb
        MBkGA1UEAwwSRXhhbXBsZSBJc3N1aW5nIENBMIIBIjANBgkqhkiG9w0BAQEFAAOC
        AQ8AMIIBCgKCAQEAqkpiq9RMxx8D4Ig7Bi35gItRbj8W1w+1AI5D4AHKSnO93M3p
        kZ/0RY+V7KG8lEHfE6Eo6J2TZc/3LXpOuw6CmS7dyRvTAaQkbv6Z3i2nok6t2awb
        +DKlwXXcbgZ1jnKejG/1i4q9/NZLIDxoWbvWU64ro9+eRQPR6HJcU2/XmKMqzrhb
        L6HcyQY/xabl6oKEXbIPzssaSOBnW+rFr2sxb9z4vHepj4G6JSg1MW4SnsGTmXqn
        OTMUUBPxcGMu3AA4aG9dkVpqMeVMbIXEjL6yZI/0K4x/Mu8zrcLzdiDI+baqEM6j
        kMqydApoG9kgu1KylCkimCYe+AV+FlNcZm3ZhQIDAQABo2YwZDASBgNVHRMBAf8E
        CDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQU7qJfBf2Ge8lfrX4h
        4VaOKcVNQiswHwYDVR0jBBgwFoAUL2RHWBDowHxU/nY3PosLD/rJOuowDQYJKoZI
        hvcNAQELBQADggEBAGOH6QtH0uxUIANZVXi2bh/4VAxjflJqugEi/9tLnlEfVm8G
        BIl3cWYqSEuypFn2nGCV5CPw9oISmLQUrwaouRg8fAYkaBsqHqxxWX1pjP6howzF
        PWsvsJbX8QrxbNCz0nlpREU6HHY1/SiT5BUJxvyS7FROB+lD6h5AT3XbP2nPR/va
        8yba8RmxuqctBKbcMdQuvKHV5k/TZ6Su/TUcJkbGFjeZRAeqhDTejFDei910eZWM
        /B+oANXdZ++blNsJOWVHFOLYFtF5fhV1EHbE/PY1Hfjk6/+qq94zMBf3xnCex4wy
        cVN0UVuDm8ka5SNaMJ0KismNoG9/QUF0LKnHXvw=
      </data>
    </dict>
    <dict>
      <key>PayloadType</key>
      <string>com.apple.security.root</string>
      <key>PayloadIdentifier</key>
      <string>certcheck-8592a9b0222d.certcheck-server-example-test-588fe6afc4f8</string>
      <key>PayloadUUID</key>
      <string>588FE6AF-C4F8-88F9-864E-8B5F2470D0AD</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadDisplayName</key>
      <string>certcheck-server-example-test-588fe6afc4f8</string>
      <key>PayloadCertificateFileName</key>
      <string>certcheck-server-example-test-588fe6afc4f8.cer</string>
      <key>PayloadContent</key>
      <data>
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
      </data>
    </dict>
  </array>
  <key>PayloadDisplayName</key>
  <string>certcheck-8592a9b0222d</string>
  <key>PayloadIdentifier</key>
  <string>certcheck-8592a9b0222d</string>
  <key>PayloadScope</key>
  <string>System</string>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadUUID</key>
  <string>8592A9B0-222D-80A7-889F-3BBA865CA06C</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
</dict>
</plist>
END-OF-FILE-WRITTEN-BY-CERTCHECK
  note_directories /var/db/certcheck/trust
  quiet=0
  verify || stop 'the store does not hold what was installed'
  finish /var/db/certcheck/trust
  [ "$changed" = 1 ] || say 'nothing was changed'
  say 'installed, and the store holds it'
}

main
