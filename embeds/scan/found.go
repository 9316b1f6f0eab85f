package scan

import (
	"errors"
	"net/url"
	"strings"

	"videoteca/archive"
)

// Form is how a document refers to a video.
type Form string

// The forms, the most telling first. Where a document refers to one video in several, the first of
// these is kept.
const (
	Snippet  Form = "snippet"  // the newsroom's own embed: there is nothing to register
	Player   Form = "player"   // it plays in place: a frame, an object, a media element
	Facade   Form = "facade"   // a stand-in that a script replaces with the player
	Address  Form = "address"  // an address on a line of its own, which a CMS turns into a player
	Metadata Form = "metadata" // said of the page for machines: JSON-LD, Open Graph
	Link     Form = "link"     // somewhere in the text
	Picture  Form = "picture"  // a platform's thumbnail, maybe of another article's video
)

var order = []Form{Snippet, Player, Facade, Address, Metadata, Link, Picture} //nolint:gochecknoglobals // a constant, which Go has none of for slices

func rank(f Form) int {
	for i, one := range order {
		if one == f {
			return i
		}
	}
	return len(order)
}

// Shown reports whether readers of the document see the video itself, or were meant to.
func (f Form) Shown() bool { return rank(f) <= rank(Metadata) }

// Found is one video that a document refers to.
type Found struct {
	Form      Form
	Address   string            // absolute
	Reference archive.Reference // zero for the newsroom's own, and where Problem is set
	Video     archive.VideoID   // of the newsroom's own; empty for others
	Label     string            // what the document calls it: a frame's title, a link's text; may be empty
	Times     int               // how often it stands there
	Problem   error             // why a player's address names no single video: wraps archive.ErrNotAVideo
}

// Document is what was found.
type Document struct {
	Title     string
	Language  string   // as the document has it; may be no BCP 47 at all
	Canonical string   // absolute; empty where it names none
	Found     []Found  // in the order in which they first stand there
	Strangers []string // addresses of frames that no platform knows, each once
	Cut       bool     // there were more than mostFound
}

// Options say where a document stands and who knows addresses.
type Options struct {
	Base      string                                          // the document's own address; empty: relative addresses are passed over
	Own       []string                                        // the newsroom's origins, such as https://videos.example.org
	Recognise func(address string) (archive.Reference, error) // as archive.Platform; nil knows none
}

const (
	mostFound    = 2000 // of one document, so that none grows without bound
	longestLabel = 200  // bytes
	longestLook  = 4096 // bytes of an address: longer ones are data, or an attack
)

// collector gathers what is found.
type collector struct {
	o         Options
	base      *url.URL
	document  Document
	at        map[string]int // by key of what was found: the place in document.Found
	strangers map[string]bool
}

func newCollector(o Options) *collector {
	c := &collector{o: o, at: map[string]int{}, strangers: map[string]bool{}}
	if base, err := url.Parse(o.Base); err == nil && base.IsAbs() {
		c.base = base
	}
	return c
}

// resolve makes an address absolute; empty for what is none of the web.
func (c *collector) resolve(address string) string {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > longestLook {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if !u.IsAbs() {
		switch {
		case c.base != nil:
			u = c.base.ResolveReference(u)
		case u.Host != "":
			u.Scheme = "https"
		}
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// offer takes an address for what it is, and returns the place where it stands, or -1.
func (c *collector) offer(form Form, address, label string) int {
	absolute := c.resolve(address)
	if absolute == "" {
		return -1
	}
	if id, player, ok := c.own(absolute); ok {
		if player {
			form = Snippet
		}
		return c.keep("own "+string(id), Found{Form: form, Address: absolute, Video: id, Label: label})
	}
	if c.o.Recognise == nil {
		return -1
	}
	ref, err := c.o.Recognise(absolute)
	switch {
	case err == nil:
		return c.keep("source "+ref.Key.String(), Found{Form: form, Address: absolute, Reference: ref, Label: label})
	case errors.Is(err, archive.ErrNotAVideo) && (form == Player || form == Facade):
		return c.keep("address "+absolute, Found{Form: form, Address: absolute, Label: label, Problem: err})
	}
	return -1
}

// own recognises the newsroom's own addresses: /v/{id} and /e/{id}.
func (c *collector) own(absolute string) (id archive.VideoID, player, ok bool) {
	u, err := url.Parse(absolute)
	if err != nil {
		return "", false, false
	}
	kind, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if kind != "v" && kind != "e" {
		return "", false, false
	}
	for _, origin := range c.o.Own {
		if !strings.EqualFold(u.Scheme+"://"+u.Host, strings.TrimSuffix(origin, "/")) {
			continue
		}
		id, err := archive.ParseVideoID(strings.TrimSuffix(rest, "/"))
		return id, kind == "e", err == nil
	}
	return "", false, false
}

func (c *collector) keep(key string, f Found) int {
	f.Label = label(f.Label)
	if i, met := c.at[key]; met {
		c.document.Found[i].again(f)
		return i
	}
	if len(c.document.Found) >= mostFound {
		c.document.Cut = true
		return -1
	}
	f.Times = 1
	c.at[key] = len(c.document.Found)
	c.document.Found = append(c.document.Found, f)
	return c.at[key]
}

func (f *Found) again(other Found) {
	f.Times++
	if rank(other.Form) < rank(f.Form) {
		f.Form, f.Address, f.Reference = other.Form, other.Address, other.Reference
	}
	if f.Label == "" {
		f.Label = other.Label
	}
}

// stranger notes a frame that nobody knows. Some of them are videos that a newsroom would miss.
func (c *collector) stranger(address string) {
	absolute := c.resolve(address)
	if absolute == "" || c.strangers[absolute] || len(c.document.Strangers) >= mostFound {
		return
	}
	c.strangers[absolute] = true
	c.document.Strangers = append(c.document.Strangers, absolute)
}

// label puts a text on one line of bounded length.
func label(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) <= longestLabel {
		return text
	}
	return strings.ToValidUTF8(text[:longestLabel], "") + "…"
}
