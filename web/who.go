package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"videoteca/internal/people"
)

// whoKey is where a request keeps who sent it.
type whoKey struct{}

// whoOf is who sent the request; the zero identity where nobody asked, or nobody is signed in.
func whoOf(ctx context.Context) people.Identity {
	who, _ := ctx.Value(whoKey{}).(people.Identity)
	return who
}

// actorOf is the name under which events keep who sent the request.
func actorOf(ctx context.Context) string {
	if who := whoOf(ctx); who.Known() {
		return who.Login
	}
	return "local"
}

// who finds out who sent a request, once. Nobody is no error; that the accounts cannot be asked is one.
func (s *Server) who(c *gin.Context) (people.Identity, error) {
	if who := whoOf(c.Request.Context()); who.Known() {
		return who, nil
	}
	who, err := s.recognise(c.Request)
	if err == nil && who.Known() {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), whoKey{}, who))
	}
	return who, err
}

// recognise reads the credentials of a request. A wrong bearer is not helped by a right cookie.
func (s *Server) recognise(r *http.Request) (people.Identity, error) {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return s.ofToken(r.Context(), strings.TrimSpace(token))
	}
	if secret := s.sessionSecret(r); secret != "" {
		who, err := s.ofSession(r.Context(), secret)
		if who.Known() || err != nil {
			return who, err
		}
	}
	if s.access.auto && local(r) {
		return people.Loopback(), nil
	}
	return people.Identity{}, nil
}

func (s *Server) ofToken(ctx context.Context, token string) (people.Identity, error) {
	switch {
	case s.access.matches(token):
		return operator(people.ByToken), nil
	case s.people == nil || !people.IsToken(token):
		return people.Identity{}, nil
	}
	who, err := s.people.Token(ctx, token)
	return nobodyOr(who, err)
}

func (s *Server) ofSession(ctx context.Context, secret string) (people.Identity, error) {
	if s.access.inSession(secret) {
		return operator(people.BySession), nil
	}
	if s.people == nil {
		return people.Identity{}, nil
	}
	who, err := s.people.Session(ctx, secret)
	return nobodyOr(who, err)
}

func nobodyOr(who people.Identity, err error) (people.Identity, error) {
	if errors.Is(err, people.ErrNobody) {
		return people.Identity{}, nil
	}
	return who, err
}

// forbiddenError says that somebody is known and may not do what they asked for.
type forbiddenError struct{ permission people.Permission }

func (e forbiddenError) Error() string { return "needs the permission " + string(e.permission) }

// require lets through whoever has one of the permissions.
func (s *Server) require(permissions ...people.Permission) gin.HandlerFunc {
	return func(c *gin.Context) { s.guard(c, s.admit(c, permissions...)) }
}

func (s *Server) admit(c *gin.Context, permissions ...people.Permission) error {
	who, err := s.who(c)
	if err != nil {
		return err
	}
	if !who.Known() {
		return statusError(http.StatusUnauthorized)
	}
	for _, p := range permissions {
		if who.May(p) {
			return nil
		}
	}
	return forbiddenError{permissions[0]}
}

// inPerson keeps programs out: a token that may view must not make itself one that may more, nor lock
// its owner out.
func (s *Server) inPerson(c *gin.Context) {
	who, err := s.who(c)
	if err == nil && who.Via == people.ByToken {
		err = forbiddenError{inPerson}
	}
	s.guard(c, err)
}

// inPerson is what a program's token lacks on the pages of an account.
const inPerson people.Permission = "session"

// may reports whether who sent the request has the permission; not where the accounts cannot be asked.
func (s *Server) may(c *gin.Context, p people.Permission) bool {
	who, err := s.who(c)
	return err == nil && who.May(p)
}
