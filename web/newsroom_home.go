package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"videoteca/archive"
	"videoteca/internal/report"
)

// homePage is what needs a person now.
type homePage struct {
	layout
	Lost     []report.Row    // sources found gone, the newest first
	LostMore int             // of them are not shown
	Marks    []marked        // held and disputed sources
	Bare     []archive.Video // without a caption
	BareAll  int             //
	Ahead    []archive.Loss  // what is purged within a week
	States   []narrowing     // all videos by state
	Problem  string          // the report cannot be read at present
}

// marked is a mark that needs a person, with some of the videos that have it.
type marked struct {
	narrowing
	Of []archive.Video
}

// Empty reports whether there is no video at all.
func (p homePage) Empty() bool { return len(p.States) == 0 && p.Quiet() }

// Here is the address of this page in another language.
func (p homePage) Here(lang string) string { return p.Path + "?lang=" + lang }

// Quiet reports whether nothing needs anybody.
func (p homePage) Quiet() bool {
	return len(p.Lost) == 0 && len(p.Marks) == 0 && len(p.Bare) == 0 && len(p.Ahead) == 0 && p.Problem == ""
}

// TitleOf is what a video is called, in the page's language.
func (p homePage) TitleOf(v archive.Video) string {
	title, _ := v.DisplayTitle(p.Lang)
	return title
}

// homeLength is how many items of each kind the page shows.
const homeLength = 5

// home is "/": the demo's story, else what needs a person.
func (s *Server) home(c *gin.Context) error {
	if s.stage != nil {
		return s.story(c)
	}
	return s.needs(c)
}

// needs is what needs a person now.
func (s *Server) needs(c *gin.Context) error {
	page := homePage{layout: s.layout(c, "home.title")}
	ctx := c.Request.Context()
	if err := s.needsOfCatalog(ctx, &page); err != nil {
		return err
	}
	s.needsOfReport(ctx, &page)
	return s.page(c, http.StatusOK, "newsroom/home", page)
}

func (s *Server) needsOfCatalog(ctx context.Context, page *homePage) error {
	bare, err := s.catalog.List(ctx, archive.Query{Caption: "no", Limit: homeLength})
	if err != nil {
		return fmt.Errorf("reading what needs a person: %w", err)
	}
	page.Bare = bare.Videos
	for _, kind := range []string{"state", "mark", "caption"} {
		facets, err := s.catalog.Facets(ctx, kind, mostLinks)
		if err != nil {
			return fmt.Errorf("reading what needs a person: %w", err)
		}
		for _, f := range facets {
			q := archive.Query{}.With(kind, f.Value)
			link := narrowing{Kind: f.Value, Label: page.filterLabel(kind, f.Value), Videos: f.Videos, Address: listPage{layout: page.layout}.address(q, page.Lang)}
			switch {
			case kind == "state":
				page.States = append(page.States, link)
			case kind == "caption" && f.Value == "no":
				page.BareAll = f.Videos
			case kind == "mark" && f.Value != "overruled":
				of, err := s.catalog.List(ctx, archive.Query{Mark: f.Value, Limit: homeLength})
				if err != nil {
					return fmt.Errorf("reading what needs a person: %w", err)
				}
				page.Marks = append(page.Marks, marked{link, of.Videos})
			}
		}
	}
	return nil
}

// needsOfReport fills in what the report and retention know. That they cannot be read at present is
// said on the page, and keeps nothing else from it.
func (s *Server) needsOfReport(ctx context.Context, page *homePage) {
	if s.audits != nil {
		read, err := s.audits.Report(ctx, page.Lang, false)
		if err != nil {
			page.Problem = page.T("home.noReport")
			s.logFault(ctx, err, faultOf(err))
		} else {
			page.lost(read.Rows)
		}
	}
	if s.retention != nil {
		ahead, err := s.retention.Ahead(ctx)
		if err != nil {
			page.Problem = page.T("home.noReport")
			s.logFault(ctx, err, faultOf(err))
		}
		page.Ahead = ahead[:min(len(ahead), homeLength)]
	}
}

func (p *homePage) lost(rows []report.Row) {
	for _, r := range rows {
		if r.Lost() {
			p.Lost = append(p.Lost, r)
		}
	}
	slices.SortStableFunc(p.Lost, func(a, b report.Row) int { return b.FirstBad.Compare(a.FirstBad) })
	p.LostMore = max(0, len(p.Lost)-homeLength)
	p.Lost = p.Lost[:min(len(p.Lost), homeLength)]
}
