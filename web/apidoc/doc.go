// Package apidoc turns an OpenAPI document into what a page about it shows: operations by subject,
// each with tables of its parameters, bodies and answers, examples, and a command line to try it. It
// is a pure function of the document, and knows neither templates nor languages.
package apidoc

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Document is an API for people.
type Document struct {
	Introduction []string // paragraphs
	Groups       []Group
	Schemas      []Schema
}

// Group is the operations on one subject.
type Group struct {
	ID          string // of its heading: "taking-down"
	Name        string
	Description string
	Operations  []Operation
}

// Operation is one thing that a program can ask for.
type Operation struct {
	ID          string // "get-video"; also of its heading
	Method      string
	Path        string
	Summary     string
	Description string
	Permissions []string // of which one is needed
	Parameters  []Field
	Body        *Body
	Answers     []Answer
	Curl        string
}

// Field is a parameter, or a property of an object.
type Field struct {
	Name        string
	In          string // "path", "query", "header"; empty for a property
	Type        string // for people: "string", "list of integer"
	Schema      string // name of the schema that says more; empty for none
	Required    bool
	Description string
	Values      []string // that are allowed, where there are few
	Limits      string   // "0 to 500"
	Example     string
}

// Body is what is sent.
type Body struct {
	MediaType string
	Required  bool
	Schema    string // its name; empty where it is no object
	Fields    []Field
	Example   string // indented JSON; empty where it is no JSON
}

// Answer is what comes back.
type Answer struct {
	Status      string
	Description string
	MediaType   string
	Schema      string // name of the schema; empty for none
	Headers     []string
	Example     string // indented JSON, of answers that are no errors
}

// Failed reports whether it is an error.
func (a Answer) Failed() bool { return a.Status >= "400" }

// Successes are the answers that are no errors.
func (o Operation) Successes() []Answer {
	return slices.DeleteFunc(slices.Clone(o.Answers), Answer.Failed)
}

// Errors are the answers that are.
func (o Operation) Errors() []Answer {
	return slices.DeleteFunc(slices.Clone(o.Answers), func(a Answer) bool { return !a.Failed() })
}

// Schema is an object that bodies are made of.
type Schema struct {
	Name   string
	Fields []Field
}

// permission is the extension by which operations say what they need.
const permission = "x-permission"

// operationsOf are those of one path, in the order in which they are shown.
func operationsOf(p *huma.PathItem) []*huma.Operation {
	var list []*huma.Operation
	for _, o := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
		if o != nil {
			list = append(list, o)
		}
	}
	return list
}
