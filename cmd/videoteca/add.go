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
	items := []web.APIRegistered{} // a list in JSON, also of none
	var failed error
	for i, address := range urls {
		if len(urls) > 1 {
			fmt.Fprintf(c.err, "[%d/%d] %s\n", i+1, len(urls), oneLine(address))
		}
		done, err := a.register(ctx, n, address)
		if err != nil {
			if ctx.Err() != nil {
				failed = err
				break
			}
			if failed == nil {
				failed = err
			}
			if len(urls) > 1 {
				fmt.Fprintf(c.err, "        %v\n", err)
			}
			continue
		}
		items = append(items, web.NewAPIRegistered(done, base, ""))
		if !s.JSON {
			a.print(c.out, done)
		}
	}
	if s.JSON {
		failed = errors.Join(failed, writeJSON(c.out, listOf[web.APIRegistered]{Items: items}))
	}
	return failed
}

// listOf is how a list looks in JSON, here and in the API.
type listOf[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

func (a addCommand) register(ctx context.Context, n *newsroom, address string) (archive.Registered, error) {
	if a.To == "" {
		return n.library.Register(ctx, archive.Registration{URL: address, Article: a.Article, ArticleLanguage: a.Language})
	}
	id, err := archive.ParseVideoID(a.To)
	if err != nil {
		return archive.Registered{}, err
	}
	return n.library.AddSource(ctx, id, address, "")
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
