package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

const (
	apiBody = 1 << 20 // bytes of a request's body

	// apiBodyTime must outlast the handlers: huma sets it as the connection's read
	// deadline and never takes it back, see readTime.
	apiBodyTime = readTime
)

// api registers the operations of the newsroom's API behind a group's guards.
// Huma's own pages are off: one loads its script from another host.
func (s *Server) api(r *gin.Engine, group *gin.RouterGroup) huma.API {
	config := huma.DefaultConfig("Videoteca", "1")
	config.Info.Description = "The newsroom's API. Errors are problem+json (RFC 9457); a rejected field is named with the cure."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Servers = []*huma.Server{{URL: s.baseURL()}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "The token that serve prints"},
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
	}
	config.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	api := humagin.NewWithGroup(r, group, config)
	s.readOperations(api)
	s.writeOperations(api)
	s.decisionOperations(api)
	uploadOperations(api)
	return api
}

// operate registers an operation whose errors go the way of all others.
func operate[I, O any](s *Server, api huma.API, op huma.Operation, h func(context.Context, *I) (*O, error)) {
	op.MaxBodyBytes, op.BodyReadTimeout = apiBody, apiBodyTime
	op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusUnauthorized, http.StatusServiceUnavailable)
	where := "body."
	if op.Method == http.MethodGet {
		where = "query."
	}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, s.apiFault(ctx, err, where)
		}
		return out, nil
	})
}

// apiFault logs an error and turns it into what programs get to see.
func (s *Server) apiFault(ctx context.Context, err error, where string) error {
	if errors.Is(err, errNotModified) {
		return huma.Status304NotModified()
	}
	f := faultOf(err)
	s.logFault(ctx, err, f)
	problem := s.problem(ctx, f, where)
	if f.status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(problem, http.Header{"Retry-After": {retryAfter}})
	}
	return problem
}

// description serves the OpenAPI document, which is written once, at start.
func (s *Server) description(api huma.API) func(*gin.Context) error {
	document, err := json.Marshal(api.OpenAPI())
	return func(c *gin.Context) error {
		if err != nil {
			return fmt.Errorf("writing the API's description: %w", err)
		}
		c.Header("Cache-Control", "no-cache")
		c.Header("Content-Type", "application/openapi+json")
		c.Header("ETag", etagOf(document))
		s.serve(c, document, time.Time{})
		return nil
	}
}
