// Package webpage reads pages that somebody else publishes, an article above all, as UTF-8.
// The client that it is given decides what may be reached: see internal/safehttp.
package webpage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"golang.org/x/net/html/charset"

	"videoteca/internal/safehttp"
)

// Page is a page as it was read.
type Page struct {
	Address string // after redirects
	HTML    []byte // UTF-8
	Cut     bool   // it was longer than the reader takes
}

// What a page may be wrong in. Errors of Read wrap one of these, or are the network's.
var (
	ErrStatus = errors.New("the page is not there")   // any answer but 200
	ErrNoHTML = errors.New("it is no HTML page")      // a picture, a PDF
	ErrAway   = errors.New("the page cannot be read") // no answer, or one that the guard refuses
)

// Reader reads pages. The zero value reads nothing: Client is required.
type Reader struct {
	Client *http.Client
	Most   int64 // bytes of a page; 0: 4 MiB, where articles have a few hundred KiB
}

const defaultMost = 4 << 20

// Read fetches a page. A page that is too long is cut, which costs at most what stands at its end.
func (r Reader) Read(ctx context.Context, address string) (Page, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Page{}, fmt.Errorf("%w: %w", ErrAway, err)
	}
	q.Header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1")
	a, err := r.Client.Do(q)
	if err != nil {
		return Page{}, fmt.Errorf("%w: %w", ErrAway, err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return Page{}, fmt.Errorf("%w: it answers %s", ErrStatus, a.Status)
	}
	kind := a.Header.Get("Content-Type")
	if media, _, _ := mime.ParseMediaType(kind); media != "" && media != "text/html" && media != "application/xhtml+xml" {
		return Page{}, fmt.Errorf("%w but %s", ErrNoHTML, media)
	}
	page := Page{Address: a.Request.URL.String()}
	if page.HTML, page.Cut, err = r.body(a.Body); err != nil {
		return Page{}, fmt.Errorf("%w: reading %s: %w", ErrAway, page.Address, err)
	}
	if page.HTML, err = asUTF8(page.HTML, kind); err != nil {
		return Page{}, fmt.Errorf("%w: decoding %s: %w", ErrNoHTML, page.Address, err)
	}
	return page, nil
}

func (r Reader) body(from io.Reader) (data []byte, cut bool, err error) {
	most := r.Most
	if most == 0 {
		most = defaultMost
	}
	data, err = io.ReadAll(io.LimitReader(from, most+1))
	if errors.Is(err, safehttp.ErrTooLarge) {
		return data, true, nil
	}
	if int64(len(data)) > most {
		return data[:most], true, err
	}
	return data, false, err
}

// asUTF8 decodes by the header, the page's own declaration or its first bytes, in the order of the HTML standard.
func asUTF8(data []byte, kind string) ([]byte, error) {
	encoding, _, _ := charset.DetermineEncoding(data[:min(len(data), 1024)], kind)
	decoded, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return nil, err
	}
	return []byte(strings.ToValidUTF8(string(decoded), "\ufffd")), nil
}
