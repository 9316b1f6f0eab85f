package web

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"videoteca/internal/people"
	"videoteca/web/apidoc"
)

// docsPage is the API for people who write programs. What it says of operations is the OpenAPI
// document's, in English.
type docsPage struct {
	layout
	apidoc.Document
	Base string
}

// Here is the address of this page in another language.
func (docsPage) Here(lang string) string { return "/api/v1/docs?lang=" + lang }

// With is a table of fields, for the part of the template that shows them.
func (p docsPage) With(fields []apidoc.Field) fieldTable { return fieldTable{p, fields} }

// fieldTable is the fields of something.
type fieldTable struct {
	Page   docsPage
	Fields []apidoc.Field
}

// Granting are the roles that have a permission, in the page's language.
func (p docsPage) Granting(permission string) []string {
	var names []string
	for _, role := range people.Roles() {
		if slices.Contains(role.Grants(), people.Permission(permission)) {
			names = append(names, p.T("role."+string(role)))
		}
	}
	return names
}

// docs is /api/v1/docs. The document is read once, at start.
func (s *Server) docs(api huma.API) func(*gin.Context) error {
	document := apidoc.Read(api.OpenAPI(), s.baseURL())
	return func(c *gin.Context) error {
		return s.page(c, http.StatusOK, "newsroom/api", docsPage{layout: s.layout(c, "apidoc.title"), Document: document, Base: s.baseURL()})
	}
}
