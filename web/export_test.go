package web

import (
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"videoteca/internal/people"
)

// AddPage adds a page of the newsroom, whose template is text, as the pages that
// come with the program are added.
func (s *Server) AddPage(path, text string) error {
	t, err := template.New("layout.html").Parse(text)
	if err != nil {
		return err
	}
	s.pages.byName[path] = t
	get(s.engine.Group("/", s.checkHost, s.require(people.View)), path, s.handle(func(c *gin.Context) error {
		return s.page(c, http.StatusOK, path, s.layout(c, "login.title"))
	}))
	return nil
}

// Routes is every method and path that the server knows.
func (s *Server) Routes() gin.RoutesInfo { return s.engine.Routes() }
