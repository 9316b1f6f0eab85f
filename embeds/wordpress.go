package embeds

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
)

// plugin is the WordPress plugin before it is told the installation's origins.
//
//go:embed plugin/videoteca.php plugin/readme.txt
var plugin embed.FS

// originHost is what may stand for a host in the plugin: nothing that could end a
// string, a comment or a pattern of PHP.
var originHost = regexp.MustCompile(`^[0-9\p{L}.-]+(:[0-9]{1,5})?$|^\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?$`)

// errOrigin says that a base URL is not scheme and host.
var errOrigin = errors.New("not an origin such as https://videos.example.org")

// WordPressPlugin is /wordpress.zip for an installation that is or has been
// published under these base URLs, the present one first. The same base URLs give
// the same bytes. A base URL that is more than scheme and host is refused, since
// it becomes part of a program.
func (r *Renderer) WordPressPlugin(bases ...string) (Document, error) {
	origins, err := pluginOrigins(bases)
	if err != nil {
		return Document{}, fmt.Errorf("writing the WordPress plugin: %w", err)
	}
	fill := strings.NewReplacer("'ORIGINS'", phpList(origins), "{origin}", origins[0])
	var out bytes.Buffer
	if err := writePlugin(&out, fill); err != nil {
		return Document{}, fmt.Errorf("writing the WordPress plugin: %w", err)
	}
	return Document{Status: 200, Header: map[string]string{
		"Content-Type":           "application/zip",
		"Content-Disposition":    `attachment; filename="videoteca.zip"`,
		"X-Content-Type-Options": "nosniff",
	}, Body: out.Bytes()}, nil
}

// pluginOrigins are the base URLs without their slash, each checked.
func pluginOrigins(bases []string) ([]string, error) {
	var origins []string
	for _, base := range bases {
		u, err := url.Parse(base)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !originHost.MatchString(u.Host) {
			return nil, fmt.Errorf("%q: %w", base, errOrigin)
		}
		if origin := u.Scheme + "://" + u.Host; base == origin || base == origin+"/" {
			origins = append(origins, origin)
			continue
		}
		return nil, fmt.Errorf("%q: %w", base, errOrigin)
	}
	if len(origins) == 0 {
		return nil, errOrigin
	}
	return origins, nil
}

// phpList is the elements of a PHP array of strings. In single quotes a string
// knows two escapes: https://www.php.net/manual/language.types.string.php
func phpList(values []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace
	var list []string
	for _, v := range values {
		list = append(list, "'"+escape(v)+"'")
	}
	return strings.Join(list, ", ")
}

// writePlugin packs the plugin's files. They have no time of their own, and that of
// packing would make each answer another one: they get the earliest that a zip holds.
func writePlugin(to *bytes.Buffer, fill *strings.Replacer) error {
	earliest := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	archive := zip.NewWriter(to)
	entries, err := fs.ReadDir(plugin, "plugin")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := fs.ReadFile(plugin, path.Join("plugin", entry.Name()))
		if err != nil {
			return err
		}
		file, err := archive.CreateHeader(&zip.FileHeader{Name: "videoteca/" + entry.Name(), Method: zip.Deflate, Modified: earliest})
		if err != nil {
			return err
		}
		if _, err := fill.WriteString(file, string(text)); err != nil {
			return err
		}
	}
	return archive.Close()
}
