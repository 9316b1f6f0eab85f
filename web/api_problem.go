package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// tellWhere completes the problems that huma writes by itself, before a handler is asked: each names
// the part of the request that is at fault, and none repeats a whole body.
func tellWhere(_ huma.Context, _ string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok || p.Status == http.StatusNotModified {
		return v, nil
	}
	at := func(location, message string) {
		p.Detail, p.Errors = message, []*huma.ErrorDetail{{Location: location, Message: message}}
	}
	switch p.Status {
	case http.StatusRequestEntityTooLarge:
		at("body", fmt.Sprintf("the body is too long; send less than %d bytes", apiBody))
	case http.StatusUnsupportedMediaType:
		at(inHeader+"Content-Type", "this type of body is not read; send JSON, as Content-Type: application/json")
	case http.StatusBadRequest:
		if len(p.Errors) == 0 && strings.Contains(p.Detail, "body is required") {
			at("body", "there is no body; send a JSON object")
		}
	}
	for _, e := range p.Errors {
		if e.Location == "body" || strings.HasPrefix(e.Message, "expected required property") {
			e.Value = nil // all that was sent
		}
		e.Location += missing(e.Message)
	}
	if p.Detail == "validation failed" && len(p.Errors) > 0 {
		p.Detail = p.Errors[0].Location + ": " + p.Errors[0].Message
	}
	return p, nil
}

// missing is what to add to the place of an object so that it names the property that is not in it.
func missing(message string) string {
	rest, ok := strings.CutPrefix(message, "expected required property ")
	name, _, ends := strings.Cut(rest, " to be present")
	if !ok || !ends {
		return ""
	}
	return "." + name
}
