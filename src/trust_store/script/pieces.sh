#: say
# A line for the person at the terminal.
say() { printf '%s\n' "$*"; }
#: stop
# The end, with the reason.
stop() {
  printf 'certcheck: %s\n' "$*" >&2
  exit 1
}
#: warn
warn() { printf 'certcheck: %s\n' "$*" >&2; }
#: need
# Programs without which nothing is begun.
need() {
  for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 ||
      stop "the program $program is not here; nothing was changed"
  done
}
#: sha256
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
#: unbase64
# The bytes behind the base64 on the standard input, which has no line breaks.
unbase64() {
  # macOS before 13 spells it -D.
  if [ "$(printf 'YQ==' | base64 -d 2>/dev/null)" = a ]; then
    base64 -d 2>/dev/null
  else
    openssl base64 -d -A 2>/dev/null
  fi
}
#: bundle_holds
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
#: file_holds
# file_holds FILE SHA256: whether FILE is a plain file with exactly that content.
file_holds() { [ -f "$1" ] && [ "$(sha256 <"$1")" = "$2" ]; }
#: follow
# follow PATH ROOT: where the links of PATH lead, absolute ones within ROOT.
follow() {
  followed=$1
  hops=0
  while [ -L "$followed" ] && [ "$hops" -lt 16 ]; do
    target=$(readlink "$followed")
    case $target in
      "$2"/*) followed=$target ;;
      /*) followed=$2$target ;;
      *) followed=$(dirname "$followed")/$target ;;
    esac
    hops=$((hops + 1))
  done
  printf '%s\n' "$followed"
}
#: within
# within PATH: nothing is begun unless PATH, seen with all its links followed, lies in
# the scratch tree. A link that leads nowhere from here would be written through.
within() {
  top=$(cd "$tree" 2>/dev/null && pwd -P) || stop "$tree is no directory; nothing was changed"
  # Tools write the new beside the old, through a link if one is there.
  if [ -L "$1.new" ]; then stop "$1.new is a link; nothing was changed"; fi
  place=$1
  while [ ! -d "$place" ]; do
    if [ -L "$place" ] && [ "$place" != "$1" ]; then
      stop "$place is a link that leads nowhere from here; nothing was changed"
    fi
    place=$(dirname "$place")
  done
  case $(cd "$place" && pwd -P)/ in
    "$top"/*) ;;
    *) stop "$1 leads out of the tree $tree; nothing was changed" ;;
  esac
}
#: fresh
# fresh DIRECTORY: a name in it that nobody can know before, as $new. It is opened
# with `set -C`, which makes a file and follows no link, and gets its mode from the
# umask: nothing is done to the name afterwards but to rename it. It goes at the end.
fresh() {
  chance=$(od -An -N12 -tx1 /dev/urandom | tr -cd 0-9a-f)
  [ "${#chance}" = 24 ] || stop 'there is no /dev/urandom to make a name from'
  new=$1/.certcheck-new.$chance
  trap 'rm -f "$new"' EXIT
}
#: sweep
# sweep DIRECTORY: removes what a run left there that was killed.
sweep() {
  for left in "$1"/.certcheck-new.????????????????????????; do
    if [ -f "$left" ] || [ -L "$left" ]; then rm -f "$left"; fi
  done
}
#: full
# full FILE: the end, since FILE could not be written.
full() { stop "$1 was not written whole; is the disk full? Nothing was replaced"; }
#: mask
# mask MODE: the umask with which a new file has that mode.
mask() { printf '%04o' "$((0777 & ~$1))"; }
#: copy
# copy FILE: copies FILE beside $new, which is its name then, and compares the two.
copy() {
  (umask 022; set -C; cat "$1" >"$new") || full "$new"
  [ "$(sha256 <"$1")" = "$(sha256 <"$new")" ] || full "$new"
}
#: note
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
#: begin
# begin JOURNAL: notes that something is being changed until it says that it is done.
# Was an earlier run cut off, $unfinished is 1, and nothing is believed to be as it was.
begin() {
  unfinished=0
  if [ -d "$1" ]; then
    if [ -e "$1/unfinished" ]; then unfinished=1; fi
    note "$1/unfinished" 'a run has begun, and has not ended'
  fi
}
#: finish
# finish JOURNAL: all is as it should be.
finish() { rm -f "$1/unfinished"; }
#: plain_names
# plain_names DIRECTORY: nothing is begun unless every name in it is plain. Debian's
# tool hands names to rm without quotes.
plain_names() {
  odd=$(find "$1" \( -name '*[[:space:]]*' -o -name '*[*?]*' -o -name '*[[]*' -o -name '*\\*' \) \
    -print 2>/dev/null | head -n 1)
  [ -z "$odd" ] || stop "$odd has a name that the tool does not quote; nothing was changed"
}
#: no_links
# no_links JOURNAL: nothing is begun with a journal that leads elsewhere.
no_links() {
  for record in "$1" "$1"/* "$1"/.[!.]*; do
    if [ -L "$record" ]; then stop "$record is a link; nothing was changed"; fi
  done
}
#: hash_link
# hash_link DIRECTORY FILE SHA256 ROOT: whether OpenSSL finds the certificate of
# FILE in DIRECTORY by the hash of its subject.
hash_link() {
  hash=$(openssl x509 -noout -hash -in "$2" 2>/dev/null) || return 1
  number=0
  while [ "$number" -lt 64 ]; do
    found=$(follow "$1/$hash.$number" "$4")
    [ -f "$found" ] || return 1
    if [ "$(openssl x509 -outform DER -in "$found" 2>/dev/null | sha256)" = "$3" ]; then
      return 0
    fi
    number=$((number + 1))
  done
  return 1
}
#: links_name
# links_name DIRECTORY NAME: whether NAME is there, or a hash link that leads to it.
links_name() {
  if [ -e "$1/$2" ] || [ -L "$1/$2" ]; then return 0; fi
  for link in "$1"/????????.[0-9]*; do
    [ -L "$link" ] || continue
    case $(readlink "$link") in
      "$2" | */"$2") return 0 ;;
    esac
  done
  return 1
}
#: keystore_holds
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
#: database_holds
# database_holds DIRECTORY NICKNAME SHA256: whether an NSS database holds the
# certificate under that nickname.
database_holds() {
  # -a appends more certificates of the same name: the first counts.
  [ "$(certutil -L -d "sql:$1" -n "$2" -r 2>/dev/null | sha256)" = "$3" ]
}
#: keychain_holds
# keychain_holds KEYCHAIN SHA256: whether a keychain of macOS holds the certificate.
keychain_holds() {
  security find-certificate -a -Z "$1" 2>/dev/null |
    tr '[:upper:]' '[:lower:]' | grep -q "^sha-256 hash: $2\$"
}
#: keychain_trusts
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
#: make_directory
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
#: open_journal
# open_journal DIRECTORY: where it is written what undoing may touch.
open_journal() {
  journal=
  make_directory "$1"
  journal=$1
  note_directories "$1"
  begin "$1"
}
#: note_directories
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
#: keep
# keep FILE JOURNAL: keeps what a tool will write over, once, whole, and with its hash.
keep() {
  if [ -e "$2/before.file" ] || [ -e "$2/before.none" ]; then return 0; fi
  if [ -f "$1" ]; then
    rm -f "$2/before.sum"
    note "$2/before.sum" "$(sha256 <"$1")"
    fresh "$2"
    copy "$1"
    mv -f "$new" "$2/before.file" || full "$2/before.file"
  else
    note "$2/before.none" 'there was none'
  fi
}
#: may_write
# may_write FILE SHA256: nothing is begun if FILE is there and is something else.
may_write() {
  if [ -e "$1" ] || [ -L "$1" ]; then
    file_holds "$1" "$2" || stop "$1 exists and is something else; nothing was changed"
  fi
}
#: put
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
#: combine
# combine FILE MODE FIRST RECORD: as put, with the content of FIRST in front.
combine() {
  [ -r "$3" ] || stop "$3 cannot be read"
  fresh "$(dirname "$1")"
  (umask "$(mask "$2")"; set -C; { awk 1 "$3" && cat; } >"$new") || full "$new"
  sum=$(sha256 <"$new")
  if [ -e "$1" ]; then
    if file_holds "$1" "$sum"; then
      rm -f "$new"
      say "there already: $1"
      return 0
    fi
    grep -qF " $1" "$4" 2>/dev/null || stop "$1 exists and is something else"
  fi
  written=$new
  note "$4" "file $sum $1"
  new=$written
  trap 'rm -f "$new"' EXIT
  mv -f "$new" "$1" || full "$1"
  changed=1
  say "written: $1"
}
#: add_to
# add_to FILE MODE RECORD: appends the standard input to FILE, and writes
# down how long FILE was before and what it is then. A link stays a link.
add_to() {
  file=$(follow "$1" "$tree")
  fresh "$(dirname "$file")"
  if [ -f "$file" ]; then
    size=$(wc -c <"$file" | tr -d ' ')
    # cp makes a new file, and gives it the old one's owner and mode.
    cp -p "$file" "$new" || full "$new"
    [ "$(sha256 <"$file")" = "$(sha256 <"$new")" ] || full "$new"
    # A last line without its end would swallow the first line of what follows.
    if [ -n "$(tail -c 1 "$file")" ]; then printf '\n' >>"$new" || full "$new"; fi
    cat >>"$new" || full "$new"
  else
    size=none
    (umask "$(mask "$2")"; set -C; cat >"$new") || full "$new"
  fi
  written=$new
  note "$3" "tail $(sha256 <"$new") $size $1"
  new=$written
  trap 'rm -f "$new"' EXIT
  mv -f "$new" "$file" || full "$file"
  changed=1
  say "appended to: $1"
}
#: entry
# entry RECORD WORDS: writes down that an entry of a store is about to be made.
entry() { note "$1" "entry $2"; }
#: recorded
# recorded RECORD WORDS: whether a plan made that entry.
recorded() { grep -qxF "entry $2" "$1" 2>/dev/null; }
#: take_back
# take_back FILE SHA256 RECORD: removes FILE if a plan wrote it and nobody
# changed it since. Without SHA256, what the record says counts.
take_back() {
  sum=$2
  if [ -z "$sum" ]; then
    sum=$(sed -n "s|^file \\([0-9a-f]*\\) .*|\\1|p" "$3" 2>/dev/null | tail -n 1)
  fi
  if ! grep -qxF "file $sum $1" "$3" 2>/dev/null; then
    say "not written by a plan, left alone: $1"
    return 0
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then
    if [ -L "$1" ] || ! file_holds "$1" "$sum"; then
      warn "changed since it was written, left alone: $1"
      failed=1
      return 0
    fi
    rm -f "$1"
    say "removed: $1"
  fi
  undid "$3"
}
#: cut_back
# cut_back FILE RECORD: makes FILE what it was before a plan appended to it.
cut_back() {
  line=$(sed -n 's/^tail //p' "$2" 2>/dev/null | tail -n 1)
  if [ -z "$line" ]; then
    say "not appended to by a plan, left alone: $1"
    return 0
  fi
  sum=${line%% *}
  line=${line#* }
  size=${line%% *}
  file=$(follow "$1" "$tree")
  if [ -e "$file" ]; then
    if ! file_holds "$file" "$sum"; then
      # Noted, and then the run was cut off: nothing was appended.
      if [ "$(wc -c <"$file" | tr -d ' ')" = "$size" ]; then
        undid "$2"
        return 0
      fi
      warn "changed since the plan appended to it, left alone: $1"
      failed=1
      return 0
    fi
    if [ "$size" = none ]; then
      rm -f "$file"
      say "removed: $1"
    else
      fresh "$(dirname "$file")"
      cp -p "$file" "$new" || full "$new"
      head -c "$size" "$file" >"$new" || full "$new"
      [ "$(wc -c <"$new" | tr -d ' ')" = "$size" ] || full "$new"
      mv -f "$new" "$file" || full "$file"
      say "cut back: $1"
    fi
  fi
  undid "$2"
}
#: undid
# undid RECORD: what it speaks of is undone.
undid() {
  changed=1
  undone="$1
$undone"
}
#: restore
# restore FILE JOURNAL SHA256 LENGTH: if FILE still holds the certificate, puts
# back what was there before the first plan, if that was kept whole. Where a link
# beside it leads to the certificate, the tool has just written FILE: somebody else
# installed that certificate too.
restore() {
  bundle_holds "$1" "$3" "$4" || return 0
  for link in "$(dirname "$1")"/*.pem; do
    case $(readlink "$link" || :) in
      */share/ca-certificates/*) ;;
      *) continue ;;
    esac
    if bundle_holds "$(follow "$link" "$tree")" "$3" "$4"; then return 0; fi
  done
  if [ -e "$2/before.file" ]; then
    if ! file_holds "$2/before.file" "$(cat "$2/before.sum" 2>/dev/null)"; then
      warn "$2/before.file is not what was kept, left alone: $1"
      return 0
    fi
    fresh "$(dirname "$1")"
    copy "$2/before.file"
    mv -f "$new" "$1" || full "$1"
    say "restored: $1"
  elif [ -e "$2/before.none" ]; then
    rm -f "$1"
    say "removed: $1"
  fi
}
#: close_journal
# close_journal JOURNAL: forgets what was undone, and once nothing is left, the
# journal itself and the directories that were made.
close_journal() {
  printf '%s' "$undone" | while IFS= read -r record; do rm -f "$record"; done
  [ -d "$1" ] || return 0
  for record in "$1"/*-certcheck-*; do
    if [ -e "$record" ]; then
      finish "$1"
      return 0
    fi
  done
  rm -f "$1/before.file" "$1/before.none" "$1/before.sum" "$1/links"
  directories=$(cat "$1/directories" 2>/dev/null || :)
  rm -f "$1/directories" "$1/unfinished"
  sweep "$1"
  rmdir "$1" 2>/dev/null || :
  rmdir "$(dirname "$1")" 2>/dev/null || :
  printf '%s\n' "$directories" | while IFS= read -r directory; do
    case $directory in
      */..*) ;;
      "$tree"/*)
        # Seen with all links followed it must lie in the tree too.
        parent=$(cd "$(dirname "$directory")" 2>/dev/null && pwd -P) || continue
        top=$(cd "$tree/" && pwd -P)
        case $parent/ in
          "${top%/}"/*) rmdir "$directory" 2>/dev/null || : ;;
        esac
        ;;
    esac
  done
}
#: list_links
# list_links DIRECTORY: writes the names and targets of its links to $before.
list_links() {
  fresh "$(dirname "$before")"
  # Names and targets of more than one line are nobody's: they are left as they are.
  (
    umask 022
    set -C
    find "$1" -type l -exec sh -c '
      for link; do
        target=$(readlink "$link")
        case "$link$target" in
          *"
"*) ;;
          *) printf "%s\n%s\n" "$link" "$target" || exit 1 ;;
        esac
      done' sh {} + >"$new"
  ) || full "$new"
  mv -f "$new" "$before" || full "$before"
}
#: in_tree
# in_tree JOURNAL DIRECTORY COMMAND...: runs a tool from outside of the scratch tree. It
# makes links that lead through the path of the tree, and removes links that lead
# nowhere when seen from here: both are put right, as seen from within. A tree whose
# links led through its path before was made from outside: there new ones may, too.
# A bundle of one certificate is to OpenSSL a file like the others, and takes the hash
# link of the one it was made of: that goes back to what had it. What was there before
# is kept in the journal until all is put right: what a run left that was cut off is
# put right by the next.
in_tree() {
  before=$1/links
  links=$2
  shift 2
  [ -e "$before" ] || list_links "$links"
  status=0
  outside=0
  "$@" || status=$?
  while IFS= read -r link && IFS= read -r target; do
    case $link in "$links"/*) ;; *) continue ;; esac
    case $target in "$tree"/*) outside=1 ;; esac
    case $(readlink "$link" || :) in
      "$target") ;;
      "$tree$target" | ca-certificates.crt) rm -f "$link" ;;
    esac
    if [ ! -L "$link" ] && [ ! -e "$link" ]; then ln -s "$target" "$link"; fi
  done <"$before"
  for link in "$links"/????????.[0-9]*; do
    if [ "$(readlink "$link" || :)" != ca-certificates.crt ] || grep -qxF "$link" "$before"; then continue; fi
    # OpenSSL counts up from 0 and stops at a gap: only the last one may go.
    last=${link##*.}
    if [ "$last" -gt 0 ] && [ ! -L "${link%.*}.$((last + 1))" ]; then rm -f "$link"; fi
  done
  for link in "$links"/*; do
    [ -L "$link" ] || continue
    target=$(readlink "$link")
    case $target in
      "$tree"/*) [ "$outside" = 1 ] || ln -sfn "${target#"$tree"}" "$link" ;;
    esac
    # Gone for good if it leads nowhere within the tree either.
    [ -e "$(follow "$link" "$tree")" ] || rm -f "$link"
  done
  rm -f "$before"
  return "$status"
}
#: whole
# whole BUNDLE: whether each of its sections has an end.
whole() {
  awk '/^-----BEGIN /{ open++; if (inside) bad = 1; inside = 1 }
    /^-----END /{ shut++; inside = 0 }
    END { exit !(open == shut && !bad && !inside) }' "$1"
}
#: with_bundle
# with_bundle BUNDLE COMMAND...: runs a tool that writes BUNDLE anew. If the tool fails,
# or leaves half of one, the old one comes back.
with_bundle() {
  bundle=$1
  shift
  # Debian's tool appends to what a run left that was killed.
  rm -f "$bundle.new"
  spare=
  if [ -f "$bundle" ] && [ ! -L "$bundle" ]; then
    fresh "$(dirname "$bundle")"
    copy "$bundle"
    spare=$new
    trap 'mv -f "$spare" "$bundle"' EXIT
  fi
  ended=0
  "$@" || ended=$?
  if [ -n "$spare" ]; then
    if [ "$ended" = 0 ] && whole "$bundle"; then
      rm -f "$spare"
    else
      mv -f "$spare" "$bundle"
      rm -f "$bundle.new"
    fi
    trap - EXIT
  fi
  return "$ended"
}
#: complain
complain() { [ "$quiet" = 1 ] || printf 'certcheck: not so: %s\n' "$*" >&2; }
