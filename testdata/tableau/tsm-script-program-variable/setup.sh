ARGS='--cert-file ../../pki/server.crt --key-file ../../pki/other.key'
"$TSM" security external-ssl enable $ARGS --chain-file ../../pki/issuing.crt
tsm pending-changes apply
