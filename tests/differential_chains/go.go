// Judges chains as crypto/x509 does: on each line of the input the Unix time
// and the paths of three PEM files, the end-entity, the intermediates, the anchors.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"
)

func read(path string) (all []*x509.Certificate, err error) {
	data, err := os.ReadFile(path)
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		certificate, wrong := x509.ParseCertificate(block.Bytes)
		if wrong == nil {
			all = append(all, certificate)
		} else {
			err = wrong
		}
	}
	return all, err
}

func judge(at int64, leaf, bag, anchors string) error {
	own, err := read(leaf)
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(),
		CurrentTime: time.Unix(at, 0), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	// What cannot be read is not used, as AppendCertsFromPEM does.
	above, unread := read(bag)
	for _, certificate := range above {
		options.Intermediates.AddCert(certificate)
	}
	trusted, untrusted := read(anchors)
	for _, certificate := range trusted {
		options.Roots.AddCert(certificate)
	}
	_, err = own[0].Verify(options)
	if err != nil && unread != nil {
		return fmt.Errorf("%w (%v)", err, unread)
	}
	if err != nil && untrusted != nil {
		return fmt.Errorf("%w (%v)", err, untrusted)
	}
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var at int64
		var leaf, bag, anchors string
		fmt.Sscan(lines.Text(), &at, &leaf, &bag, &anchors)
		if err := judge(at, leaf, bag, anchors); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("accepted")
		}
	}
}
