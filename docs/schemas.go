// Package docs gives the program those documents about itself that it works with.
package docs

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed schemas/*.json
var schemas embed.FS

// Schemas is the published JSON Schemas (2020-12) of what a store holds, one file a kind of
// document: "video.json". They refer to each other by these names.
func Schemas() (fs.FS, error) {
	sub, err := fs.Sub(schemas, "schemas")
	if err != nil {
		return nil, fmt.Errorf("opening the schemas: %w", err)
	}
	return sub, nil
}
