package apidoc

import (
	"net/http"
	"net/url"
	"strings"
)

// curl is a command line that carries the operation out, with the token in $TOKEN.
func (r *reader) curl(o Operation) string {
	path := o.Path
	query := url.Values{}
	lines := []string{`curl -H "Authorization: Bearer $TOKEN"`}
	for _, p := range o.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(p.Example))
		case p.In == "query" && p.Required:
			query.Set(p.Name, p.Example)
		case p.In == "header" && p.Name == "If-Match":
			lines = append(lines, "-H "+quoted(p.Name+": "+p.Example))
		}
	}
	if o.Method != http.MethodGet {
		lines[0] += " -X " + o.Method
	}
	switch {
	case o.Body == nil:
	case o.Body.Example != "":
		lines = append(lines, `-H "Content-Type: application/json"`, "-d "+quoted(o.Body.Example))
	default:
		lines = append(lines, "--data-binary @file")
	}
	address := r.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return strings.Join(append(lines, quoted(address)), " \\\n  ")
}

// quoted is a text that a POSIX shell leaves as it is.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
