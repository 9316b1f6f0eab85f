package archive

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestAddress is what browsers and proxies pass on without loss, in bytes.
const longestAddress = 2048

// CheckAddress reports what is no address of a page or a file on the web as a *FieldError of the
// field. It is http or https, names a host and carries no credentials: those would come to stand in
// records that many people read.
func CheckAddress(field, address string) error {
	bad := func(problem, cure string) error {
		return &FieldError{Field: field, Problem: problem, Cure: cure}
	}
	const inFull = "give it in full, as https://example.org/story"
	switch {
	case strings.TrimSpace(address) == "":
		return bad("there is no address", inFull)
	case len(address) > longestAddress:
		return bad(fmt.Sprintf("the address has %d bytes", len(address)), fmt.Sprintf("use at most %d", longestAddress))
	case !utf8.ValidString(address) || strings.ContainsFunc(address, unicode.IsControl):
		return bad("the address holds a control character, or is not UTF-8", inFull)
	case strings.ContainsFunc(strings.TrimSpace(address), unicode.IsSpace):
		return bad(fmt.Sprintf("%q holds a space", address), "write it as %20")
	}
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return bad(fmt.Sprintf("%q is not a web address", address), inFull)
	case !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https"):
		return bad(fmt.Sprintf("%q does not begin with http:// or https://", address), inFull)
	case u.Hostname() == "":
		return bad(fmt.Sprintf("%q names no host", address), inFull)
	case u.User != nil:
		return bad("the address carries a login or a password", "leave out what stands before the @")
	}
	return nil
}
