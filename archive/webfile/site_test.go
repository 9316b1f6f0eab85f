package webfile

import "testing"

func TestHostsOfOneOwner(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"example.org", "example.org", true},
		{"example.org", "WWW.example.org", true},
		{"example.org", "cdn.example.org:8443", true},
		{"a.gob.sv", "b.gob.sv", false}, // everybody's suffix
		{"a.presidencia.gob.sv", "video.presidencia.gob.sv", true},
		{"example.org", "example.com", false},
		{"example.org", "example.org.evil.net", false},
		{"127.0.0.1:80", "127.0.0.1:81", false},
		{"[::1]:80", "[::1]:81", false},
		{"localhost:1", "localhost:2", false},
		{"", "", true},
	} {
		if got := sameOwner(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
