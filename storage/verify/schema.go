package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"videoteca/docs"
)

// schemaBase makes addresses of the schemas' names. Nothing is fetched from it.
const schemaBase = "file:///schemas/"

// schemas are the published schemas, by name without extension.
type schemas map[string]*jsonschema.Schema

// compileSchemas compiles what the program carries; formats such as date-time are held to as well.
func compileSchemas() (schemas, error) {
	files, err := docs.Schemas()
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("listing the schemas: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading the schema %s: %w", name, err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err == nil {
			err = compiler.AddResource(schemaBase+name, document)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the schema %s: %w", name, err)
		}
	}
	compiled := schemas{}
	for _, name := range names {
		schema, err := compiler.Compile(schemaBase + name)
		if err != nil {
			return nil, fmt.Errorf("compiling the schema %s: %w", name, err)
		}
		compiled[strings.TrimSuffix(name, ".json")] = schema
	}
	return compiled, nil
}

// problem is why a document cannot stand as what it is.
type problem struct {
	kind   Kind
	detail string
}

// check holds a document to a schema. One of a later version is held to none, and gets NewerVersion.
func (s schemas) check(name string, data []byte) *problem {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return &problem{Undecodable, "it is no JSON: " + err.Error()}
	}
	if version, newer := laterVersion(value); newer {
		return &problem{NewerVersion, fmt.Sprintf("it has version %s, and this program knows 1", version)}
	}
	if err := s[name].Validate(value); err != nil {
		return &problem{Schema, "not as the schema " + name + " says: " + why(err)}
	}
	return nil
}

// laterVersion reports whether a document says that a later version of the program wrote it.
func laterVersion(value any) (version string, newer bool) {
	fields, _ := value.(map[string]any)
	for _, name := range []string{"version", "format"} {
		number, ok := fields[name].(interface {
			Int64() (int64, error)
			String() string
		})
		if !ok {
			continue
		}
		if n, err := number.Int64(); err == nil && n > 1 {
			return number.String(), true
		}
	}
	return "", false
}

// why is the first thing that is wrong, and where.
func why(err error) string {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return err.Error()
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	text := invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	return "/" + strings.Join(invalid.InstanceLocation, "/") + ": " + text
}
