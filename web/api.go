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

	"videoteca/internal/people"
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
		"token":   {Type: "http", Scheme: "bearer", Description: "A token of one's own, made under Account, or the operator's"},
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
	}
	config.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	api := humagin.NewWithGroup(r, group, config)
	s.readOperations(api)
	s.writeOperations(api)
	s.decisionOperations(api)
	s.scanOperation(api)
	s.bulkOperations(api)
	uploadOperations(api)
	s.settingOperations(api)
	return api
}

// permitted is the extension by which the description says what an operation needs.
const permitted = "x-permission"

// permit lets through whoever has one of the permissions, before the body is read.
func (s *Server) permit(op *huma.Operation, permissions []people.Permission) {
	op.Errors = append(op.Errors, http.StatusForbidden)
	op.Extensions = map[string]any{permitted: permissions}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		c := humagin.Unwrap(ctx)
		if err := s.admit(c, permissions...); err != nil {
			s.fail(c, err)
			return
		}
		next(ctx)
	})
}

// operate registers an operation that needs one of the permissions, and whose errors go the way of all others.
func operate[I, O any](s *Server, api huma.API, op huma.Operation, h func(context.Context, *I) (*O, error), permissions ...people.Permission) {
	s.permit(&op, permissions)
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
