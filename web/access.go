package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"videoteca/internal/people"
)

const (
	sessionTerm = 30 * 24 * time.Hour
	secretBytes = 32 // 256 bits
)

// NewToken draws a token: 256 random bits in unpadded URL-safe base64. None begins
// with a hyphen, which a command line would take for a flag.
func NewToken() string {
	secret := make([]byte, secretBytes)
	for {
		_, _ = rand.Read(secret) // never fails, see crypto/rand.Read
		if token := base64.RawURLEncoding.EncodeToString(secret); token[0] != '-' {
			return token
		}
	}
}

// digest is what is kept of a secret. Digests are compared, so that the time it
// takes tells nothing of the secret.
func digest(secret string) [sha256.Size]byte { return sha256.Sum256([]byte(secret)) }

// access is the operator's own way in, beside the accounts: a token given at the start, which
// opens the API and, once, the pages; and the machine itself, for the demo.
type access struct {
	token string // empty: there is none
	want  [sha256.Size]byte
	auto  bool
	now   func() time.Time

	mu      sync.Mutex
	used    bool // whether the link has been exchanged
	session [sha256.Size]byte
	ends    time.Time // of the session; zero: there is none
}

func newAccess(o Options) *access {
	base, err := url.Parse(o.BaseURL)
	return &access{
		token: o.Token, want: digest(o.Token), now: o.Now,
		auto: o.AutoSignIn && err == nil && loopbackHost(base.Host) && loopbackHost(o.Listen),
	}
}

// exchange turns the link's token into the session's secret, once.
func (a *access) exchange(token string) (string, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.used || !a.matches(token) {
		return "", false
	}
	secret := NewToken()
	a.used, a.session, a.ends = true, digest(secret), a.now().Add(sessionTerm)
	return secret, true
}

// end signs out whoever has the session's secret.
func (a *access) end(secret string) {
	if !a.inSession(secret) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ends = time.Time{}
}

func (a *access) inSession(secret string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	got := digest(secret)
	return a.now().Before(a.ends) && subtle.ConstantTimeCompare(got[:], a.session[:]) == 1
}

func (a *access) matches(token string) bool {
	got := digest(token)
	return a.token != "" && subtle.ConstantTimeCompare(got[:], a.want[:]) == 1
}

// operator is who holds the operator's token.
func operator(via people.Means) people.Identity {
	return people.Identity{Login: "local", Name: "local", Roles: []people.Role{people.Admin}, Permissions: people.Permissions(), Via: via}
}

// forwarding are the headers by which proxies give themselves away.
const forwarding = "Forwarded Via X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Server X-Real-Ip"

// local reports whether a request comes from this machine and was made for it. A
// proxy beside us looks local too, as far as addresses go: with nginx's defaults
// peer and Host are 127.0.0.1 and no header tells. What remains to be seen then
// is the base URL, which newAccess looks at, and the origin that a browser believes it talks to.
func local(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback() && forLoopback(r)
}

// forLoopback reports whether a request was made for an address that means the machine of whoever sent it, and
// came without a proxy, as far as that can be seen.
func forLoopback(r *http.Request) bool {
	for _, name := range strings.Fields(forwarding) {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || !loopbackHost(u.Host) {
			return false
		}
	}
	return loopbackHost(r.Host)
}
