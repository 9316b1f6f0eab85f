package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/internal/reasons"
)

// People is who works here; *people.Registry is the one there is.
type People interface {
	SignIn(ctx context.Context, a people.Attempt) (secret string, who people.Identity, err error)
	SignInAs(ctx context.Context, login, agent string, client netip.Addr) (secret string, err error)
	SignOut(ctx context.Context, secret string) error
	Session(ctx context.Context, secret string) (people.Identity, error)
	Sessions(ctx context.Context, login, current string) ([]people.Session, error)
	EndSession(ctx context.Context, login, id, by string) error
	Token(ctx context.Context, secret string) (people.Identity, error)
	CreateToken(ctx context.Context, login string, n people.NewToken) (secret string, t people.Token, err error)
	RevokeToken(ctx context.Context, login, id, by string) error
	Feed(ctx context.Context, secret string) (people.Identity, error)
	CreateFeed(ctx context.Context, login string) (secret string, err error)
	RevokeFeed(ctx context.Context, login, by string) error

	Governed(ctx context.Context) (bool, error)
	CheckSetUp(ctx context.Context, secret string) error
	RedeemSetUp(ctx context.Context, secret string, n people.NewAccount) (people.Account, error)
	Invited(ctx context.Context, secret string) (people.Account, error)
	RedeemInvite(ctx context.Context, secret, password string) (people.Account, error)

	Accounts(ctx context.Context) ([]people.Account, error)
	Account(ctx context.Context, login string) (people.Account, error)
	Add(ctx context.Context, n people.NewAccount, by string) (people.Account, error)
	Invite(ctx context.Context, login, by string) (secret string, err error)
	SetRoles(ctx context.Context, login string, roles []people.Role, by string) (people.Account, error)
	Disable(ctx context.Context, login, by string) (people.Account, error)
	Enable(ctx context.Context, login, by string) (people.Account, error)
	SetProfile(ctx context.Context, login, name, language, by string) (people.Account, error)
	ChangePassword(ctx context.Context, login, old, fresh, keep string, client netip.Addr) error
	Events(ctx context.Context, n int) ([]people.Event, error)
}

// loginPage asks for login and password, or, behind the link of the operator's token, to press a
// button, so that a program that follows the link does not use it up.
type loginPage struct {
	layout
	Token    string // from the link
	Operator bool   // whether a token can be pasted at all
	People   bool   // whether there are accounts
	Login    string // typed
	Next     string // where to go afterwards, a path of ours
	Problem  string
}

// Here is the address of this page in another language. A token does not belong in it twice.
func (p loginPage) Here(lang string) string {
	q := url.Values{"lang": {lang}}
	if p.Next != "" {
		q.Set("next", p.Next)
	}
	if p.Token != "" {
		q.Set("token", p.Token)
	}
	return "/login?" + q.Encode()
}

func (s *Server) newLoginPage(c *gin.Context) loginPage {
	return loginPage{layout: s.layout(c, "login.title"), People: s.people != nil, Operator: s.access.token != ""}
}

func (s *Server) loginPage(c *gin.Context) error {
	page := s.newLoginPage(c)
	page.Token, page.Next = c.Query("token"), ownPath(c.Query("next"))
	return s.page(c, http.StatusOK, "login", page)
}

// answerSignIn is what a page becomes for whoever is not signed in.
func (s *Server) answerSignIn(c *gin.Context) {
	page := s.newLoginPage(c)
	if c.Request.Method == http.MethodGet {
		page.Next = ownPath(c.Request.URL.RequestURI())
	}
	if err := s.page(c, http.StatusUnauthorized, "login", page); err != nil {
		c.String(http.StatusUnauthorized, "%s", http.StatusText(http.StatusUnauthorized))
	}
}

// ownPath is a path of this server's, or nothing: a link must not lead people who have just typed
// their password to somebody else's page.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	for _, door := range []string{"/login", "/logout", "/setup", "/join"} {
		if u.Path == door {
			return ""
		}
	}
	return next
}

// login signs in with login and password, or with the operator's token.
func (s *Server) login(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	if form.Has("token") || s.people == nil {
		return s.loginByToken(c, form)
	}
	secret, who, err := s.people.SignIn(c.Request.Context(), people.Attempt{
		Login: strings.TrimSpace(form.Get("login")), Password: form.Get("password"), Client: clientOf(c), Agent: c.Request.UserAgent(),
	})
	page := s.newLoginPage(c)
	page.Login, page.Next = form.Get("login"), ownPath(form.Get("next"))
	var throttled *people.ThrottledError
	switch {
	case errors.As(err, &throttled):
		page.Problem = page.T("login.wait", "Count", waitFor(c, throttled))
		return s.page(c, http.StatusTooManyRequests, "login", page)
	case errors.Is(err, people.ErrSignIn):
		page.Problem = page.T("login.wrong")
		return s.page(c, http.StatusForbidden, "login", page)
	case err != nil:
		return fmt.Errorf("signing in: %w", err)
	}
	s.enter(c, secret, page.Next, who.Language)
	return nil
}

// waitFor is how many seconds whoever tried too often has to wait, which the answer's header says as well.
func waitFor(c *gin.Context, throttled *people.ThrottledError) int {
	seconds := int(throttled.Wait/time.Second) + 1
	c.Header("Retry-After", strconv.Itoa(seconds))
	return seconds
}

func (s *Server) loginByToken(c *gin.Context, form url.Values) error {
	secret, ok := s.access.exchange(form.Get("token"))
	if !ok {
		page := s.newLoginPage(c)
		page.Problem = page.T("login.spent")
		return s.page(c, http.StatusForbidden, "login", page)
	}
	s.enter(c, secret, "", "")
	return nil
}

// enter hands out a session and leads on, in the language that the person's account names, else in
// that of the door.
func (s *Server) enter(c *gin.Context, secret, next, own string) {
	http.SetCookie(c.Writer, s.cookie(c.Request, secret, int(sessionTerm.Seconds())))
	c.Redirect(http.StatusSeeOther, inLanguage(cmp.Or(next, "/"), cmp.Or(own, c.Query("lang"))))
}

// inLanguage is a path of ours in a language, unless it names one.
func inLanguage(path, lang string) string {
	u, err := url.Parse(path)
	if err != nil || lang == "" || u.Query().Has("lang") {
		return path
	}
	q := u.Query()
	q.Set("lang", lang)
	u.RawQuery = q.Encode()
	return u.String()
}

// clientOf is the address from which a request came, as far as proxies are believed.
func clientOf(c *gin.Context) netip.Addr {
	addr, _ := netip.ParseAddr(c.ClientIP())
	return addr
}

func (s *Server) logout(c *gin.Context) error {
	if secret := s.sessionSecret(c.Request); secret != "" {
		s.access.end(secret)
		if s.people != nil {
			if err := s.people.SignOut(c.Request.Context(), secret); err != nil {
				return err
			}
		}
	}
	http.SetCookie(c.Writer, s.cookie(c.Request, "", -1))
	c.Redirect(http.StatusSeeOther, inLanguage("/login", c.Query("lang")))
	return nil
}

// linkPage is behind a one-time link: the first account, or a password for one there is.
type linkPage struct {
	layout
	Token    string
	Spent    bool
	Account  people.Account // whose password is set; of the set-up link, what was typed
	Problems problems
}

// Here is the address of this page in another language.
func (p linkPage) Here(lang string) string {
	return p.Path + "?" + url.Values{"token": {p.Token}, "lang": {lang}}.Encode()
}

// setUpPage is behind the link that the first start prints.
func (s *Server) setUpPage(c *gin.Context) error {
	page := linkPage{layout: s.layout(c, "setup.title"), Token: c.Query("token")}
	page.Account.Language = page.Lang
	return s.linkPage(c, "setup", page, s.people.CheckSetUp(c.Request.Context(), page.Token))
}

// joinPage is behind an invitation.
func (s *Server) joinPage(c *gin.Context) error {
	page := linkPage{layout: s.layout(c, "join.title"), Token: c.Query("token")}
	var err error
	page.Account, err = s.people.Invited(c.Request.Context(), page.Token)
	return s.linkPage(c, "join", page, err)
}

func (s *Server) linkPage(c *gin.Context, name string, page linkPage, err error) error {
	status := http.StatusOK
	switch {
	case errors.Is(err, people.ErrSpent):
		page.Spent, status = true, http.StatusForbidden
	case err != nil:
		return err
	}
	return s.page(c, status, name, page)
}

// setUp makes the first administrator, who is signed in at once.
func (s *Server) setUp(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	n := people.NewAccount{Login: strings.TrimSpace(form.Get("login")), Name: strings.TrimSpace(form.Get("name")), Password: form.Get("password"), Language: form.Get("language")}
	page := linkPage{layout: s.layout(c, "setup.title"), Token: form.Get("token"), Account: people.Account{Login: n.Login, Name: n.Name, Language: n.Language}}
	a, err := s.people.RedeemSetUp(c.Request.Context(), page.Token, n)
	return s.redeemed(c, "setup", page, a, err)
}

// join sets a password behind an invitation, and signs in.
func (s *Server) join(c *gin.Context) error {
	form, err := s.postForm(c)
	if err != nil {
		return err
	}
	page := linkPage{layout: s.layout(c, "join.title"), Token: form.Get("token")}
	if page.Account, err = s.people.Invited(c.Request.Context(), page.Token); err != nil {
		return s.linkPage(c, "join", page, err)
	}
	a, err := s.people.RedeemInvite(c.Request.Context(), page.Token, form.Get("password"))
	return s.redeemed(c, "join", page, a, err)
}

func (s *Server) redeemed(c *gin.Context, name string, page linkPage, a people.Account, err error) error {
	var field *archive.FieldError
	if errors.As(err, &field) {
		page.Problems = problems{field.Field: page.personProblem(field)}
		return s.page(c, http.StatusUnprocessableEntity, name, page)
	}
	if err != nil {
		return s.linkPage(c, name, page, err)
	}
	secret, err := s.people.SignInAs(c.Request.Context(), a.Login, c.Request.UserAgent(), clientOf(c))
	if err != nil {
		return fmt.Errorf("signing in behind a link: %w", err)
	}
	s.enter(c, secret, "", a.Language)
	return nil
}

// personProblem is what is wrong with a field about people, in the page's language.
func (l layout) personProblem(field *archive.FieldError) *reasons.Said {
	switch field.Field {
	case "login":
		if errors.Is(field, archive.ErrConflict) {
			return l.says("people.problem.taken")
		}
		return l.says("people.problem.login")
	case "roles":
		if errors.Is(field, archive.ErrConflict) {
			return l.says("people.problem.last")
		}
		return l.says("people.problem.roles")
	case "password", "name", "old", "scopes", "expires", "tokens", "language":
		return l.says("people.problem." + field.Field)
	}
	return l.untold(field)
}
