K=../../pki/server.key
if [ "$1" = test ]; then K=../../pki/other.key; fi
tsm security external-ssl enable --cert-file ../../pki/server.crt --key-file $K --chain-file ../../pki/issuing.crt
