package youtube

import (
	"context"
	"log/slog"
	"net/http"

	"google.golang.org/api/option"
	yt "google.golang.org/api/youtube/v3"

	"videoteca/archive"
)

const (
	idsPerCall   = 50 // more get a 400
	unitsPerCall = 1  // refused and malformed ones too
)

// call is one call of the Data API.
type call struct {
	answer
	asked bool // false: there is no key or no quota, and nothing was asked
	err   error
}

// call makes a call about so many ids, again where its trouble passes; do makes one try.
func (a *Adapter) call(ctx context.Context, method string, ids int, do func(*yt.Service) error) call {
	var c call
	if a.o.Key == "" {
		return c
	}
	c.answer = a.patiently(ctx, func() answer {
		if a.budget.spend(ctx, unitsPerCall) != nil {
			return c.answer // of the try before, if there was one
		}
		c = a.callOnce(ctx, do)
		return c.answer
	})
	c.kept = a.evidence(method, c.answer)
	if why := c.silence(); c.asked && why != "" {
		a.o.Log.WarnContext(ctx, "Data API told nothing", slog.String("platform", a.o.Name),
			slog.String("method", method), slog.Int("ids", ids), slog.String("reason", a.hide(why)))
	}
	if quotaGone(c.err) {
		a.budget.gone(ctx)
	}
	return c
}

func (a *Adapter) callOnce(ctx context.Context, do func(*yt.Service) error) call {
	t := a.tape(jsonLimit)
	client := &http.Client{
		// WithHTTPClient drops WithAPIKey, so the key is added on the way.
		Transport: keyed{key: a.o.Key, next: t},
		// A redirect would carry the key to wherever it leads, in the Referer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	service, err := yt.NewService(ctx, option.WithHTTPClient(client), option.WithEndpoint(a.o.APIBase),
		// Without a logger of ours an environment variable makes the client log whole requests.
		option.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		got := a.noAnswer()
		got.fault = "the client cannot be made"
		return call{asked: true, answer: got, err: err}
	}
	err = do(service)
	return call{asked: true, answer: t.got, err: err}
}

// noAnswer stands for what the API was not asked.
func (a *Adapter) noAnswer() answer { return answer{host: hostOf(a.o.APIBase), at: a.o.Now().UTC()} }

// silence says why the call tells nothing of any id; empty if it may tell.
func (c call) silence() string {
	switch {
	case c.fault != "":
		return c.fault
	case c.err != nil && c.status == http.StatusOK:
		return reasonUnparsable
	case c.err != nil:
		return apiFault(c.answer, c.err)
	}
	return ""
}

// absent is the verdict on an id that is not among the items. It is believed
// only if the answer counts as many as it shows.
func absent(page *yt.PageInfo, shown int) verdict {
	if page == nil || page.TotalResults > int64(shown) {
		return unclear("the answer shows fewer than it counts")
	}
	return verdict{outcome: archive.Missing, reason: "not among the items"}
}

// quotaGone reports whether the API said that the day's units are used up.
func quotaGone(err error) bool {
	reason := apiReason(err)
	return reason == "quotaExceeded" || reason == "dailyLimitExceeded"
}
