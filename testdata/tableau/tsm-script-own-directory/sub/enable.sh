#!/bin/sh
cd "$(dirname "$0")" || exit 1
tsm security external-ssl enable --cert-file ../../../pki/server.crt --key-file ../../../pki/other.key --chain-file ../../../pki/issuing.crt
