package notify

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Server is a mail server for submission, RFC 6409.
type Server struct {
	Host, Port string
	Implicit   bool   // TLS from the first byte (RFC 8314), instead of STARTTLS
	User       string // empty: no authentication
	Password   Secret
}

// Secret is a string that no log line and no error shows.
type Secret string

// String implements fmt.Stringer.
func (Secret) String() string { return "(secret)" }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return "(secret)" }

// MarshalText implements encoding.TextMarshaler, for logs in JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// ParseServer reads smtp://user@host:587 or smtps://user@host:465; ports default to these. A
// password in the address is refused, since addresses are logged.
func ParseServer(address, password string) (Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return Server{}, fmt.Errorf("%s is no mail server; write smtp://user@mail.example.org:587, or smtps:// for TLS from the start", redacted(address))
	}
	if _, has := u.User.Password(); has {
		return Server{}, fmt.Errorf("%s holds a password; give it apart, since addresses are logged", redacted(address))
	}
	s := Server{Host: u.Hostname(), Port: u.Port(), Implicit: u.Scheme == "smtps", User: u.User.Username(), Password: Secret(password)}
	if s.Port == "" {
		s.Port = map[bool]string{true: "465", false: "587"}[s.Implicit]
	}
	if (s.User == "") != (password == "") {
		return Server{}, fmt.Errorf("%s: a user and a password belong together", redacted(address))
	}
	return s, nil
}

// redacted is an address without whatever may be a password in it.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" || strings.Contains(u.Host, "@") {
		return "that"
	}
	if _, err := strconv.Atoi(u.Port()); u.Port() != "" && err != nil {
		return "that"
	}
	return u.Scheme + "://…" + u.Hostname()
}

// String is the server for logs.
func (s Server) String() string { return net.JoinHostPort(s.Host, s.Port) }

// loopback reports whether the server is on this machine, where nobody can listen in between.
func (s Server) loopback() bool {
	ip, err := netip.ParseAddr(s.Host)
	return s.Host == "localhost" || err == nil && ip.IsLoopback()
}

// ParseAddresses reads addresses as they stand in a header: "Newsroom <news@example.org>".
func ParseAddresses(list []string) ([]*mail.Address, error) {
	var addresses []*mail.Address
	for _, text := range list {
		a, err := mail.ParseAddress(text)
		if err != nil || strings.ContainsAny(text, "\r\n") {
			return nil, fmt.Errorf("%q is no e-mail address", text)
		}
		addresses = append(addresses, a)
	}
	return addresses, nil
}
