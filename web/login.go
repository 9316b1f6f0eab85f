package web

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
)

// loginPage asks to press a button, so that a program that follows the link
// does not use it up.
type loginPage struct {
	layout
	Token string // from the link; empty: to be pasted
	Spent bool   // the token was refused
}

func (s *Server) loginPage(c *gin.Context) error {
	return s.page(c, http.StatusOK, "login", loginPage{layout: s.layout(c, "login.title"), Token: c.Query("token")})
}

// answerSignIn is what a page becomes for whoever is not signed in.
func (s *Server) answerSignIn(c *gin.Context) {
	if err := s.page(c, http.StatusUnauthorized, "login", loginPage{layout: s.layout(c, "login.title")}); err != nil {
		c.String(http.StatusUnauthorized, "%s", http.StatusText(http.StatusUnauthorized))
	}
}

func (s *Server) login(c *gin.Context) error {
	if err := c.Request.ParseForm(); err != nil {
		return fmt.Errorf("reading the form: %w: %w", statusError(http.StatusBadRequest), err)
	}
	secret, ok := s.access.exchange(c.Request.PostForm.Get("token"))
	if !ok {
		return s.page(c, http.StatusForbidden, "login", loginPage{layout: s.layout(c, "login.title"), Spent: true})
	}
	http.SetCookie(c.Writer, s.cookie(c, secret, int(sessionTerm.Seconds())))
	c.Redirect(http.StatusSeeOther, "/")
	return nil
}

func (s *Server) logout(c *gin.Context) error {
	if cookie, err := c.Request.Cookie(sessionCookie); err == nil {
		s.access.end(cookie.Value)
	}
	http.SetCookie(c.Writer, s.cookie(c, "", -1))
	c.Redirect(http.StatusSeeOther, "/login")
	return nil
}

// cookie is Lax and not Strict, since people follow links to the newsroom's pages from
// mail and chat; what changes something is guarded by checkOrigin as well.
func (s *Server) cookie(c *gin.Context, secret string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: sessionCookie, Value: secret, Path: "/", MaxAge: seconds, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: c.Request.TLS != nil || s.base.Scheme == "https",
	}
}
