package notify_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// office is a small mail server that takes messages and keeps them.
type office struct {
	address string
	roots   *x509.CertPool
	plain   bool   // offers no STARTTLS
	refuse  string // what it answers to RCPT, in place of 250
	gone    string // a recipient whom it refuses for good
	hang    bool   // says nothing

	mu    sync.Mutex
	taken []string // messages
	auth  []string // as they came, decoded
	clear bool     // whether a password came without TLS
}

func newOffice(t *testing.T, implicit bool, change ...func(*office)) *office {
	t.Helper()
	o := &office{roots: x509.NewCertPool()}
	for _, c := range change {
		c(o)
	}
	secure := &tls.Config{Certificates: []tls.Certificate{o.certificate(t)}, MinVersion: tls.VersionTLS12}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, secure)
	}
	var work sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); work.Wait() })
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { o.serve(conn, secure, implicit) })
		}
	})
	return o
}

func (o *office) certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	o.roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serve speaks as much of RFC 5321 as a client needs.
func (o *office) serve(conn net.Conn, secure *tls.Config, isSecure bool) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if o.hang {
		_, _ = bufio.NewReader(conn).ReadString('\n')
		return
	}
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = fmt.Fprint(conn, line+"\r\n") }
	say("220 mail ready")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); strings.ToUpper(verb) {
		case "EHLO":
			say("250-mail")
			if !isSecure && !o.plain {
				say("250-STARTTLS")
			}
			say("250-AUTH PLAIN")
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			upgraded := tls.Server(conn, secure)
			conn, in, isSecure = upgraded, bufio.NewReader(upgraded), true
		case "AUTH":
			_, coded, _ := strings.Cut(rest, " ")
			data, _ := base64.StdEncoding.DecodeString(coded)
			o.mu.Lock()
			o.auth, o.clear = append(o.auth, string(data)), o.clear || !isSecure
			o.mu.Unlock()
			say("235 welcome")
		case "MAIL":
			say("250 yes")
		case "RCPT":
			if o.refuse != "" {
				say(o.refuse)
				continue
			}
			if o.gone != "" && strings.Contains(rest, o.gone) {
				say("550 no such user")
				continue
			}
			say("250 yes")
		case "DATA":
			say("354 go on")
			o.take(in)
			say("250 taken")
		case "QUIT":
			say("221 goodbye")
			return
		default:
			say("502 unknown")
		}
	}
}

func (o *office) take(in *bufio.Reader) {
	var message strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		message.WriteString(strings.TrimPrefix(line, "."))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.taken = append(o.taken, message.String())
}

func (o *office) messages() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.taken...)
}
