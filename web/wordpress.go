package web

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/embeds"
)

// wordpress is /wordpress.zip, the plugin with this installation's addresses filled
// in. It is of no video; packed once, it is kept beside the pages.
func (s *Server) wordpress(c *gin.Context) error {
	a, err := s.rendered.document("wordpress", "", archive.Video{}, embeds.Options{}, s.headers.answered(false), func() (embeds.Document, error) {
		return s.embeds.WordPressPlugin(s.pluginBases()...)
	})
	if err != nil {
		return fmt.Errorf("packing the WordPress plugin: %w", err)
	}
	a.send(c)
	return nil
}

// pluginBases are the base URL and then its aliases. Of an alias only the host
// matters: the plugin knows links under it with either scheme.
func (s *Server) pluginBases() []string {
	bases := []string{s.baseURL()}
	for _, host := range slices.Sorted(maps.Keys(s.ours)) {
		if host != canonicalHost(s.base) {
			bases = append(bases, "https://"+host)
		}
	}
	return bases
}
