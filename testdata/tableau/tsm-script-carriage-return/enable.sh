tsm security external-ssl enable --cert-file ../../pki/server.crt \
 --key-file ../../pki/server.key --chain-file ../../pki/issuing.crt
