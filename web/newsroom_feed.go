package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"videoteca/internal/people"
)

// feedSecret is where the secret of a feed's address stands in its query.
const feedSecret = "feed"

// feedReader lets in whoever may view, and feed readers, who can send neither cookie nor header, by the secret in the
// address. The secret opens this route alone.
func (s *Server) feedReader(c *gin.Context) {
	secret := c.Query(feedSecret)
	if secret == "" || s.people == nil {
		s.guard(c, s.admit(c, people.View))
		return
	}
	who, err := s.people.Feed(c.Request.Context(), secret)
	if who, err = nobodyOr(who, err); err == nil && !who.May(people.Feed) {
		err = statusError(http.StatusUnauthorized)
	}
	if err == nil {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), whoKey{}, who))
	}
	s.guard(c, err)
}

func (s *Server) createFeed() func(*gin.Context) error {
	return s.onOwn("feed", func(ctx context.Context, _ *gin.Context, login string, _ url.Values) (string, error) {
		return s.people.CreateFeed(ctx, login)
	})
}

func (s *Server) revokeFeed() func(*gin.Context) error {
	return s.onOwn("feed-revoked", func(ctx context.Context, _ *gin.Context, login string, _ url.Values) (string, error) {
		return "", s.people.RevokeFeed(ctx, login, login)
	})
}

// feedAddress is what somebody gives their feed reader.
func (s *Server) feedAddress(secret, lang string) string {
	return s.baseURL() + "/audit.atom?" + url.Values{feedSecret: {secret}, "lang": {lang}}.Encode()
}
