#!/bin/sh
set -eu
# tsm stop
DIR=../../pki
echo "tsm is about to change"
tsm security external-ssl enable \
  --cert-file "$DIR/server.crt" \
  --key-file "$DIR/server.key" \
  --chain-file "$DIR/issuing.crt" \
  --protocols 'all -SSLv3 -TLSv1 -TLSv1.1' > enable.log 2>&1
sudo tsm pending-changes apply --ignore-prompt
