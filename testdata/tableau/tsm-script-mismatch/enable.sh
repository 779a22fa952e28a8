tsm stop
tsm security external-ssl enable --cert-file ../../pki/server.crt --key-file ../../pki/other.key --chain-fil ../../pki/issuing.crt
tsm start
