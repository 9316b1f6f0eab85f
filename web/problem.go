package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// The parts of a request in which a field may stand, as problems locate it.
const (
	inPath   = "path."
	inQuery  = "query."
	inHeader = "header."
	inBody   = "body."
)

// placedError says in which part of a request the field of an error stands, where that does not
// follow from the request's method.
type placedError struct {
	where string
	error
}

func (e placedError) Unwrap() error { return e.error }

// problem writes a fault as RFC 9457 has it, in English: it is for programs and
// for whoever writes them. Fields are located under where, unless the error itself says.
func (s *Server) problem(ctx context.Context, f fault, where string) *huma.ErrorModel {
	p := &huma.ErrorModel{Status: f.status, Title: titleOf(f.status), Detail: s.texts.Text("en", messageOf(f)+"Text")}
	switch {
	case f.status == http.StatusUnauthorized:
		p.Detail = "send a token, as Authorization: Bearer; people make theirs under Account"
	case f.needs == inPerson:
		p.Detail = "accounts are changed by a person who has signed in, never by a token; open the page in a browser"
	case f.needs != "":
		p.Detail = fmt.Sprintf("this needs the permission %q, which this token or account has not", f.needs)
	case f.field != nil:
		p.Detail = f.field.Error()
		p.Errors = []*huma.ErrorDetail{{Location: cmp.Or(f.where, where) + f.field.Field, Message: f.field.Problem + "; " + f.field.Cure}}
	case f.status == http.StatusPreconditionFailed:
		p.Errors = []*huma.ErrorDetail{{Location: inHeader + "If-Match", Message: "the video is not as this ETag names it; read it again and repeat the change"}}
	case f.owner != nil:
		p.Detail = fmt.Sprintf("%s; see /api/v1/videos/%s", f.owner.Error(), f.owner.Owner)
	}
	if f.status >= http.StatusInternalServerError {
		p.Instance = "urn:videoteca:request:" + requestID(ctx)
	}
	return p
}

// writeJSON keeps a Content-Type that has been set.
func writeJSON(c *gin.Context, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil { // our own types, all of which can be written
		panic(err)
	}
	if c.Writer.Header().Get("Content-Type") == "" {
		c.Header("Content-Type", "application/json")
	}
	c.Status(status)
	_, _ = c.Writer.Write(append(data, '\n')) // nobody is left to be told
}

// titleOf knows a status more than net/http.
func titleOf(status int) string {
	if status == statusChecksum {
		return "Checksum Mismatch"
	}
	return http.StatusText(status)
}
