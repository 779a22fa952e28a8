// Go's crypto/tls with RootCAs; jobs on standard input.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		job := strings.Split(lines.Text(), "\t")
		pem, _ := os.ReadFile(job[2])
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		dialer := &net.Dialer{Timeout: 20 * time.Second}
		connection, err := tls.DialWithDialer(dialer, "tcp", "127.0.0.1:"+job[1], &tls.Config{RootCAs: pool, ServerName: job[4]})
		if err != nil {
			fmt.Printf("%s\tno\t%s\n", job[0], strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		connection.Close()
		fmt.Printf("%s\tok\n", job[0])
	}
}
