package wayback

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"videoteca/archive"
)

// timeMapLimit bounds a TimeMap: 8 MiB are some 50,000 mementos of one page.
const timeMapLimit = 8 << 20

// Lookup finds the memento of a page, among those that were kept with a status of 2xx, that
// lies nearest to near; a zero near means the newest. Where the archive truly answered that
// there is none it returns archive.ErrNotFound (wrapped). ErrBusy, ErrUnclear and ErrNotPublic
// say nothing of whether there is one.
func (c *Client) Lookup(ctx context.Context, page string, near time.Time) (archive.Memento, error) {
	page, err := publicPage(page)
	if err != nil {
		return archive.Memento{}, err
	}
	if at, found := c.closest(ctx, page, near); found {
		return c.memento(page, at), nil
	}
	if ctx.Err() != nil {
		return archive.Memento{}, fmt.Errorf("looking up an archived page: %w", context.Cause(ctx))
	}
	at, err := c.nearest(ctx, page, near)
	if err != nil {
		return archive.Memento{}, fmt.Errorf("looking up an archived page: %w", err)
	}
	return c.memento(page, at), nil
}

// closest asks the availability interface. Whatever is not a memento is no answer, so it
// has no error, and one try is enough: the TimeMap is asked then.
func (c *Client) closest(ctx context.Context, page string, near time.Time) (at time.Time, found bool) {
	query := url.Values{"url": {page}}
	if !near.IsZero() {
		query.Set("timestamp", near.UTC().Format(stampForm))
	}
	err := c.ask(ctx, exchange{
		address: c.o.AvailabilityBase + "?" + query.Encode(), pace: c.smalls, timeout: smallTimeout,
		read: func(status int, body io.Reader) error {
			if status != http.StatusOK {
				return unclear("HTTP %d", status)
			}
			data, err := whole(body)
			if err != nil {
				return err
			}
			at, found, err = closestOf(data, page)
			return err
		},
	})
	return at, found && err == nil
}

// nearest asks the TimeMap, which alone can say that there is none.
func (c *Client) nearest(ctx context.Context, page string, near time.Time) (best time.Time, err error) {
	err = c.ask(ctx, exchange{
		address: c.o.TimeMapBase + page, pace: c.timeMaps, timeout: timeMapTimeout, tries: maxTries,
		read: func(status int, body io.Reader) error {
			best, err = time.Time{}, nil
			switch status {
			case http.StatusOK:
			case http.StatusNotFound: // the index's other way to say so
				return nil
			default:
				return unclear("the TimeMap came with HTTP %d", status)
			}
			limited := &io.LimitedReader{R: body, N: timeMapLimit}
			best, err = nearestOf(limited, page, near)
			if !best.IsZero() {
				return nil // a list that is cut short still has it
			}
			return err
		},
	})
	if err == nil && best.IsZero() {
		return best, fmt.Errorf("a good memento: %w", archive.ErrNotFound)
	}
	return best, err
}
