package web

import "net/http"

// The session's cookie. Over https it has a name that browsers take from this host alone, and over https alone, so
// that neither a sibling host nor somebody on the way can plant one. There the plain name means nothing: a
// planted cookie could have it.
const (
	sessionCookie       = "videoteca_session"
	secureSessionCookie = "__Host-" + sessionCookie
)

// secure reports whether whoever sent a request sees this server over https. Whoever opens it on its own machine,
// as the link for the first account does, sees it as it is, whatever its public address; browsers take no
// cookie of the other name there.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || s.base.Scheme == "https" && !forLoopback(r)
}

// cookie is Lax and not Strict, since people follow links to the newsroom's pages from
// mail and chat; what changes something is guarded by checkOrigin as well. The name that it has over https asks
// for the path / and for no domain.
func (s *Server) cookie(r *http.Request, secret string, seconds int) *http.Cookie {
	cookie := &http.Cookie{
		Name: sessionCookie, Value: secret, Path: "/", MaxAge: seconds, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secure(r),
	}
	if cookie.Secure {
		cookie.Name = secureSessionCookie
	}
	return cookie
}

// sessionSecret is what the session's cookie of a request holds, empty without one.
func (s *Server) sessionSecret(r *http.Request) string {
	if cookie, err := r.Cookie(secureSessionCookie); err == nil {
		return cookie.Value
	}
	if s.secure(r) {
		return ""
	}
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}
