package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"videoteca/archive"
	"videoteca/internal/posters"
	"videoteca/internal/spool"
	"videoteca/internal/webpage"
)

// Catalog is what this machine knows of videos. Video may ask the store for an id
// that is not known here; it fails with archive.ErrNotFound only if the store
// said so, else with archive.ErrUnavailable.
type Catalog interface {
	Video(ctx context.Context, id archive.VideoID) (archive.Video, error)
	List(ctx context.Context, q archive.Query) (archive.Page, error)

	// BySource finds the video that has a source, among those known on this machine;
	// archive.ErrNotFound where none has it.
	BySource(ctx context.Context, key archive.SourceKey) (archive.VideoID, error)

	// Facets are the values of one kind of filter, those of most videos first, at most n.
	Facets(ctx context.Context, kind string, n int) ([]archive.Facet, error)

	// ArticlesOf are the articles that embed a video, by address.
	ArticlesOf(ctx context.Context, v archive.Video) ([]archive.Article, error)

	// Articles are all articles, in pages by address. An After that no page gave gets an *archive.FieldError.
	Articles(ctx context.Context, q archive.ArticleQuery) (archive.ArticlePage, error)
}

// Library is what editors do; *archive.Library is the one there is. A change goes ahead only as
// archive.Seeing has it in the context.
type Library interface {
	Recognise(address string) (archive.Reference, error)
	Preview(ctx context.Context, address string) (archive.Preview, error)
	Register(ctx context.Context, r archive.Registration) (archive.Registered, error)
	RegisterMany(ctx context.Context, list []archive.Registration, how archive.Many)
	AddSource(ctx context.Context, id archive.VideoID, address, actor string) (archive.Registered, error)
	Prefer(ctx context.Context, id archive.VideoID, key archive.SourceKey, actor string) (archive.Video, error)
	AddCopy(ctx context.Context, id archive.VideoID, u archive.Upload, rights archive.Rights, actor string) (archive.Video, error)
	SetCaptions(ctx context.Context, id archive.VideoID, language string, u archive.Upload, actor string) (archive.Video, error)
	SetPoster(ctx context.Context, id archive.VideoID, u archive.Upload, actor string) (archive.Video, error)
	RemoveCopy(ctx context.Context, id archive.VideoID, digest, actor string) (archive.Video, error)
	RemoveCaptions(ctx context.Context, id archive.VideoID, language, actor string) (archive.Video, error)
	RemovePoster(ctx context.Context, id archive.VideoID, actor string) (archive.Video, error)
	Describe(ctx context.Context, id archive.VideoID, w archive.Words, actor string) (archive.Video, error)
	Rule(ctx context.Context, id archive.VideoID, key archive.SourceKey, as archive.Ruling, reason, actor string) (archive.Video, error)
	Withdraw(ctx context.Context, id archive.VideoID, explanation archive.Text, actor string) (archive.Video, error)
	Embargo(ctx context.Context, id archive.VideoID, until time.Time, actor string) (archive.Video, error)
	Publish(ctx context.Context, id archive.VideoID, actor string) (archive.Video, error)
	Hold(ctx context.Context, id archive.VideoID, reason, actor string) (archive.Video, error)
	LiftHold(ctx context.Context, id archive.VideoID, reason, actor string) (archive.Video, error)
	Label(ctx context.Context, id archive.VideoID, labels archive.Labels, actor string) (archive.Video, error)
	Reorder(ctx context.Context, id archive.VideoID, order []archive.SourceKey, actor string) (archive.Video, error)
	Move(ctx context.Context, id archive.VideoID, key archive.SourceKey, by int, actor string) (archive.Video, error)
	ReleaseHeld(ctx context.Context, id archive.VideoID, key archive.SourceKey, reason, actor string) (archive.Video, error)
}

// Articles reads a page that somebody else publishes. The address came from outside: the
// implementation guards what it reaches. Errors wrap those of package webpage.
type Articles interface {
	Read(ctx context.Context, address string) (webpage.Page, error)
}

// Checker asks the sources of videos at once and lets Judge change their standing.
type Checker interface {
	Check(ctx context.Context, ids []archive.VideoID, actor string) error

	// CheckSources asks these sources and no others of their videos.
	CheckSources(ctx context.Context, sources []SourceOf, actor string) error
}

// SourceOf names a source of a video.
type SourceOf struct {
	Video archive.VideoID
	Key   archive.SourceKey
}

// Background runs work beside the requests, with a context that ends with the service, and returns at once.
type Background func(work func(context.Context))

// Trouble takes hints that a source's player did not work. Report must not block, and
// says whether the hint will be followed.
type Trouble interface {
	Report(v archive.Video, key archive.SourceKey) bool
}

// Posters answers from memory or disk alone. A poster that is not here at present
// gets posters.ErrNotHeld, a video without a picture posters.ErrNoPoster.
type Posters interface {
	Poster(ctx context.Context, v archive.Video, width int) (posters.Picture, error)
}

// Health says whether this process can do more than serve what it knows.
type Health interface {
	Ready(ctx context.Context) ReadyReport
}

// ReadyReport is the state of what a process depends on.
type ReadyReport struct {
	Store       bool // whether the bucket answered
	PostersHeld int  // videos whose posters are on this machine
	PostersAll  int  // videos that have a picture
}

// Options wires a Server. BaseURL and the five interfaces are required, and a Token or People.
type Options struct {
	BaseURL        string   // public address: scheme and host, no path
	Aliases        []string // base URLs of earlier days, which stand in articles
	Listen         string   // the listener's own address, "127.0.0.1:8080"
	AllowedHosts   []string // further hosts under which the server may be asked
	TrustedProxies []string // addresses or CIDR ranges whose X-Forwarded-For is believed, in the log; none: nobody's
	Token          string   // the operator's, who may do everything; see NewToken. Empty: there is none
	AutoSignIn     bool     // sign in whoever is on this machine; without effect unless listener and base URL are loopback

	Catalog Catalog
	Library Library
	Checker Checker
	Posters Posters
	Health  Health

	// OfPlatform finds the video of an address at its platform, or fails with
	// archive.ErrNotFound. Where it is set, oEmbed answers for such addresses too, which tells
	// outsiders what is being prepared; nil: for our own alone.
	OfPlatform func(ctx context.Context, address string) (archive.VideoID, error)

	People         People                    // nil: there are no accounts, and the token is the only way in
	Eraser         Eraser                    // nil: nothing can be erased
	Merger         Merger                    // nil: duplicates cannot be merged
	Articles       Articles                  // nil: addresses of articles are not looked into
	Undoer         Undoer                    // nil: nothing can be undone
	History        History                   // nil: no activity is shown
	Retention      Retention                 // nil: everything is kept
	Verification   Verification              // nil: the store is not checked by itself
	Published      Published                 // nil: nothing is published as files
	Reports        Reports                   // nil: there is no audit page
	Settings       Settings                  // nil: nothing can be chosen, and there is no page of it
	Captures       Captures                  // what sources showed; nil: nothing is compared
	Media          Media                     // of copies and captions; nil: there are none
	Background     Background                // runs what outlives its request; nil: it is done before the answer
	Spool          *spool.Spool              // for files on their way in; nil: none are taken
	Trouble        Trouble                   // nil: players' errors are not asked for
	FrameAncestors []string                  // origins that may frame embeds of videos that name none; none: all
	StaleIfError   time.Duration             // how long caches may answer while this server fails; 0: not at all
	Stage          Stage                     // of the demo; nil: none
	Dossier        Dossier                   // nil: none are made
	Players        map[string]archive.Player // by name of the platform
	Version        string                    // of the program
	Metrics        *prometheus.Registry      // nil: one of its own
	Log            *slog.Logger              // nil: discarded
	Now            func() time.Time          // nil: time.Now
}

// shortestToken is the length of 256 bits in unpadded base64.
const shortestToken = 43

// check reports what is missing. It is a mistake of the caller's or of whoever chose the base URL.
func (o Options) check() error {
	for _, address := range append([]string{o.BaseURL}, o.Aliases...) {
		if _, err := parseBase(address); err != nil {
			return err
		}
	}
	if o.Token == "" && o.People == nil && !o.AutoSignIn {
		return errors.New("there is neither a token nor anybody with an account, so nobody could sign in")
	}
	if o.Token != "" && len(o.Token) < shortestToken {
		return fmt.Errorf("the token has %d characters; at least %d are needed", len(o.Token), shortestToken)
	}
	if o.Catalog == nil || o.Library == nil || o.Checker == nil || o.Posters == nil || o.Health == nil {
		return errors.New("catalog, library, checker, posters and health are required")
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.Media == nil {
		o.Media = noMedia{}
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// parseBase reads a base URL. The public addresses stand at the root of a host,
// so a path is refused.
func parseBase(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("base URL %q: give scheme and host, as https://videos.example.org", address)
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("base URL %q: give scheme and host alone; the pages need a host of their own", address)
	}
	return u, nil
}
