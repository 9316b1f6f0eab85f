package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/people"
)

// peoplePage is everybody who has an account, for who manages them.
type peoplePage struct {
	layout
	Everybody []people.Account
	Roles     []people.Role
	Events    []people.Event
	Link      string // an invitation just drawn, shown this once
	LinkFor   string
	Done      string
	Problems  problems
	Typed     url.Values
}

// Here is the address of this page in another language.
func (peoplePage) Here(lang string) string { return "/people?lang=" + lang }

// Has reports whether an account has a role.
func (peoplePage) Has(a people.Account, r people.Role) bool {
	for _, role := range a.Roles {
		if role == r {
			return true
		}
	}
	return false
}

// Chosen reports whether a role was ticked in the form that was sent.
func (p peoplePage) Chosen(r people.Role) bool {
	if p.Typed == nil {
		return r == people.Editor
	}
	for _, role := range p.Typed["role"] {
		if role == string(r) {
			return true
		}
	}
	return false
}

// peopleEvents is how many changes of accounts the page shows.
const peopleEvents = 20

func (s *Server) everybody(c *gin.Context) error {
	page, err := s.peoplePage(c)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "roles", "disabled", "enabled":
		page.Done = "people.done." + done
	}
	return s.page(c, http.StatusOK, "newsroom/people", page)
}

func (s *Server) peoplePage(c *gin.Context) (page peoplePage, err error) {
	page = peoplePage{layout: s.layout(c, "people.title"), Roles: people.Roles()}
	if page.Everybody, err = s.people.Accounts(c.Request.Context()); err != nil {
		return page, err
	}
	page.Events, err = s.people.Events(c.Request.Context(), peopleEvents)
	return page, err
}

// onPeople carries out one form of the page. What act returns is for whom an invitation was drawn, and its secret.
func (s *Server) onPeople(done string, act func(ctx context.Context, login, by string, form url.Values) (invited, secret string, err error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		form, err := s.postForm(c)
		if err != nil {
			return err
		}
		invited, secret, err := act(c.Request.Context(), c.Param("login"), actorOf(c.Request.Context()), form)
		var field *archive.FieldError
		if err == nil && secret == "" {
			c.Redirect(http.StatusSeeOther, "/people?done="+done+langQuery(c))
			return nil
		}
		if errors.Is(err, archive.ErrNotFound) { // the path names nobody
			return statusError(http.StatusNotFound)
		}
		if err != nil && !errors.As(err, &field) {
			return fmt.Errorf("managing accounts: %w", err)
		}
		page, pageErr := s.peoplePage(c)
		if pageErr != nil {
			return pageErr
		}
		if field == nil {
			page.LinkFor, page.Link = invited, s.baseURL()+"/join?token="+secret
			return s.page(c, http.StatusCreated, "newsroom/people", page)
		}
		page.Typed = form
		page.Problems = problems{field.Field + c.Param("login"): page.personProblem(field)}
		return s.page(c, faultOf(err).status, "newsroom/people", page)
	}
}

// addPerson makes an account and draws the link with which its owner sets a password.
func (s *Server) addPerson() func(*gin.Context) error {
	return s.onPeople("added", func(ctx context.Context, _, by string, form url.Values) (string, string, error) {
		roles, err := people.ParseRoles(form["role"])
		if err != nil {
			return "", "", err
		}
		a, err := s.people.Add(ctx, people.NewAccount{Login: strings.TrimSpace(form.Get("login")), Name: strings.TrimSpace(form.Get("name")), Roles: roles}, by)
		if err != nil {
			return "", "", err
		}
		secret, err := s.people.Invite(ctx, a.Login, by)
		return a.Login, secret, err
	})
}

func (s *Server) invite() func(*gin.Context) error {
	return s.onPeople("invited", func(ctx context.Context, login, by string, _ url.Values) (string, string, error) {
		secret, err := s.people.Invite(ctx, login, by)
		return login, secret, err
	})
}

func (s *Server) setRoles() func(*gin.Context) error {
	return s.onPeople("roles", func(ctx context.Context, login, by string, form url.Values) (string, string, error) {
		roles, err := people.ParseRoles(form["role"])
		if err == nil {
			_, err = s.people.SetRoles(ctx, login, roles, by)
		}
		return "", "", err
	})
}

func (s *Server) disable() func(*gin.Context) error {
	return s.onPeople("disabled", func(ctx context.Context, login, by string, _ url.Values) (string, string, error) {
		_, err := s.people.Disable(ctx, login, by)
		return "", "", err
	})
}

func (s *Server) enable() func(*gin.Context) error {
	return s.onPeople("enabled", func(ctx context.Context, login, by string, _ url.Values) (string, string, error) {
		_, err := s.people.Enable(ctx, login, by)
		return "", "", err
	})
}
