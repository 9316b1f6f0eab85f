package wayback

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"videoteca/archive"
)

// spn is an answer of Save Page Now 2 to an order or to a question after a job. Troubles
// come with status 200, a status_ext, and no job.
type spn struct {
	Job       string `json:"job_id"`
	Status    string `json:"status"` // pending, success, error
	StatusExt string `json:"status_ext"`
	Message   string `json:"message"`
	Timestamp string `json:"timestamp"`
	Original  string `json:"original_url"` // after redirects
}

// jobForm is what a job's id may consist of, since it is put into an address: "spn2-" and
// hexadecimal digits, in the documentation a UUID.
var jobForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,200}$`)

// Save asks for a capture of a page as it is now and returns the job that makes it, for
// Status. It returns ErrKeys, ErrBusy, ErrUnclear, ErrNotPublic, or a *RefusedError. It waits
// for its turn: 7 captures a minute.
func (c *Client) Save(ctx context.Context, page string) (job string, err error) {
	page, err = publicPage(page)
	if err != nil {
		return "", err
	}
	if !c.Keyed() {
		return "", fmt.Errorf("%w: there are none", ErrKeys)
	}
	err = c.ask(ctx, exchange{
		address: c.o.SaveBase, signed: true, pace: c.saves, timeout: saveTimeout,
		order: url.Values{"url": {page}, "skip_first_archive": {"1"}}, // not told whether it is the first: faster
		read: func(status int, body io.Reader) error {
			answer, err := c.read(status, body)
			if err == nil {
				job, err = c.accepted(answer)
			}
			return err
		},
	})
	if err != nil {
		return "", fmt.Errorf("asking for a capture: %w", err)
	}
	return job, nil
}

// accepted is the job of an order.
func (c *Client) accepted(answer spn) (string, error) {
	if answer.Job == "" {
		return "", c.refused(answer)
	}
	if !jobForm.MatchString(answer.Job) {
		return "", unclear("a job that is none")
	}
	return answer.Job, nil
}

// Status asks what has become of a job. Done says that it has ended: with a memento, or with
// a *RefusedError. A job that the archive does not know, or no longer, gets ErrNoJob.
// The memento's address has the page that was captured after redirects. It may take hours
// until the archive's index, and so Lookup, knows it.
func (c *Client) Status(ctx context.Context, job string) (m archive.Memento, done bool, err error) {
	if !jobForm.MatchString(job) {
		return archive.Memento{}, true, ErrNoJob
	}
	err = c.ask(ctx, exchange{
		address: c.o.SaveBase + "/status/" + job, signed: true, pace: c.smalls, timeout: smallTimeout, tries: maxTries,
		read: func(status int, body io.Reader) error {
			if status == http.StatusNotFound {
				done = true
				return ErrNoJob
			}
			answer, err := c.read(status, body)
			if err == nil {
				m, done, err = c.outcome(answer)
			}
			return err
		},
	})
	if err != nil {
		return archive.Memento{}, done, fmt.Errorf("asking after a capture: %w", err)
	}
	return m, done, nil
}

// outcome is what has become of a job.
func (c *Client) outcome(answer spn) (archive.Memento, bool, error) {
	switch answer.Status {
	case "pending":
		return archive.Memento{}, false, nil
	case "error":
		return archive.Memento{}, true, c.refused(answer)
	case "success":
		at, ok := stampOf(answer.Timestamp)
		page, err := publicPage(answer.Original)
		if !ok || err != nil {
			return archive.Memento{}, false, unclear("a capture without time or page")
		}
		return c.memento(page, at), true, nil
	}
	return archive.Memento{}, false, unclear("a job in no known state")
}

// read takes an answer of Save Page Now in. Refusals of keys come as such, or as a message.
func (c *Client) read(status int, body io.Reader) (spn, error) {
	data, err := whole(body)
	if err != nil {
		return spn{}, err
	}
	answer, err := spnOf(data)
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden && answer.StatusExt == "":
		return spn{}, fmt.Errorf("%w: HTTP %d", ErrKeys, status)
	case err != nil:
		return spn{}, err
	case status != http.StatusOK && answer.StatusExt == "":
		return spn{}, unclear("HTTP %d", status)
	}
	return answer, nil
}

func spnOf(data []byte) (spn, error) {
	var answer spn
	if err := json.Unmarshal(data, &answer); err != nil {
		return spn{}, unclear("no JSON of Save Page Now")
	}
	return answer, nil
}

// refused is the error of an answer without a capture.
func (c *Client) refused(answer spn) error {
	message := c.hide(answer.Message)
	if answer.StatusExt == "" {
		if strings.Contains(strings.ToLower(message), "logged in") {
			return fmt.Errorf("%w: %s", ErrKeys, message)
		}
		return unclear("no job, and no reason: %q", message)
	}
	return &RefusedError{Code: c.hide(answer.StatusExt), Message: message, Refusal: RefusalOf(answer.StatusExt)}
}

// pageOf is the page of a memento of this archive.
func (c *Client) pageOf(m archive.Memento) string {
	return strings.TrimPrefix(m.URL, c.o.MementoBase+m.At.UTC().Format(stampForm)+"/")
}
