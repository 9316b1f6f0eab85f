package archivetest

import (
	"errors"
	"strings"
	"testing"
)

// FuzzVideoIDOf holds that whatever an address looks like, the answer is an id
// or one of the two errors, and an id only for the platform's own host.
func FuzzVideoIDOf(f *testing.F) {
	for _, seed := range []string{
		"http://tube.test/watch?v=one________", "//tube.test/embed/one________", "tube.test/shorts/one________?t=1",
		"http://tube.test/v/", "http://tube.test:80/watch?v=one________", "http://u:p@tube.test/watch?v=one________",
		"http://tube.test/watch?v=one________&v=two________", "http://[::1/", "\x00", "watch?v=one________", "javascript:alert(1)//tube.test",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		id, err := videoIDOf(address, "tube.test")
		switch {
		case err == nil && !wholeID.MatchString(id):
			t.Errorf("%q: id %q", address, id)
		case err == nil && !strings.Contains(strings.ToLower(address), "tube.test"):
			t.Errorf("%q: another host's id %q", address, id)
		case err != nil && (id != "" || !errors.Is(err, errOtherHost) && !errors.Is(err, errNoID)):
			t.Errorf("%q: %q, %v", address, id, err)
		}
	})
}

func TestTheHostOfABaseAddress(t *testing.T) {
	for base, want := range map[string]string{
		"http://tube.test": "tube.test", "http://tube.test:8090": "tube.test:8090", "https://tube.test/x/y": "tube.test", "": "", "tube.test": "",
	} {
		if got := hostOf(base); got != want {
			t.Errorf("%q: %q, want %q", base, got, want)
		}
	}
}
