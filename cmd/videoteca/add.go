package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"videoteca/archive"
	"videoteca/web"
)

type addCommand struct {
	URL      []string `arg:"" optional:"" help:"Addresses of videos."`
	From     string   `placeholder:"FILE" help:"Read addresses from a file, one a line; - is standard input. Lines that start with # are passed over."`
	To       string   `placeholder:"ID" help:"Add the addresses to this video, as mirrors."`
	Article  string   `placeholder:"URL" help:"The article that will embed the video."`
	Language string   `name:"lang" aliases:"language" env:"VIDEOTECA_LANG,VIDEOTECA_LANGUAGE" placeholder:"TAG" help:"The article's language, BCP 47: es, en."`
}

// Run registers each address. One that fails does not stop the others; the first
// failure decides the exit code.
func (a addCommand) Run(ctx context.Context, s *Settings, c console) error {
	urls, err := a.urls(c.in)
	if err != nil {
		return err
	}
	n, err := openFor(ctx, s, opening{founds: true}, c)
	if err != nil {
		return err
	}
	defer n.close()
	base, err := n.baseURL()
	if err != nil {
		return err
	}
	r := &registrar{add: a, urls: urls, base: base, console: c, json: s.JSON, items: make([]*web.APIRegistered, len(urls)), errs: make([]error, len(urls))}
	r.all(ctx, n)
	failed := r.failed()
	if s.JSON {
		failed = errors.Join(failed, writeJSON(c.out, listOf[web.APIRegistered]{Items: r.listed()}))
	}
	return failed
}

// registrar registers addresses and says what becomes of them.
type registrar struct {
	add     addCommand
	urls    []string
	base    string
	console console
	json    bool

	items []*web.APIRegistered // like the addresses; nil where one failed
	errs  []error              // likewise, nil where none did
}

func (r *registrar) all(ctx context.Context, n *newsroom) {
	if r.add.To != "" {
		r.mirrors(ctx, n)
		return
	}
	list := make([]archive.Registration, len(r.urls))
	for i, address := range r.urls {
		list[i] = archive.Registration{URL: address, Article: r.add.Article, ArticleLanguage: r.add.Language}
	}
	n.library.RegisterMany(ctx, list, archive.Many{
		Begin: func(i int) error { r.begin(i); return nil },
		End:   func(i int, done archive.Registered, err error) { r.end(ctx, i, done, err) },
	})
}

// mirrors adds the addresses to one video.
func (r *registrar) mirrors(ctx context.Context, n *newsroom) {
	id, wrong := archive.ParseVideoID(r.add.To)
	for i, address := range r.urls {
		r.begin(i)
		done, err := archive.Registered{}, wrong
		if err == nil {
			done, err = n.library.AddSource(ctx, id, address, "")
		}
		if r.end(ctx, i, done, err); ctx.Err() != nil {
			return
		}
	}
}

func (r *registrar) begin(i int) {
	if len(r.urls) > 1 {
		fmt.Fprintf(r.console.err, "[%d/%d] %s\n", i+1, len(r.urls), oneLine(r.urls[i]))
	}
}

// end says what became of an address. After an interruption there is nothing to say of what failed for it.
func (r *registrar) end(ctx context.Context, i int, done archive.Registered, err error) {
	if err == nil {
		item := web.NewAPIRegistered(done, r.base, "")
		if r.items[i] = &item; !r.json {
			r.add.print(r.console.out, done)
		}
		return
	}
	r.errs[i] = err
	if len(r.urls) > 1 && ctx.Err() == nil {
		fmt.Fprintf(r.console.err, "[%d/%d] failed: %v\n", i+1, len(r.urls), err)
	}
}

// failed is the first failure.
func (r *registrar) failed() error {
	for _, err := range r.errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// listed is what was registered, in the order of the addresses; a list in JSON, also of none.
func (r *registrar) listed() []web.APIRegistered {
	list := []web.APIRegistered{}
	for _, item := range r.items {
		if item != nil {
			list = append(list, *item)
		}
	}
	return list
}

// listOf is how a list looks in JSON, here and in the API.
type listOf[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

func (a addCommand) print(w io.Writer, done archive.Registered) {
	title, _ := done.Video.DisplayTitle("")
	word := "known"
	if done.New {
		word = "added"
	}
	fmt.Fprintf(w, "%s  %s  %s\n", done.Video.ID, word, oneLine(title))
	for _, note := range done.Notes {
		fmt.Fprintf(w, "              note: %s\n", oneLine(note))
	}
}

func (a addCommand) urls(in io.Reader) ([]string, error) {
	urls := a.URL
	if a.From != "" {
		more, err := readLines(a.From, in)
		if err != nil {
			return nil, err
		}
		urls = append(urls, more...)
	}
	if len(urls) == 0 {
		return nil, fmt.Errorf("%w: give at least one address, or --from a file", errUsage)
	}
	return urls, nil
}

func readLines(name string, in io.Reader) ([]string, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%w: --from: %w", errUsage, err)
		}
		defer f.Close()
		in = f
	}
	var lines []string
	scan := bufio.NewScanner(in)
	for scan.Scan() {
		// Editors of Windows begin a file with a byte order mark.
		if line := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\ufeff")); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return lines, nil
}
