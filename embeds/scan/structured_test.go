package scan_test

import (
	"slices"
	"strings"
	"testing"
)

// ld is a page's structured data.
func ld(json string) string { return `<script type="application/ld+json">` + json + `</script>` }

func TestVideosOfStructuredDataAreFoundWhereverTheyStand(t *testing.T) {
	const video = `"name":"Reunión","embedUrl":"https://www.youtube.com/embed/SQEQr7c0-dw"`
	found := []string{"metadata youtube:SQEQr7c0-dw Reunión"}
	for name, tt := range map[string]struct {
		json string
		want []string
	}{
		"by itself":                {`{"@type":"VideoObject",` + video + `}`, found},
		"with the whole type":      {`{"@type":"https://schema.org/VideoObject",` + video + `}`, found},
		"of several types":         {`{"@type":["CreativeWork","VideoObject"],` + video + `}`, found},
		"within an article":        {`{"@type":"NewsArticle","video":{"@type":"VideoObject",` + video + `}}`, found},
		"within a graph":           {`{"@graph":[{"@type":"WebPage"},{"@type":"VideoObject",` + video + `}]}`, found},
		"where embedUrl is none":   {`{"@type":"VideoObject","name":"Reunión","embedUrl":"","contentUrl":"https://youtu.be/SQEQr7c0-dw"}`, found},
		"an address of no text":    {`{"@type":"VideoObject","embedUrl":7,"contentUrl":["https://youtu.be/SQEQr7c0-dw"]}`, nil},
		"a type of no text":        {`{"@type":7,` + video + `}`, nil},
		"of another type":          {`{"@type":"VideoGame",` + video + `}`, nil},
		"broken":                   {`{"@type":"VideoObject",` + video, nil},
		"deeper than anybody does": {strings.Repeat(`{"a":`, 40) + `{"@type":"VideoObject",` + video + `}` + strings.Repeat(`}`, 40), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(t, ld(tt.json)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
