package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"videoteca/archive"
	"videoteca/embeds"
	"videoteca/embeds/scan"
	"videoteca/internal/safehttp"
	"videoteca/internal/webpage"
)

// knownVideo is a video that is registered already.
type knownVideo struct {
	APIVideo
	video   archive.Video
	Poster  string          // path of the small one; empty for none
	Snippet *embeds.Snippet // the recommended one; nil where there is none to give
}

// find is one video of a list that was pasted, or that an article has.
type find struct {
	Address string // to be registered; empty for what cannot be
	Name    string // what the article calls it, else its address
	What    string // the form it has in a document, for people; empty for an address that was typed
	Known   *knownVideo
	Problem string // why it cannot be registered
	Chosen  bool   // ticked from the start
}

// finds are all of them.
type finds struct {
	Title     string // of the article; empty for a list that was pasted
	Article   string // its address
	Language  string // BCP 47
	Rows      []find
	Strangers int  // frames of the article that no platform knows
	Cut       bool // there is more than is shown
}

// Choosable reports whether any of them can be registered.
func (f finds) Choosable() bool {
	return slices.ContainsFunc(f.Rows, func(row find) bool { return row.Address != "" })
}

// webAddress reports whether an address could be that of a page, also as people type it.
func webAddress(address string) bool {
	_, err := archive.CanonicalAddress(address)
	return err == nil
}

// none says beside the field that nothing was found, if so.
func (p *newPage) none(problem string) int {
	if len(p.Many.Rows) > 0 {
		return http.StatusOK
	}
	p.Words.Problems = problems{"url": p.says(problem)}
	if n := p.Many.Strangers; n > 0 {
		p.Words.Problems["url"].Words += " " + p.T("new.strangers", "Count", n)
	}
	p.Many = nil
	return http.StatusUnprocessableEntity
}

// scanning is how documents at an address are read.
func (s *Server) scanning(base string) scan.Options {
	return scan.Options{Base: base, Own: s.own, Recognise: s.library.Recognise}
}

// lookInto reads an address that no platform knows as that of an article.
func (s *Server) lookInto(ctx context.Context, page *newPage, address string) int {
	if id, ok := s.ownVideo(address); ok {
		if page.Known = s.withSnippet(s.knownByID(ctx, page.Lang, id)); page.Known != nil {
			return http.StatusOK
		}
	}
	if s.articles == nil {
		page.Words.Problems = problems{"url": page.says("problem.url")}
		return http.StatusUnprocessableEntity
	}
	document, err := s.readArticle(ctx, address)
	if err != nil {
		s.log.InfoContext(ctx, "reading an article failed", slog.Any("error", err))
		page.Words.Problems = problems{"url": {Words: page.T("problem.article.is") + " " + page.T(articleProblem(err))}}
		return http.StatusUnprocessableEntity
	}
	page.Many = s.foundIn(ctx, document)
	page.Article = page.Many.Article
	return page.none("problem.noneInArticle")
}

// ownVideo reads an address of our own, of any of a video's pages and files, as the video it is about.
func (s *Server) ownVideo(address string) (archive.VideoID, bool) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !s.ours[canonicalHost(u)] {
		return "", false
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if id, err := archive.ParseVideoID(strings.TrimSuffix(segment, ".json")); err == nil {
			return id, true
		}
	}
	return "", false
}

// readArticle fetches a page and scans it. Its own word on its address counts where it stays on the host.
func (s *Server) readArticle(ctx context.Context, address string) (scan.Document, error) {
	read, err := s.articles.Read(ctx, address)
	if err != nil {
		return scan.Document{}, err
	}
	document := scan.HTML(read.HTML, s.scanning(read.Address))
	if !sameHost(document.Canonical, read.Address) {
		document.Canonical = read.Address
	}
	document.Cut = document.Cut || read.Cut
	return document, nil
}

func sameHost(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Host != "" && strings.EqualFold(x.Host, y.Host)
}

// articleProblem is the text that says why an article could not be read.
func articleProblem(err error) string {
	switch {
	case errors.Is(err, safehttp.ErrRefused):
		return "problem.article.refused"
	case errors.Is(err, webpage.ErrNoHTML):
		return "problem.article.noHTML"
	case errors.Is(err, webpage.ErrStatus):
		return "problem.article.status"
	}
	return "problem.article.away"
}

// foundIn lists what a document has. What its readers see is ticked.
func (s *Server) foundIn(ctx context.Context, d scan.Document) *finds {
	l := &finds{Title: d.Title, Article: d.Canonical, Strangers: len(d.Strangers), Cut: d.Cut}
	if archive.ValidLanguage(d.Language) {
		l.Language = d.Language
	}
	for _, f := range d.Found {
		row := find{Address: f.Address, Name: f.Label, What: string(f.Form), Chosen: f.Form.Shown()}
		switch {
		case f.Video != "":
			row.Known = s.knownByID(ctx, l.Language, f.Video)
			if row.Address = ""; row.Known != nil && len(row.Known.Sources) > 0 {
				row.Address = row.Known.Sources[0].URL // so that the article is noted
			}
		case f.Problem != nil:
			row.Problem, row.Address, row.Chosen = "problem.notAVideo", "", false
			row.Name = f.Address
		default:
			row.Known = s.known(ctx, l.Language, f.Reference.Key)
		}
		if row.Name == "" {
			row.Name = f.Address
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// listed says of each address what it is, without asking anybody for it.
func (s *Server) listed(ctx context.Context, lang string, addresses []string) *finds {
	l := &finds{}
	met := map[archive.SourceKey]bool{}
	for _, address := range addresses {
		row := find{Name: address}
		ref, err := s.library.Recognise(address)
		switch {
		case errors.Is(err, archive.ErrNotAVideo):
			row.Problem = "problem.notAVideo"
		case err != nil:
			row.Problem = "problem.url"
		case met[ref.Key]:
			row.Problem = "problem.twice"
		default:
			met[ref.Key] = true
			row.Address, row.Known = inFull(address), s.known(ctx, lang, ref.Key)
			row.Chosen = row.Known == nil
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// inFull adds the scheme that people leave out and programs need.
func inFull(address string) string {
	if strings.Contains(address, "://") {
		return address
	}
	return "https://" + strings.TrimPrefix(address, "//")
}

// known is the video that has a source; nil for none. The catalog may lag behind: registering
// decides.
func (s *Server) known(ctx context.Context, lang string, key archive.SourceKey) *knownVideo {
	id, err := s.catalog.BySource(ctx, key)
	if err != nil {
		if !errors.Is(err, archive.ErrNotFound) {
			s.log.WarnContext(ctx, "looking for a known source failed", slog.Any("error", err))
		}
		return nil
	}
	return s.knownByID(ctx, lang, id)
}

func (s *Server) knownByID(ctx context.Context, lang string, id archive.VideoID) *knownVideo {
	v, err := s.catalog.Video(ctx, id)
	if err != nil {
		return nil
	}
	return s.knownOf(lang, v)
}

func (s *Server) knownOf(lang string, v archive.Video) *knownVideo {
	k := &knownVideo{APIVideo: NewAPIVideo(v, s.baseURL(), lang), video: v}
	if _, ok := v.Poster(); ok {
		k.Poster = embeds.PosterPath(v.ID, 320)
	}
	return k
}

// withSnippet adds the recommended snippet, which a list of many has no use for.
func (s *Server) withSnippet(k *knownVideo) *knownVideo {
	if k == nil {
		return nil
	}
	if snippets, err := s.embeds.Snippets(k.video, s.optionsOf(embeds.Asked{})); err == nil && len(snippets) > 0 {
		k.Snippet = &snippets[0]
	}
	return k
}

// offer is what a source's words offer for a field.
type offer struct{ Name, Label, Value, Use string }

// Offer is for the partial of that name.
func (l layout) Offer(label, name, value string) offer {
	return offer{Name: name, Label: l.T(label), Value: value, Use: l.T("new.use")}
}
