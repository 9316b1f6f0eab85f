package scan

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// deepest is how many documents within frames of documents (srcdoc) are read.
const deepest = 3

// HTML finds the videos of a page, which must be UTF-8. It reads any bytes, in time and memory that
// grow with their number: pages are not put right first, as browsers do, for what stands at the wrong
// place of a tree stands there all the same.
func HTML(page []byte, o Options) Document {
	c := newCollector(o)
	c.read(page, 0)
	return c.document
}

// reader is where the walk through one page stands.
type reader struct {
	*collector
	depth int
	raw   atom.Atom // the element whose text comes next: script, style, title
	kind  string    // of a script
	link  int       // the place of the link that is open, or -1
	words strings.Builder
}

func (c *collector) read(page []byte, depth int) {
	r := &reader{collector: c, depth: depth, link: -1}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.closeLink()
			return
		case html.TextToken:
			r.text(string(z.Text()))
		case html.CommentToken:
			r.comment(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z.Token())
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				r.closeLink()
			}
			r.raw = 0
		}
	}
}

func (r *reader) text(text string) {
	switch r.raw {
	case atom.Script:
		r.script(text)
	case atom.Title:
		if r.depth == 0 && r.document.Title == "" {
			r.document.Title = label(text)
		}
	case atom.Style, atom.Textarea:
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript: // of which the tokenizer takes the content for text
		if r.depth < deepest {
			r.read([]byte(text), r.depth+1)
		}
	default:
		if r.link >= 0 {
			r.words.WriteString(text)
			return
		}
		r.lines(text)
	}
}

// lines finds addresses that have a line to themselves.
func (r *reader) lines(text string) {
	if !strings.Contains(text, "://") {
		return
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "http") && !strings.ContainsAny(line, " \t<>\"") {
			r.offer(Address, line, "")
		}
	}
}

func (r *reader) start(t html.Token) {
	r.raw = t.DataAtom
	attributes := map[string]string{}
	for _, a := range t.Attr {
		if _, met := attributes[a.Key]; !met { // as browsers have it, the first one counts
			attributes[a.Key] = a.Val
		}
	}
	e := element{t.Data, attributes}
	switch t.DataAtom {
	case atom.Html:
		if r.depth == 0 && r.document.Language == "" {
			r.document.Language = attributes["lang"]
		}
	case atom.Base:
		r.rebase(attributes["href"])
	case atom.Link, atom.Meta:
		r.meta(e)
	case atom.Script:
		r.kind = strings.ToLower(strings.TrimSpace(attributes["type"]))
	case atom.A:
		r.openLink(e)
	case atom.Img, atom.Image:
		r.image(e)
	default:
		r.embedded(e)
	}
}

func (r *reader) rebase(href string) {
	if absolute := r.resolve(href); absolute != "" && r.depth == 0 {
		if base, err := r.base.Parse(absolute); r.base != nil && err == nil {
			r.base = base
		}
	}
}

func (r *reader) openLink(e element) {
	r.closeLink()
	r.words.Reset()
	r.link = r.offer(Link, e.attributes["href"], e.attributes["title"])
	r.stand(e)
}

func (r *reader) closeLink() {
	if r.link >= 0 {
		if f := &r.document.Found[r.link]; f.Label == "" {
			f.Label = label(r.words.String())
		}
	}
	r.link = -1
}

// image sees the newsroom's own figures, by their shape alone: a link to /v/{id} that holds a picture.
func (r *reader) image(e element) {
	if r.link >= 0 {
		f := &r.document.Found[r.link]
		if f.Video != "" {
			f.Form = Snippet
		}
		if f.Label == "" {
			f.Label = label(e.attributes["alt"])
		}
	}
	r.stand(e)
}
