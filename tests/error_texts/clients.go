// What Go says: connections and pairs of files, one job a line.
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
		fmt.Printf("%s\t%s\n", job[0], strings.ReplaceAll(answer(job[1], job[2:]), "\n", "\\n"))
	}
}

func answer(kind string, of []string) string {
	var err error
	if kind == "pair" {
		_, err = tls.LoadX509KeyPair(of[0], of[1])
	} else {
		pem, _ := os.ReadFile(of[1])
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		var connection *tls.Conn
		dialer := &net.Dialer{Timeout: 10 * time.Second}
		connection, err = tls.DialWithDialer(dialer, "tcp", "127.0.0.1:"+of[0], &tls.Config{RootCAs: pool, ServerName: of[2]})
		if err == nil {
			connection.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
			_, err = connection.Read(make([]byte, 1))
			connection.Close()
		}
	}
	if err == nil {
		return ""
	}
	return err.Error()
}
