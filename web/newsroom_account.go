package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
)

// accountPage is somebody's own account: how they are called, password, tokens, where they are signed in.
type accountPage struct {
	layout
	Account  people.Account
	Stored   bool // false for the operator and the demo, who have no account
	Sessions []people.Session
	Scopes   []people.Permission // what a token of theirs may do at most
	Default  string              // the day on which a token ends unless told otherwise
	Secret   string              // of a token just made, shown this once
	Feed     string              // the feed's address just made, likewise
	Done     string
	Problems problems
	Typed    url.Values
}

// Here is the address of this page in another language.
func (accountPage) Here(lang string) string { return "/account?lang=" + lang }

// tokenTerm is how long a token is good unless told otherwise.
const tokenTerm = 90 * 24 * time.Hour

func (s *Server) account(c *gin.Context) error {
	page, err := s.accountPage(c)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "profile", "password", "revoked", "ended", "feed-revoked":
		page.Done = "account.done." + done
	}
	return s.page(c, http.StatusOK, "newsroom/account", page)
}

func (s *Server) accountPage(c *gin.Context) (accountPage, error) {
	page := accountPage{layout: s.layout(c, "account.title")}
	page.Account = people.Account{Login: page.Who.Login, Name: page.Who.Name, Roles: page.Who.Roles}
	page.Scopes, page.Default = page.Who.Permissions, s.now().UTC().Add(tokenTerm).Format(time.DateOnly)
	a, err := s.people.Account(c.Request.Context(), page.Who.Login)
	if errors.Is(err, archive.ErrNotFound) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	page.Account, page.Stored = a, true
	page.Sessions, err = s.people.Sessions(c.Request.Context(), a.Login, s.sessionSecret(c.Request))
	return page, err
}

// onOwn carries out one form of the page. What act returns is the secret to be shown, if any.
func (s *Server) onOwn(done string, act func(ctx context.Context, c *gin.Context, login string, form url.Values) (string, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		form, err := s.postForm(c)
		if err != nil {
			return err
		}
		secret, err := act(c.Request.Context(), c, actorOf(c.Request.Context()), form)
		var field *archive.FieldError
		var throttled *people.ThrottledError
		if err == nil && secret == "" {
			c.Redirect(http.StatusSeeOther, "/account?done="+done+langQuery(c))
			return nil
		}
		if err != nil && !errors.As(err, &field) && !errors.As(err, &throttled) {
			return fmt.Errorf("changing one's own account: %w", err)
		}
		page, pageErr := s.accountPage(c)
		if pageErr != nil {
			return pageErr
		}
		if page.Secret, page.Typed = secret, form; done == "feed" && secret != "" {
			page.Secret, page.Feed = "", s.feedAddress(secret, page.Lang)
		}
		status := http.StatusCreated
		switch {
		case throttled != nil:
			status, page.Problems = http.StatusTooManyRequests, problems{done + ".old": page.says("login.wait", "Count", waitFor(c, throttled))}
		case field != nil:
			status, page.Problems = faultOf(err).status, problems{done + "." + field.Field: page.personProblem(field)}
		}
		return s.page(c, status, "newsroom/account", page)
	}
}

func (s *Server) saveProfile() func(*gin.Context) error {
	return s.onOwn("profile", func(ctx context.Context, _ *gin.Context, login string, form url.Values) (string, error) {
		_, err := s.people.SetProfile(ctx, login, strings.TrimSpace(form.Get("name")), form.Get("language"), login)
		return "", err
	})
}

func (s *Server) changePassword() func(*gin.Context) error {
	return s.onOwn("password", func(ctx context.Context, c *gin.Context, login string, form url.Values) (string, error) {
		return "", s.people.ChangePassword(ctx, login, form.Get("old"), form.Get("password"), s.sessionSecret(c.Request), clientOf(c))
	})
}

func (s *Server) createToken() func(*gin.Context) error {
	return s.onOwn("token", func(ctx context.Context, _ *gin.Context, login string, form url.Values) (string, error) {
		scopes, err := people.ParseScopes(form["scope"])
		if err != nil {
			return "", err
		}
		day, err := time.Parse(time.DateOnly, form.Get("expires"))
		if err != nil {
			return "", &archive.FieldError{Field: "expires", Problem: "it is no day", Cure: "write it as 2026-05-01"}
		}
		secret, _, err := s.people.CreateToken(ctx, login, people.NewToken{Name: form.Get("name"), Scopes: scopes, Expires: day})
		return secret, err
	})
}

func (s *Server) revokeToken() func(*gin.Context) error {
	return s.onOwn("revoked", func(ctx context.Context, c *gin.Context, login string, _ url.Values) (string, error) {
		return "", s.people.RevokeToken(ctx, login, c.Param("token"), login)
	})
}

func (s *Server) endSession() func(*gin.Context) error {
	return s.onOwn("ended", func(ctx context.Context, c *gin.Context, login string, _ url.Values) (string, error) {
		return "", s.people.EndSession(ctx, login, c.Param("session"), login)
	})
}
