package safehttp

import (
	"errors"
	"net"
	"testing"
)

func TestPortsOfOtherProtocolsAreRefused(t *testing.T) {
	g := newGuard(Options{}.withDefaults())
	for port, open := range map[string]bool{
		"80": true, "443": true, "1024": true, "8080": true, "65535": true,
		"0": false, "22": false, "25": false, "53": false, "1023": false, "65536": false, "-1": false, "http": false,
	} {
		err := g.check("media.example.org", port)
		if (err == nil) != open {
			t.Errorf("port %s: %v", port, err)
		}
		if err != nil && !errors.Is(err, ErrRefused) {
			t.Errorf("port %s: %v is no ErrRefused", port, err)
		}
	}
}

func TestLooksNumeric(t *testing.T) {
	for host, numeric := range map[string]bool{
		"2130706433": true, "0x7f.1": true, "0x": true, "127.1": true, "0177.0.0.1": true, "1.2.3.4.5": true, "a.7": true,
		"127.0.0.1": false, "::1": false, "example.org": false, "7.example.org": false, "0xg": false, "deadbeef": false,
	} {
		if got := looksNumeric(host); got != numeric {
			t.Errorf("%q: %v", host, got)
		}
	}
}

// FuzzAllow: an entry means one host and port, and however those are written
// again, they are found.
func FuzzAllow(f *testing.F) {
	for _, s := range []string{"example.org", "Example.org.:80", "[::1]:8090", "::ffff:7f00:1", "127.0.0.1:1", ":", "[", "a:b:c", "A..", "[::0A%]00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, entry string) {
		host, port, err := splitEntry(entry)
		if err != nil {
			if len(newAllowList([]string{entry})) != 0 {
				t.Fatalf("%q is refused and allowed", entry)
			}
			return
		}
		list := newAllowList([]string{entry})
		if !list.names(host, port) {
			t.Fatalf("%q does not name %q %q", entry, host, port)
		}
		if port != "" && list.names(host, "1"+port) {
			t.Fatalf("%q names another port", entry)
		}
		if _, _, err := net.SplitHostPort(joined(host, "80")); err != nil {
			t.Fatalf("%q gives a host that cannot be dialled: %v", entry, err)
		}
	})
}
