package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
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
	config.Info.Description = apiIntroduction
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Servers = []*huma.Server{{URL: s.baseURL()}}
	session := sessionCookie
	if s.base.Scheme == "https" {
		session = secureSessionCookie
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "A token of one's own, made under Account, or the operator's"},
		"session": {Type: "apiKey", In: "cookie", Name: session},
	}
	config.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Tags, config.Transformers = apiTags(), []huma.Transformer{tellWhere}
	api := humagin.NewWithGroup(r, group, config)
	s.readOperations(api)
	s.evidenceOperations(api)
	s.articleOperations(api)
	s.writeOperations(api)
	s.undoOperation(api)
	s.sourceOperations(api)
	s.takedownOperations(api)
	s.decisionOperations(api)
	s.scanOperation(api)
	s.auditOperations(api)
	s.bulkOperations(api)
	uploadOperations(api)
	s.removalOperations(api)
	s.settingOperations(api)
	return api
}

const apiIntroduction = `The newsroom's API. A program sends a token of its own, as Authorization: Bearer.

Lists come in pages: pass the "next" of one as "after" of the next; the last has none. Errors are problem+json (RFC 9457), and
"errors" names where each fault is and the cure. A video and a setting have an ETag: sent back as If-None-Match it saves the
answer (304), as If-Match it keeps a change from undoing somebody else's (412).`

// Subjects of operations, by which the documentation groups them.
const (
	tagVideos    = "Videos"
	tagSources   = "Sources"
	tagTakedown  = "Taking down"
	tagEvidence  = "Evidence"
	tagArticles  = "Articles"
	tagAudit     = "Audit"
	tagMany      = "Many at once"
	tagFiles     = "Files"
	tagRetention = "Retention"
	tagSettings  = "Settings"
)

func apiTags() []*huma.Tag {
	return []*huma.Tag{
		{Name: tagVideos, Description: "Find, register and describe videos."},
		{Name: tagFiles, Description: "Copies, captions and a poster of the newsroom's own."},
		{Name: tagSources, Description: "Where a video can be watched upstream, in order of preference, and what they are."},
		{Name: tagArticles, Description: "Pages that embed videos."},
		{Name: tagTakedown, Description: "Withdraw and embargo, which can be undone; legal holds; and erasure, which cannot."},
		{Name: tagEvidence, Description: "What is known of a video's sources, since when and how, and who changed what."},
		{Name: tagAudit, Description: "What has become of the library's sources."},
		{Name: tagRetention, Description: "What platforms' terms do not let the newsroom keep for ever."},
		{Name: tagSettings, Description: "What people chose for the whole installation."},
		{Name: tagMany, Description: "One request for many videos. The answer says of each what became of it: one that fails stops none of the others."},
	}
}

// schemaName is the name of a type, and of a page of them: APIFacetList.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if item, paged := strings.CutPrefix(name, "APIPage"); paged {
		return item + "List"
	}
	return name
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
	op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
	where := inQuery
	if op.Method != http.MethodGet {
		where = inBody
	}
	if takesBody[I]() {
		op.Errors = append(op.Errors, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if takesMatch[I]() {
		op.Errors = append(op.Errors, http.StatusPreconditionFailed)
	}
	slices.Sort(op.Errors)
	op.Errors = slices.Compact(op.Errors)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, s.apiFault(ctx, err, where)
		}
		return out, nil
	})
}

// takesBody reports whether an input has a body.
func takesBody[I any]() bool {
	_, has := reflect.TypeFor[I]().FieldByName("Body")
	return has
}

// takesMatch reports whether an input has a precondition.
func takesMatch[I any]() bool {
	_, has := reflect.TypeFor[I]().FieldByName("IfMatch")
	return has
}

// apiFault logs an error and turns it into what programs get to see.
func (s *Server) apiFault(ctx context.Context, err error, where string) error {
	var same notModifiedError
	if errors.As(err, &same) {
		return huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"ETag": {string(same)}})
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
