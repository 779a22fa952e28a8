// Makes the PKCS#12 files of this directory that begin with `forge-`, with the
// npm package node-forge (1.3): `NODE_PATH=… node generate_foreign.js`. It knows RSA alone, so they
// hold testdata/pki's server and issuing CA. The passphrase is `open sesame`.
const forge = require('node-forge'), fs = require('fs'), path = require('path');
const pki = name => fs.readFileSync(path.join(__dirname, '../pki', name), 'utf8');
const key = forge.pki.privateKeyFromPem(pki('server.key'));
const chain = ['server.crt', 'issuing.crt'].map(name => forge.pki.certificateFromPem(pki(name)));
for (const [name, passphrase, options] of [
  ['forge-3des.p12', 'open sesame', {algorithm: '3des'}],
  ['forge-aes256.p12', 'open sesame', {algorithm: 'aes256', count: 100}],
  ['forge-aes128.p12', 'open sesame', {algorithm: 'aes128', prfAlgorithm: 'sha256'}],
  ['forge-empty.p12', '', {algorithm: '3des'}],
  ['forge-null.p12', null, {}],
]) {
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, chain, passphrase, {friendlyName: 'forge', ...options});
  fs.writeFileSync(path.join(__dirname, name), forge.asn1.toDer(asn1).getBytes(), 'binary');
}
