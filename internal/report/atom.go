package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// newestEntries bounds a feed: readers ask for it every hour.
const newestEntries = 200

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Link    atomLink    `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Content string   `xml:"content"`
}

// WriteAtom writes the newest changes as a feed (RFC 4287) whose links begin with base, the
// installation's address. An entry's id never changes.
func (t *Texts) WriteAtom(w io.Writer, changes []Change, lang, base string, now time.Time) error {
	base = strings.TrimSuffix(base, "/")
	feed := atomFeed{
		Lang: lang, ID: base + "/audit.atom", Title: t.text(lang, "feed.title"), Author: "Videoteca", Updated: moment(now),
		Link: atomLink{"self", base + "/audit.atom?lang=" + lang},
	}
	if len(changes) > 0 {
		feed.Updated = moment(changes[0].At)
	}
	for _, c := range changes[:min(len(changes), newestEntries)] {
		feed.Entries = append(feed.Entries, atomEntry{
			ID:    fmt.Sprintf("tag:videoteca,2025:%s/%s/%s/%s", c.Video, url.PathEscape(c.Source), c.To, c.At.UTC().Format("20060102T150405.000000000Z")),
			Title: legible(t.text(lang, "feed.entry", "Title", c.Title, "To", t.state(lang, c.To))), Updated: moment(c.At),
			Link:    atomLink{"alternate", base + "/videos/" + c.Video + "/evidence?lang=" + lang},
			Content: legible(t.text(lang, "feed.content", "Source", c.Source, "From", t.state(lang, c.From), "To", t.state(lang, c.To), "Reason", cmp.Or(t.reasons.Words(lang, c.Reason), "–"))),
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the feed: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	err := e.Encode(feed)
	if err == nil {
		_, err = io.WriteString(w, "\n")
	}
	if err != nil {
		return fmt.Errorf("writing the feed: %w", err)
	}
	return nil
}

// legible drops what XML cannot hold: a platform's title may have control characters.
func legible(text string) string {
	return strings.Map(func(c rune) rune {
		if c < 0x20 && c != '\t' && c != '\n' || c == utf8.RuneError || c == 0xFFFE || c == 0xFFFF {
			return -1
		}
		return c
	}, text)
}
